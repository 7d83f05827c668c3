"""Entries of one film, and namesakes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from moviechat.linking.lexicon import Lexicon
from moviechat.linking.linker import Linker
from moviechat.linking.meaning import same_film
from moviechat.linking.mentions import apart
from moviechat.linking.people import People
from moviechat.linking.titles import Titles
from moviechat.schema import Movie

A = Movie("tt1", "Becoming", "Becoming", 2020, 89, (), None, 5, directors=("Ann Lee",), cast=("Bo Ek",))


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({}, True),
        ({"directors": ("Ann Lee", "Cy Ruz"), "runtime": 200}, True),
        ({"directors": (), "cast": (), "runtime": None}, True),
        ({"directors": ("Cy Ruz",), "cast": (), "runtime": 89}, True),
        ({"directors": ("Cy Ruz",), "cast": ("Di Po",), "runtime": 100}, False),
        ({"directors": (), "cast": ("Di Po",), "runtime": 100}, False),
        ({"year": 2021}, False),
        ({"title": "Becoming You", "original_title": "Becoming You"}, False),
    ],
)
def test_doubles_are_told_from_namesakes(changes: dict[str, Any], same: bool) -> None:
    other = replace(A, tconst="tt2", **changes)
    assert same_film(A, other) is same_film(other, A) is same


def test_an_entry_that_tells_nothing_yields_to_a_well_known_film_of_a_longer_title(lexicon: Lexicon) -> None:
    known = Movie(
        "tt1", "Birds of Prey: And Harley Quinn", "Birds of Prey: And Harley Quinn", 2020, 109, (), 6.1, 250_000
    )
    empty = Movie("tt2", "Birds of Prey", "Birds of Prey", 2020, None, (), None, 0)
    movies = [empty, known]
    linker = Linker(Titles.build(movies, {}), People.build(movies), lexicon, movies)
    (mention,) = apart(linker.films("how long is birds of prey"), 0.05)
    assert mention.films[0] == "tt1"
