"""Exact limits on the films that a search may find."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from moviechat.retrieval import arrays
from moviechat.retrieval.arrays import Array
from moviechat.retrieval.spelling import key
from moviechat.schema import Movie

Range = tuple[float | None, float | None]
_NUMBERS = ("year", "runtime", "rating", "votes")
EVERYTHING: Range = (None, None)


@dataclass(frozen=True, slots=True)
class Filters:
    """Limits that all hold at once; ranges are (least, most), both included, None for no limit.

    A film without a runtime or a rating is outside every range of it. `genres` must all be the film's, none of
    `without_genres` may be; every one of `people` must have worked on it, in any role.
    """

    years: Range = EVERYTHING
    runtime: Range = EVERYTHING
    rating: Range = EVERYTHING
    votes: Range = EVERYTHING
    genres: tuple[str, ...] = ()
    without_genres: tuple[str, ...] = ()
    people: tuple[str, ...] = ()


class Facts:
    """What filters look at, a column a fact; numbers are NaN where the table has none."""

    def __init__(self, columns: dict[str, Array], genres: Sequence[str]) -> None:
        self._columns = columns
        self._genres = [key(g) for g in genres]

    @classmethod
    def build(cls, movies: Sequence[Movie]) -> Facts:
        """The columns of `movies`."""
        genres = genres_of(movies)
        numbers = [[getattr(movie, name) for movie in movies] for name in _NUMBERS]
        columns = {
            name: np.array([np.nan if v is None else v for v in values], np.float64)
            for name, values in zip(_NUMBERS, numbers, strict=True)
        }
        columns["genres"] = np.zeros((len(movies), len(genres)), np.bool_)
        for row, movie in enumerate(movies):
            columns["genres"][row, [genres.index(g) for g in movie.genres]] = True
        return cls(columns, genres)

    @classmethod
    def load(cls, folder: Path, genres: Sequence[str]) -> Facts:
        """What `save` wrote, memory-mapped; `genres` name its columns."""
        return cls({name: arrays.load(folder, name) for name in (*_NUMBERS, "genres")}, genres)

    def save(self, folder: Path) -> None:
        """Write into `folder`."""
        arrays.save(folder, **self._columns)

    def column(self, name: str) -> Array:
        """Year, runtime (minutes), rating or votes of every film, float64 [films]."""
        return self._columns[name]

    def allowed(self, filters: Filters, films_of: Callable[[str], Array]) -> Array:
        """Which films are inside `filters`, bool [films]; `films_of` gives the rows of a person's films."""
        inside = np.ones(len(self._columns["year"]), np.bool_)
        ranges = (filters.years, filters.runtime, filters.rating, filters.votes)
        for name, (least, most) in zip(_NUMBERS, ranges, strict=True):
            if least is not None:
                inside &= self._columns[name] >= least
            if most is not None:
                inside &= self._columns[name] <= most
        for genre in filters.genres:
            inside &= self._has(genre)
        for genre in filters.without_genres:
            inside &= ~self._has(genre)
        for person in filters.people:
            inside &= np.isin(np.arange(len(inside)), films_of(person))
        return inside

    def _has(self, genre: str) -> Array:
        try:
            return self._columns["genres"][:, self._genres.index(key(genre))]
        except ValueError:  # a genre that no film has
            return np.zeros(len(self._columns["year"]), np.bool_)


def genres_of(movies: Sequence[Movie]) -> list[str]:
    """The genres of the catalogue, sorted."""
    return sorted({genre for movie in movies for genre in movie.genres})
