"""Utterances with names set into them."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from moviechat.linking.mentions import Outside
from moviechat.linking.spelling import key
from moviechat.linking.writing import Writer, typo
from moviechat.schema import Movie

LINES = "who directed {f}\n{f} or {g}?\n{f} or {g}?\nfilms by {p}\n{l} films\nhello\nis it {w}".splitlines()


@pytest.fixture
def writer(movies: list[Movie]) -> Writer:
    outside = [Outside("The Matrix", 1999, 2_000_000)]
    return Writer([LINES], movies, outside, [movies[0]], ["A bus is lost"], lambda words: [5.0] * len(words), 3)


def test_slots_are_where_the_names_are(writer: Writer) -> None:
    written = [writer.written() for _ in range(300)]
    slots = [(text, slot) for text, found in written for slot in found if slot.kind != "story"]
    assert {slot.kind for _, slot in slots} == {"film", "person"}
    for text, slot in slots:
        assert text[slice(*slot.span)].strip() and (slot.kind == "person" or slot.film is not None)


def test_names_are_written_in_many_ways(writer: Writer, movies: list[Movie]) -> None:
    said = {text[slice(*s.span)] for text, slots in (writer.written() for _ in range(600)) for s in slots}
    own = {key(m.title) for m in movies}
    assert any(s.islower() for s in said) and any(key(s) not in own for s in said) and any(key(s) in own for s in said)


def test_the_same_seed_writes_the_same(movies: list[Movie]) -> None:
    one, two = (Writer([LINES], movies, [], movies, ["x y"], lambda words: [5.0], 5) for _ in range(2))
    assert [one.written() for _ in range(50)] == [two.written() for _ in range(50)]


@given(st.text("abcdé ", min_size=3, max_size=20).filter(lambda t: any(c.isalpha() for c in t)), st.integers(0, 99))
def test_a_typo_is_one(title: str, seed: int) -> None:
    assert OSA.distance(title, typo(title, random.Random(seed))) <= 1
