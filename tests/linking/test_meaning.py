"""Entries of one film, and namesakes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from moviechat.linking.lexicon import Lexicon
from moviechat.linking.linker import Linker
from moviechat.linking.mentions import apart
from moviechat.linking.people import People
from moviechat.linking.titles import Titles
from moviechat.schema import Movie

A = Movie("tt1", "Becoming", "Becoming", 2020, 89, (), None, 5, directors=("Ann Lee",), cast=("Bo Ek",))


@pytest.mark.parametrize(
    ("changes", "films", "doubles"),
    [
        ({"same_as": "tt1", "votes": 3}, ("tt1",), ("tt2",)),
        ({"votes": 3}, ("tt1", "tt2"), ()),
        ({"same_as": "tt1", "title": "Becoming (4K UHD)", "original_title": "Becoming (4K UHD)"}, ("tt1",), ()),
    ],
)
def test_a_title_of_two_entries_means_the_one_that_stands_for_the_film(
    lexicon: Lexicon, changes: dict[str, Any], films: tuple[str, ...], doubles: tuple[str, ...]
) -> None:
    movies = [replace(A, tconst="tt2", **changes), A]
    linker = Linker(Titles.build(movies, {}), People.build(movies), lexicon, movies)
    (mention,) = apart(linker.films("who directed Becoming?"), 0.05)
    assert (mention.films, mention.doubles) == (films, doubles)


def test_an_entry_that_tells_nothing_yields_to_a_well_known_film_of_a_longer_title(lexicon: Lexicon) -> None:
    known = Movie(
        "tt1", "Birds of Prey: And Harley Quinn", "Birds of Prey: And Harley Quinn", 2020, 109, (), 6.1, 250_000
    )
    empty = Movie("tt2", "Birds of Prey", "Birds of Prey", 2020, None, (), None, 0)
    movies = [empty, known]
    linker = Linker(Titles.build(movies, {}), People.build(movies), lexicon, movies)
    (mention,) = apart(linker.films("how long is birds of prey"), 0.05)
    assert mention.films[0] == "tt1"
