"""Filters against brute force."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from moviechat.retrieval.filters import Facts, Filters, genres_of
from moviechat.retrieval.people import People, credited
from moviechat.schema import Movie

GENRES, PEOPLE = ("Comedy", "Drama", "Sci-Fi"), ("Ann Lee", "Bo Ek", "Cy Ruz")
_ranges = st.tuples(st.none() | st.integers(0, 9), st.none() | st.integers(0, 9))
_some = lambda of: st.lists(st.sampled_from(of), max_size=2, unique=True).map(tuple)  # noqa: E731
_movies = st.lists(
    st.builds(
        Movie,
        tconst=st.just("tt1"),
        title=st.just("A"),
        original_title=st.just("A"),
        year=st.integers(0, 9),
        runtime=st.none() | st.integers(0, 9),
        genres=_some(GENRES),
        rating=st.none() | st.floats(0, 9),
        votes=st.integers(0, 9),
        directors=_some(PEOPLE),
        cast=_some(PEOPLE),
    ),
    max_size=8,
)
_filters = st.builds(
    Filters,
    years=_ranges,
    runtime=_ranges,
    rating=_ranges,
    votes=_ranges,
    genres=_some((*GENRES, "drama", "Western")),
    without_genres=_some((*GENRES, "Western")),
    people=_some((*PEOPLE, "ann lee", "Nobody")),
)


def _inside(value: float | None, limits: tuple[float | None, float | None]) -> bool:
    least, most = limits
    if limits == (None, None):
        return True
    return value is not None and (least is None or value >= least) and (most is None or value <= most)


def _allowed(movie: Movie, f: Filters) -> bool:
    genres = {g.lower() for g in movie.genres}
    return (
        _inside(movie.year, f.years)
        and _inside(movie.runtime, f.runtime)
        and _inside(movie.rating, f.rating)
        and _inside(movie.votes, f.votes)
        and {g.lower() for g in f.genres} <= genres
        and not {g.lower() for g in f.without_genres} & genres
        and {p.lower() for p in f.people} <= {p.lower() for p in credited(movie)}
    )


def _found(movies: Sequence[Movie], facts: Facts, filters: Filters) -> list[bool]:
    people = People.build(movies)

    def films_of(name: str) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
        return np.concatenate([np.zeros(0, np.int32), *(people.films(p) for p in people.called(name))])

    return [bool(b) for b in facts.allowed(filters, films_of)]


@given(_movies, _filters)
def test_filters_are_exact(movies: list[Movie], filters: Filters) -> None:
    assert _found(movies, Facts.build(movies), filters) == [_allowed(m, filters) for m in movies]


def test_facts_come_back_from_disk(tmp_path: Path) -> None:
    movies = [Movie("tt1", "A", "A", 2019, None, ("Drama",), None, 5), Movie("tt2", "B", "B", 2020, 90, (), 7.0, 9)]
    Facts.build(movies).save(tmp_path)
    facts = Facts.load(tmp_path, genres_of(movies))
    assert _found(movies, facts, Filters(runtime=(None, 200))) == [False, True]
    assert _found(movies, facts, Filters(genres=("drama",))) == [True, False]
