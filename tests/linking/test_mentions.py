"""Mentions that do not overlap."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from moviechat.linking import FilmMention, PersonMention, apart


def _film(begin: int, end: int, score: float) -> FilmMention:
    return FilmMention((begin, end), ("tt1",), (), (), "exact", score)


def test_the_surer_one_of_two_that_overlap_stays() -> None:
    assert apart([_film(0, 4, 0.6), _film(2, 9, 0.9)], 0.5) == [_film(2, 9, 0.9)]


def test_of_equally_sure_ones_the_longer_stays() -> None:
    assert apart([_film(0, 4, 0.9), _film(0, 9, 0.9)], 0.5) == [_film(0, 9, 0.9)]


def test_films_and_people_exclude_each_other() -> None:
    person = PersonMention((8, 14), "Ann Lee", (), "exact", 0.8)
    assert apart([_film(10, 14, 0.7), person], 0.5) == [person]


_MENTIONS = st.lists(
    st.builds(lambda b, n, s: _film(b, b + n, s), st.integers(0, 30), st.integers(1, 8), st.floats(0, 1)), max_size=12
)


@given(_MENTIONS, st.floats(0, 1))
def test_what_is_kept_is_sure_and_apart_and_what_is_left_out_overlaps_a_surer_one(
    mentions: list[FilmMention], threshold: float
) -> None:
    kept = apart(mentions, threshold)
    assert [m.span for m in kept] == sorted(m.span for m in kept)
    assert all(a.span[1] <= b.span[0] for a, b in pairwise(kept))
    for m in mentions:
        rivals = [k for k in kept if k.span[0] < m.span[1] and m.span[0] < k.span[1] and k.score >= m.score]
        assert (m in kept) or m.score < threshold or rivals
