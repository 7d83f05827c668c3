"""Vague words."""

from __future__ import annotations

from typing import get_args

import pytest

from moviechat.chat.tokens import words
from moviechat.chat.vague import NOT_VAGUE, VAGUE, Vague


def found(text: str) -> list[Vague]:
    return [tag.value for tag in VAGUE.tags(words(text))]


@pytest.mark.parametrize(
    ("text", "vague"),
    [
        ("something short", ["short"]),
        ("a film that is not too long", ["not_long"]),
        ("a very long one", ["long"]),
        ("anything recent", ["recent"]),
        ("a decent drama", ["good"]),
        ("a famous one", ["well_known"]),
        ("an underrated film", ["obscure"]),
        ("a hidden gem", ["hidden_gem"]),
        ("an underrated gem", ["hidden_gem"]),
        ("not famous, but well rated", ["obscure", "good"]),
        ("una película corta no, sin muy", []),
        ("a film with dogs", []),
    ],
)
def test_words_are_read_as_what_people_mean(text: str, vague: list[Vague]) -> None:
    assert found(text) == vague


@pytest.mark.parametrize("text", ["good evening", "how long is it", "short stories", "a long week", "sounds good"])
def test_what_only_looks_vague_is_known(text: str) -> None:
    said = words(text)
    (no,), (vague,) = NOT_VAGUE.tags(said), VAGUE.tags(said)
    assert no.first <= vague.first and vague.last <= no.last


def test_nothing_is_vague_in_two_ways() -> None:
    kinds = [
        VAGUE.tags(words(text)) for text in ("short", "long", "recent", "good", "popular", "obscure", "hidden gem")
    ]
    assert len({tags[0].value for tags in kinds}) == len(kinds)
    assert {tags[0].value for tags in kinds} <= set(get_args(Vague))
