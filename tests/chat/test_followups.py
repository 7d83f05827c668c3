"""Messages that may come next."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from moviechat.chat.find import Result
from moviechat.chat.followups import suggestions
from moviechat.chat.query import AskCredits, AskFact, AskPlot, Compare, Identify, Query, Recommend, SmallTalk
from moviechat.chat.recommend import Picked
from moviechat.chat.relax import relaxations
from moviechat.chat.session import Session
from moviechat.chat.taste import Taste
from moviechat.chat.wish import Wish
from moviechat.limits import Limits
from moviechat.schema import Movie

FILM = Movie("tt01", "Parasite", "Gisaengchung", 2019, 132, ("Drama",), 8.5, 1000)
QUERIES: list[Query] = [
    AskFact(("tt01",), ("year",)),
    AskPlot(("tt01",), "what happens?"),
    AskCredits(("Ana de Armas",)),
    Compare(("tt01",), "year"),
    Identify("a poor family"),
    Recommend(Wish()),
]


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: type(query).__name__)
def test_a_few_messages_come_next_and_none_twice(query: Query) -> None:
    found = suggestions(Result(query, (FILM,)))
    assert 0 < len(found) <= 3 and len(set(found)) == len(found)


def test_what_was_asked_is_not_suggested_again() -> None:
    for field, question in (("directors", "who directed it?"), ("cast", "who is in it?")):
        assert question not in suggestions(Result(AskFact(("tt01",), (field,)), (FILM,)))


def test_a_wish_is_not_narrowed_by_what_it_says_already() -> None:
    wide, short = Recommend(Wish()), Recommend(Wish(Limits(runtime_max=90, year_min=2020)))
    assert {"anything shorter?", "something newer"} <= set(suggestions(Result(wide, (FILM,))))
    assert not {"anything shorter?", "something newer"} & set(suggestions(Result(short, (FILM,))))


def test_where_nothing_fits_the_limit_that_excludes_is_to_be_given_up(shelf: Any, taste: Taste) -> None:
    films, limits = shelf.films, Limits(genres_all=("Horror",), runtime_max=60)
    found = relaxations(limits, films, taste, np.ones(len(films.movies), np.bool_))
    assert suggestions(Result(Recommend(Wish(limits)), picked=Picked((), found, 0, 0))) == ("any length",)


def test_small_talk_has_no_follow_ups() -> None:
    assert suggestions(Result(SmallTalk("thanks"))) == ()


@pytest.mark.parametrize(
    "first", ["who directed Parasite?", "a comedy", "what is Soul about?", "is Us as long as Nope?"]
)
def test_what_is_suggested_is_understood(first: str, session: Session) -> None:
    for message in session.ask(first).suggestions:
        assert session.ask(message).understood.intent not in ("Unclear", "SmallTalk", "NotHere", ""), message
