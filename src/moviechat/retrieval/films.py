"""The catalogue as a ranking reads it: columns, words and vectors by row."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property, lru_cache
from itertools import chain, groupby

import numpy as np

from moviechat.arrays import Array
from moviechat.errors import BundleError
from moviechat.limits import Limits
from moviechat.linking.people import credited
from moviechat.linking.spelling import tokenize
from moviechat.retrieval.encoder import TextEncoder
from moviechat.retrieval.index import Index
from moviechat.retrieval.lexical import terms
from moviechat.schema import Movie

_MINUTE = 1  # minutes by which two records of one film differ
_FULL = 0.2  # of all the rarity of a text's words, what a film has that tells of all of them
_REMEMBERED = 256  # texts whose vectors are kept: moods come again


class Films:
    """What chat.films.Films asks for, over an index. The encoder is loaded when a text is first encoded."""

    def __init__(self, index: Index, encoder: TextEncoder, movies: Sequence[Movie]) -> None:
        self._index, self._encoder, self._movies = index, encoder, movies
        self._vector = lru_cache(_REMEMBERED)(self._encoded)

    @property
    def movies(self) -> Sequence[Movie]:
        """The films by row."""
        return self._movies

    def row(self, tconst: str) -> int | None:
        """The row of a film, or None if it is not in the catalogue."""
        names, order = self._places
        at = int(np.searchsorted(names, tconst.encode()))
        return int(order[at]) if at < len(names) and names[at] == tconst.encode() else None

    @cached_property
    def _places(self) -> tuple[Array, Array]:
        # Sorted bytes: a dict of a million ids would take ten times the memory.
        names = np.array([m.tconst.encode() for m in self._movies], np.bytes_)
        order = np.argsort(names, kind="stable").astype(np.int32)
        return names[order], order

    def keeps(self, limits: Limits) -> Array:
        """Which films keep all of `limits`, bool [films]."""
        return self._index.columns.keeps(limits)

    def lacking(self, limits: Limits) -> dict[str, int]:
        """How many films are left out only because nothing is on record of a limit, by kind of limit."""
        return self._index.columns.lacking(limits)

    def column(self, name: str) -> Array:
        """Year, runtime (minutes), rating or votes, float64 [films]; NaN where there is none."""
        return self._index.columns.column(name)

    @cached_property
    def fame(self) -> Array:
        """How well known every film is: log10 of its votes and one, [films]."""
        fame: Array = np.log10(self.column("votes") + 1)
        return fame

    def having(self, kind: str, name: str) -> Array:
        """The rows, ascending, of the films of a genre ("genres"), or of a person by role (limits.Role)."""
        return self._index.columns.films(kind, name)

    def alike(self, genres: Sequence[str]) -> Array:
        """The cosine of each film's genres with `genres`, rare genres weighing most, 0 to 1; float64 [films]."""
        rarity, lengths = self._rarity
        shared = np.zeros(len(self._movies))
        for genre in genres:
            shared[self.having("genres", genre)] += rarity.get(genre, 0.0) ** 2
        own = sum(rarity.get(genre, 0.0) ** 2 for genre in genres) ** 0.5
        cosine: Array = shared / np.maximum(lengths * own, 1e-9)
        return cosine

    @cached_property
    def _rarity(self) -> tuple[dict[str, float], Array]:
        """What a genre tells, and the length of each film's vector of genres."""
        films = {genre: self.having("genres", genre) for genre in self._index.columns.names("genres")}
        rarity = {genre: float(np.log(2 * len(self._movies) / len(rows))) for genre, rows in films.items()}
        squares = np.zeros(len(self._movies), np.float32)
        for genre, rows in films.items():
            squares[rows] += rarity[genre] ** 2
        return rarity, np.sqrt(squares)

    def words(self, text: str) -> Array:
        """What `text` shares with each film's texts, genres and titles (BM25), [films]: 1 for the best film.

        Less where even that holds few of the words: of chatter, what is met by chance says little.
        """
        wanted = terms(tokenize(text))
        scores, _ = self._index.words.scores(wanted)
        held = [n for term in set(wanted) if (n := self._index.words.held(term))]
        rarity = sum(math.log1p((len(scores) - n + 0.5) / (n + 0.5)) for n in held)
        shared: Array = scores / max(float(scores.max(initial=0.0)), _FULL * rarity, 1e-9)
        return shared

    def encode(self, texts: Sequence[str]) -> Array:
        """Unit vectors of texts, float32 [texts, width]."""
        return np.stack([self._vector(text) for text in texts])

    def _encoded(self, text: str) -> Array:
        if self._encoder.name != self._index.encoder:
            raise BundleError("the encoder is not the one that the index was built with: run `dvc repro bundle`")
        vector: Array = self._encoder.encode([text])[0]
        return vector

    def centres(self, rows: Array) -> Array:
        """The mean direction of the passages of each of `rows`, float32 [n, width]; 0 where there is no text."""
        return self._index.vectors.centres(rows)

    def nearest(self, vector: Array, count: int, allowed: Array | None) -> Array:
        """The rows of the films of the `count` passages nearest to `vector`, of those that are `allowed` [films]."""
        return self._index.vectors.nearest(vector, count, allowed)

    def meaning(self, vector: Array, rows: Array) -> Array:
        """How near the best passage of `rows` is to `vector`, in standard deviations; -1 without a text."""
        return self._index.vectors.standardised(vector, rows)

    def doubles(self) -> Sequence[Sequence[int]]:
        """Groups of rows that are one film under several ids."""
        return self._doubles

    @cached_property
    def _doubles(self) -> list[list[int]]:
        # Hashes first: few films share a title, and only those are compared.
        marks = np.fromiter((hash(_title(m).casefold()) for m in self._movies), np.int64, len(self._movies))
        order = np.argsort(marks, kind="stable")
        alike = np.flatnonzero(marks[order][1:] == marks[order][:-1])
        rows = sorted({int(order[i]) for at in alike for i in (at, at + 1)}, key=lambda row: (marks[row], row))
        return [group for _, same in groupby(rows, marks.__getitem__) for group in _joined(list(same), self._movies)]


def _title(movie: Movie) -> str:
    """The title without what is added in brackets ("(4K UHD)")."""
    return movie.title.partition(" (")[0]


def _joined(rows: Sequence[int], movies: Sequence[Movie]) -> list[list[int]]:
    """Of films of one title, those that are the same."""
    groups: list[list[int]] = []
    for row in rows:
        met = [g for g in groups if any(_same(movies[row], movies[other]) for other in g)]
        groups = [*(g for g in groups if g not in met), sorted([row, *chain.from_iterable(met)])]
    return [group for group in groups if len(group) > 1]


def _same(one: Movie, other: Movie) -> bool:
    """Whether two films of one title are one: by a person; by the length if one has no people on record."""
    people, apart = (credited(one), credited(other)), abs(one.year - other.year)
    if apart:
        return apart == 1 and bool(set(one.directors) & set(other.directors))
    if all(people):
        return bool(people[0] & people[1])
    lengths = (one.runtime, other.runtime)
    return any(people) and None not in lengths and abs((lengths[0] or 0) - (lengths[1] or 0)) <= _MINUTE
