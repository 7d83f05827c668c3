"""The people of the catalogue: their names, and the films of each."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from moviechat.retrieval import arrays
from moviechat.retrieval.arrays import Array, Strings
from moviechat.retrieval.lexicon import Lexicon
from moviechat.retrieval.names import How
from moviechat.retrieval.slots import FILM, FRAME, Span
from moviechat.retrieval.spelling import key, tokenize
from moviechat.retrieval.table import NameTable, build
from moviechat.retrieval.text import Text
from moviechat.schema import Movie

_LONGEST = 6  # tokens of a name
_SINGLE = 4  # letters of a name of one word that is understood
_TYPO = 8  # letters of a name in which a typo is understood
_NAME, _SURNAME = range(2)  # kinds of spelling
_FILMS = FILM | {"films", "movies", "one", "ones", "latest"}
_BY = frozenset(("by", "from", "of"))


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
        names, directors = sorted(found), {name for movie in movies for name in movie.directors}
        spelled = ((key(name), i, _NAME) for i, name in enumerate(names))
        surnames = ((_surname(name), i, _SURNAME) for i, name in enumerate(names) if name in directors)
        table = build(itertools.chain(spelled, surnames))
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
        return [person for place in self._table.find([key(name)]).values() for person in self._people(place, _NAME)]

    def _people(self, place: int, kind: int) -> list[int]:
        return [person for person, k in self._table.targets(place) if k == kind]

    def link(self, read: Text, lexicon: Lexicon, ordinary: Callable[[str], bool]) -> list[PersonLink]:
        """The people that a text names, in its order; a word that is `ordinary` is nobody's last name."""
        spans = list(_likely(read))
        keys = {s: read.key(*s) for s in spans}
        places = self._table.find(keys.values())
        exact = [(s, places[k]) for s, k in keys.items() if k in places and self._people(places[k], _NAME)]
        typos = self._typos(read, spans, lexicon) if read.asks else []
        surnames = self._surnames(read, ordinary) if read.asks else []
        ways: list[tuple[How, list[tuple[Span, int]]]] = [("partial", surnames), ("typo", typos), ("exact", exact)]
        how = {found: way for way, group in ways for found in group}
        return [self._link(read, *found, how[found]) for found in sorted(_apart(exact, typos, surnames))]

    def _surnames(self, read: Text, ordinary: Callable[[str], bool]) -> list[tuple[Span, int]]:
        """Directors called by their last name alone, where a film is said to be theirs: "the villeneuve film"."""
        words = [i for i in range(len(read.tokens)) if _theirs(read, i) and not ordinary(read.tokens[i].word)]
        places = self._table.find(read.tokens[i].key for i in words)
        at = [(i, places[k]) for i in words if (k := read.tokens[i].key) in places]
        return [((i, i + 1), place) for i, place in at if self._people(place, _SURNAME)]

    def _typos(self, read: Text, spans: Sequence[Span], lexicon: Lexicon) -> list[tuple[Span, int]]:
        strange = read.strange(lexicon)
        near = [s for s in spans if s[1] - s[0] > 1 and any(s[0] <= i < s[1] for i in strange)]
        keys = {s: k for s in near if len(k := read.key(*s)) >= _TYPO and not read.possessive(s[1] - 1)}
        places = dict(self._table.near(list(keys.values())))
        return [(s, places[k]) for s, k in keys.items() if k in places and self._people(places[k], _NAME)]

    def _link(self, read: Text, span: Span, place: int, how: How) -> PersonLink:
        people = self._people(place, _SURNAME if how == "partial" else _NAME)
        best = max(people, key=lambda p: (len(self.films(p)), -p))
        others = tuple(self.names[p] for p in people if p != best)
        begin, end = read.tokens[span[0]].start, read.tokens[span[1] - 1].end
        return PersonLink(self.names[best], (begin, end), how, others, best)


def credited(movie: Movie) -> set[str]:
    """Everyone whom the table names for a film."""
    cast = (movie.directors, movie.writers, movie.cast)
    crew = (movie.producers, movie.composers, movie.cinematographers, movie.editors)
    return {name for role in (*cast, *crew) for name in role}


def _surname(name: str) -> str:
    tokens = tokenize(name)
    return tokens[-1].key if len(tokens) > 1 and len(tokens[-1].key) >= _SINGLE else ""


def _theirs(read: Text, i: int) -> bool:
    """Whether token `i` stands where a director's name does: "the X film", "X's latest", "a film by X"."""
    words = [t.word for t in read.tokens]
    if words[i] in FRAME or read.opens(i) or read.breaks(i):
        return False
    after = words[i + 1 : i + 3]
    named_before = bool(after) and (after[0] in _FILMS or (after[0] == "s" and after[-1] in _FILMS))
    return named_before or (words[i - 1] in _BY and i > 1 and words[i - 2] in _FILMS | {"directed", "made"})


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
