"""Entries of one film, and namesakes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from moviechat.linking.meaning import same_film
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
