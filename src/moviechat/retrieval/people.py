"""The people of the catalogue: their names, and the films of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from moviechat.retrieval import arrays
from moviechat.retrieval.arrays import Array, Strings
from moviechat.retrieval.lexicon import Lexicon
from moviechat.retrieval.names import How
from moviechat.retrieval.slots import Span
from moviechat.retrieval.spelling import key
from moviechat.retrieval.table import NameTable, build
from moviechat.retrieval.text import Text
from moviechat.schema import Movie

_LONGEST = 6  # tokens of a name
_SINGLE = 4  # letters of a name of one word that is understood
_TYPO = 8  # letters of a name in which a typo is understood


@dataclass(frozen=True, slots=True)
class PersonLink:
    """A person named by `text[span[0]:span[1]]`, as the catalogue spells the name; `others` are spelled alike.

    `person` counts the catalogue's people.
    """

    name: str
    span: tuple[int, int]
    how: How
    others: tuple[str, ...]
    person: int


class People:
    """Names of people and the rows of their films, in any role."""

    def __init__(self, table: NameTable, names: Strings, starts: Array, films: Array) -> None:
        self.names = names
        self._table, self._starts, self._films = table, starts, films

    @classmethod
    def build(cls, movies: Sequence[Movie]) -> People:
        """Index the people of `movies`."""
        found: dict[str, set[int]] = {}
        for row, movie in enumerate(movies):
            for name in credited(movie):
                found.setdefault(name, set()).add(row)
        names = sorted(found)
        table = build((key(name), i, 0) for i, name in enumerate(names))
        return cls(table, Strings.of(names), *arrays.lists([sorted(found[n]) for n in names]))

    @classmethod
    def load(cls, folder: Path) -> People:
        """What `save` wrote, memory-mapped."""
        starts, films = (arrays.load(folder, name) for name in ("film_starts", "films"))
        return cls(NameTable.load(folder / "table"), Strings.load(folder), starts, films)

    def save(self, folder: Path) -> None:
        """Write into `folder`; equal people make equal bytes."""
        self._table.save(folder / "table")
        self.names.save(folder)
        arrays.save(folder, film_starts=self._starts, films=self._films)

    def films(self, person: int) -> Array:
        """The rows of a person's films, ascending."""
        return self._films[int(self._starts[person]) : int(self._starts[person + 1])]

    def called(self, name: str) -> list[int]:
        """The people of that name, however it is spelled."""
        return [person for place in self._table.find([key(name)]).values() for person, _ in self._table.targets(place)]

    def link(self, read: Text, lexicon: Lexicon) -> list[PersonLink]:
        """The people that a text names, in its order."""
        spans = list(_likely(read))
        keys = {s: read.key(*s) for s in spans}
        places = self._table.find(keys.values())
        exact = [(s, places[k]) for s, k in keys.items() if k in places]
        typos = self._typos(read, spans, lexicon) if read.asks else []
        return [self._link(read, *found, found in exact) for found in sorted(_apart(exact, typos))]

    def _typos(self, read: Text, spans: Sequence[Span], lexicon: Lexicon) -> list[tuple[Span, int]]:
        strange = read.strange(lexicon)
        near = [s for s in spans if s[1] - s[0] > 1 and any(s[0] <= i < s[1] for i in strange)]
        keys = {s: k for s in near if len(k := read.key(*s)) >= _TYPO and not read.possessive(s[1] - 1)}
        places = dict(self._table.near(list(keys.values())))
        return [(s, places[k]) for s, k in keys.items() if k in places]

    def _link(self, read: Text, span: Span, place: int, exact: bool) -> PersonLink:
        people = [person for person, _ in self._table.targets(place)]
        best = max(people, key=lambda p: (len(self.films(p)), -p))
        others = tuple(self.names[p] for p in people if p != best)
        begin, end = read.tokens[span[0]].start, read.tokens[span[1] - 1].end
        return PersonLink(self.names[best], (begin, end), "exact" if exact else "typo", others, best)


def credited(movie: Movie) -> set[str]:
    """Everyone whom the table names for a film."""
    cast = (movie.directors, movie.writers, movie.cast)
    crew = (movie.producers, movie.composers, movie.cinematographers, movie.editors)
    return {name for role in (*cast, *crew) for name in role}


def _likely(read: Text) -> Iterator[Span]:
    """Runs of words that may be a name: in a description none written small, in a question also single words."""
    for first, token in enumerate(read.tokens):
        if read.cased and not read.asks and not token.raw[0].isupper():
            continue
        if read.asks and read.capital(first) and len(token.key) >= _SINGLE:
            yield first, first + 1
        for last in range(first + 2, min(len(read.tokens), first + _LONGEST) + 1):
            if read.breaks(last - 1):
                break
            yield first, last


def _apart(*found: Sequence[tuple[Span, int]]) -> list[tuple[Span, int]]:
    """Of names that overlap, those found first; among them, the longest."""
    kept: list[tuple[Span, int]] = []
    for group in found:
        for span, place in sorted(group, key=lambda f: (f[0][0] - f[0][1], f)):
            if not any(span[0] < k[1] and k[0] < span[1] for k, _ in kept):
                kept.append((span, place))
    return kept
