"""Spans that spell a name of a person."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from moviechat.linking.lexicon import Lexicon
from moviechat.linking.people import NAME, SURNAME, People
from moviechat.linking.persons import Named, named
from moviechat.linking.text import Text
from moviechat.schema import Movie

Find = Callable[[str], dict[str, Named]]


@pytest.fixture(scope="module")
def find(movies: list[Movie], lexicon: Lexicon) -> Find:
    """The names in a text by their words."""
    people = People.build(movies)

    def found(text: str) -> dict[str, Named]:
        read = Text(text)
        return {read.said(n.span): n for n in named(read, people, lexicon.zipf(read.words))}

    return found


@pytest.mark.parametrize(
    ("text", "said", "kind"),
    [
        ("films by jordan peele", "jordan peele", NAME),
        ("daniel craigs best", "daniel craigs", NAME),
        ("the villeneuve film", "villeneuve", SURNAME),
        ("bong joon-ho's film", "bong joon-ho", NAME),
    ],
)
def test_names_are_met(find: Find, text: str, said: str, kind: int) -> None:
    assert find(text)[said].kind == kind


def test_a_first_name_cut_short(find: Find) -> None:
    assert find("dan craig films")["dan craig"].short


def test_a_misspelt_name(find: Find) -> None:
    assert find("films by jordan peeele")["jordan peeele"].typo


def test_a_comma_parts_names(find: Find) -> None:
    assert "Jordan, Peele" not in find("Jordan, Peele")
