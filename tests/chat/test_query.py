"""What can be asked: records that carry only what they need."""

from __future__ import annotations

from dataclasses import fields
from typing import get_args

import pytest

from moviechat.chat.query import AskFact, Query, Recommend, Told, Turn, Unclear
from moviechat.chat.wish import Wish


def test_every_query_is_frozen_and_compared_by_value() -> None:
    for kind in get_args(Query):
        assert kind.__dataclass_params__.frozen, kind
        assert "__slots__" in vars(kind), kind
    assert AskFact(("tt01",), ("year",)) == AskFact(("tt01",), ("year",))
    assert Unclear("film") != Unclear("list")


def test_a_query_holds_tconsts_and_words_and_no_film() -> None:
    told = {f.name for kind in get_args(Query) for f in fields(kind)}
    assert not told & {"movie", "movies", "passages"}


def test_a_turn_tells_nothing_by_itself() -> None:
    turn = Turn(Recommend(Wish()))
    assert turn.told == Told((), (), ())
    with pytest.raises(AttributeError):
        turn.query = Unclear("all")  # type: ignore[misc]
