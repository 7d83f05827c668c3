from typing import Any

import pytest

from moviechat.chat.reading import read
from moviechat.words import fold


class Cautious:
    """Links a title only where it is the whole text, or where `sure` says so; knows the films that are named below."""

    titles = ("Joker", "1917", "Blue", "Two", "Love", "Maria", "Hutch", "Nobody", "Dune: Part One")

    def __init__(self, finder: Any, sure: tuple[str, ...] = ()) -> None:
        self._finder, self._sure = finder, sure

    def link(self, text: str) -> list[Any]:
        found = [t for t in self.titles if fold(t) == fold(text) or (t in self._sure and t in text)]
        return [self._finder.make_link(t, at) for at, t in sorted((max(text.find(t), 0), t) for t in found)]

    def link_people(self, text: str) -> list[Any]:
        return []


@pytest.fixture
def named(shelf: Any) -> Any:
    def titles(text: str, *sure: str) -> list[str]:
        return [link.title for link in read(text, Cautious(shelf.finder, sure)).links]  # type: ignore[arg-type]

    return titles


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("and 1917?", ["1917"]),
        ("who directed joker and 1917?", ["joker", "1917"]),
        ("Joker director", ["Joker"]),
        ("What's Joker's rating on IMDb?", ["Joker"]),
        ("Who plays Arthur Fleck in Joker?", ["Joker"]),
        ("How old is Paul in Dune: Part One?", ["Dune: Part One"]),
        ("What genre is Joker and which themes does it treat?", ["Joker"]),
    ],
)
def test_a_name_where_a_title_is_wanted_is_one(named: Any, text: str, titles: list[str]) -> None:
    assert [fold(t) for t in named(text)] == [fold(t) for t in titles]


@pytest.mark.parametrize(
    "text",
    [
        "Is Blue Thunder any good?",
        "Who directed Taken 2?",
        "Who directed Love the Coopers?",
        "Who is Maria in Titanic?",
        "What is that film where Maria sings?",
        "what does the nobody in this story want?",
        "Maria " * 60,
    ],
)
def test_a_name_that_may_be_something_else_is_none(named: Any, text: str) -> None:
    assert named(text) == []


def test_somebody_in_a_film_is_no_other_film(named: Any) -> None:
    assert named("Who fights for Hutch in Nobody?", "Hutch", "Nobody") == ["Nobody"]
    assert named("Who fights for Hutch in Nobody?", "Hutch") == ["Nobody"]
    assert named("What becomes of Maria in Joker and 1917?", "Maria", "Joker", "1917") == ["Joker", "1917"]
    assert named("Joker or 1917?", "Joker", "1917") == ["Joker", "1917"]
