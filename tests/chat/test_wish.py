"""A wish as it is handed to the ranking."""

from __future__ import annotations

import pytest

from moviechat.chat.wish import Like, Wish
from moviechat.limits import Limits


def test_a_wish_asks_for_nothing_by_itself() -> None:
    wish = Wish()
    assert (wish.limits, wish.order, wish.count, wish.like) == (Limits(), "fit", None, ())


def test_wishes_are_equal_by_what_they_ask() -> None:
    assert Wish(words="bus", like=(Like("tt01"),)) == Wish(words="bus", like=(Like("tt01", 1.0),))
    assert Wish(words="bus") != Wish(words="bus", order="rating")


def test_a_wish_cannot_be_changed_in_place() -> None:
    with pytest.raises(AttributeError):
        Wish().words = "bus"  # type: ignore[misc]
