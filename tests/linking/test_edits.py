"""How a misspelt name differs from the one that is meant."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moviechat.linking.edits import Edit, edit
from moviechat.linking.writing import typo


@pytest.mark.parametrize(
    ("meant", "typed", "expected"),
    [
        ("parasite", "parsaite", Edit("swap", "inside", "both")),
        ("luca", "lucca", Edit("double", "inside", "consonant")),
        ("soul", "soull", Edit("double", "last", "consonant")),
        ("marriage", "mariage", Edit("single", "inside", "consonant")),
        ("joker", "oker", Edit("drop", "first", "consonant")),
        ("mank", "manka", Edit("add", "last", "vowel")),
        ("tenet", "tanet", Edit("replace", "inside", "vowel")),
    ],
)
def test_a_typo_is_told_by_what_where_and_letter(meant: str, typed: str, expected: Edit) -> None:
    assert edit(meant, typed) == expected


@given(st.text("abcde", min_size=2, max_size=12), st.integers(0, 99))
def test_every_typo_is_told(meant: str, seed: int) -> None:
    typed = typo(meant, random.Random(seed))
    if typed != meant:
        told = edit(meant, typed)
        grown = {"double": 1, "add": 1, "single": -1, "drop": -1}.get(told.kind, 0)
        assert len(typed) - len(meant) == grown
