"""The people of the catalogue: names and last names, how well known they are, and their films."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from moviechat import arrays
from moviechat.arrays import Array, Strings
from moviechat.linking.spelling import key, tokenize
from moviechat.linking.table import NameTable, build
from moviechat.schema import Movie

NAME, SURNAME = range(2)  # kinds of spelling
_CALLED = frozenset("directors cast writers composers".split())  # fields of those who are called by a last name
_SURNAME_LETTERS = 3
_SUFFIXES = frozenset("jr sr ii iii".split())


class People:
    """People by name and id ("" for all whose name is theirs alone), with the summed votes and the rows of their films,
    in any role.
    """

    def __init__(
        self, table: NameTable, names: Strings, ids: Strings, starts: Array, films: Array, renown: Array
    ) -> None:
        self.names, self.ids, self.table = names, ids, table
        self._starts, self._films, self._renown = starts, films, renown

    @classmethod
    def build(cls, movies: Sequence[Movie]) -> People:
        """Index the people of `movies`."""
        found: dict[tuple[str, str], set[int]] = {}
        called: set[tuple[str, str]] = set()
        for row, movie in enumerate(movies):
            for field, name, id_ in movie.credits:
                found.setdefault((name, id_), set()).add(row)
                called |= {(name, id_)} if field in _CALLED else set()
        people = sorted(found)
        spelled = ((key(name), i, NAME) for i, (name, _) in enumerate(people))
        surnames = ((surname(p[0]), i, SURNAME) for i, p in enumerate(people) if p in called)
        votes = np.array([m.votes for m in movies], np.int64)
        renown = np.array([int(votes[list(found[p])].sum()) for p in people], np.int64)
        lists = arrays.lists([sorted(found[p]) for p in people])
        names, ids = (Strings.of([person[part] for person in people]) for part in range(2))
        return cls(build(itertools.chain(spelled, surnames)), names, ids, *lists, renown)

    @classmethod
    def load(cls, folder: Path) -> People:
        """The people in `folder`, memory-mapped."""
        starts, films, renown = (arrays.load(folder, name) for name in ("film_starts", "films", "renown"))
        names, ids = Strings.load(folder), Strings.load(folder / "ids")
        return cls(NameTable.load(folder / "table"), names, ids, starts, films, renown)

    def save(self, folder: Path) -> None:
        """Write into `folder`; equal people give equal bytes."""
        self.table.save(folder / "table")
        self.names.save(folder)
        self.ids.save(folder / "ids")
        arrays.save(folder, film_starts=self._starts, films=self._films, renown=self._renown)

    def films(self, person: int) -> Array:
        """The rows of a person's films, ascending."""
        return self._films[int(self._starts[person]) : int(self._starts[person + 1])]

    def renown(self, person: int) -> int:
        """The summed votes of a person's films."""
        return int(self._renown[person])

    def renowns(self, people: Sequence[int]) -> list[int]:
        """The renown of each name of `people`, highest first; that of a name is of all who have it."""
        found = Counter[str]()
        for person in people:
            found[self.names[person]] += self.renown(person)
        return sorted(found.values(), reverse=True)

    def called(self, name: str) -> list[int]:
        """The people with that name, however it is spelled."""
        return [p for place in self.table.find([key(name)]).values() for p in self.meant(place, NAME)]

    def meant(self, place: int, kind: int) -> list[int]:
        """The people that the table's `place` names in that way, best known first."""
        people = [person for person, k in self.table.targets(place) if k == kind]
        return sorted(people, key=lambda p: (-self.renown(p), p))


def credited(movie: Movie) -> set[str]:
    """The names of everyone credited for a film."""
    return {name for _, name, _ in movie.credits}


def surname(name: str) -> str:
    """The key of a name's last word ("Robert Downey Jr." -> "downey"); "" for a single or short word."""
    tokens = tokenize(name)
    while len(tokens) > 2 and tokens[-1].word in _SUFFIXES:
        tokens = tokens[:-1]
    last = tokens[-1].key if len(tokens) > 1 else ""
    return last if len(last) >= _SURNAME_LETTERS else ""
