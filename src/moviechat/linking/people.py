"""The people of the catalogue: names and last names, how well known they are, and their films."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from moviechat import arrays
from moviechat.arrays import Array, Strings
from moviechat.linking.spelling import key, tokenize
from moviechat.linking.table import NameTable, build
from moviechat.schema import Movie

NAME, SURNAME = range(2)  # kinds of spelling
_SURNAME_LETTERS = 3
_SUFFIXES = frozenset("jr sr ii iii".split())


class People:
    """Names of people, the summed votes of their films, and the rows of their films, in any role."""

    def __init__(self, table: NameTable, names: Strings, starts: Array, films: Array, renown: Array) -> None:
        self.names, self.table = names, table
        self._starts, self._films, self._renown = starts, films, renown

    @classmethod
    def build(cls, movies: Sequence[Movie]) -> People:
        """Index the people of `movies`."""
        found: dict[str, set[int]] = {}
        for row, movie in enumerate(movies):
            for name in credited(movie):
                found.setdefault(name, set()).add(row)
        names = sorted(found)
        called = {n for m in movies for role in (m.directors, m.cast, m.writers, m.composers) for n in role}
        spelled = ((key(name), i, NAME) for i, name in enumerate(names))
        surnames = ((surname(name), i, SURNAME) for i, name in enumerate(names) if name in called)
        votes = np.array([m.votes for m in movies], np.int64)
        renown = np.array([int(votes[list(found[n])].sum()) for n in names], np.int64)
        lists = arrays.lists([sorted(found[n]) for n in names])
        return cls(build(itertools.chain(spelled, surnames)), Strings.of(names), *lists, renown)

    @classmethod
    def load(cls, folder: Path) -> People:
        """The people in `folder`, memory-mapped."""
        starts, films, renown = (arrays.load(folder, name) for name in ("film_starts", "films", "renown"))
        return cls(NameTable.load(folder / "table"), Strings.load(folder), starts, films, renown)

    def save(self, folder: Path) -> None:
        """Write into `folder`; equal people give equal bytes."""
        self.table.save(folder / "table")
        self.names.save(folder)
        arrays.save(folder, film_starts=self._starts, films=self._films, renown=self._renown)

    def films(self, person: int) -> Array:
        """The rows of a person's films, ascending."""
        return self._films[int(self._starts[person]) : int(self._starts[person + 1])]

    def renown(self, person: int) -> int:
        """The summed votes of a person's films."""
        return int(self._renown[person])

    def called(self, name: str) -> list[int]:
        """The people with that name, however it is spelled."""
        return [p for place in self.table.find([key(name)]).values() for p in self.meant(place, NAME)]

    def meant(self, place: int, kind: int) -> list[int]:
        """The people that the table's `place` names in that way, best known first."""
        people = [person for person, k in self.table.targets(place) if k == kind]
        return sorted(people, key=lambda p: (-self.renown(p), p))


def credited(movie: Movie) -> set[str]:
    """Everyone credited for a film."""
    cast = (movie.directors, movie.writers, movie.cast)
    crew = (movie.producers, movie.composers, movie.cinematographers, movie.editors)
    return {name for role in (*cast, *crew) for name in role}


def surname(name: str) -> str:
    """The key of a name's last word ("Robert Downey Jr." -> "downey"); "" for a single or short word."""
    tokens = tokenize(name)
    while len(tokens) > 2 and tokens[-1].word in _SUFFIXES:
        tokens = tokens[:-1]
    last = tokens[-1].key if len(tokens) > 1 else ""
    return last if len(last) >= _SURNAME_LETTERS else ""
