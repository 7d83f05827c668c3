"""The catalogue as a ranking reads it: columns, words and vectors by row."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, lru_cache
from itertools import groupby

import numpy as np

from moviechat.arrays import Array
from moviechat.errors import BundleError
from moviechat.limits import Limits
from moviechat.linking.people import credited
from moviechat.linking.spelling import key, tokenize
from moviechat.retrieval.encoder import TextEncoder
from moviechat.retrieval.index import Index
from moviechat.retrieval.lexical import terms
from moviechat.schema import Movie

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

    def column(self, name: str) -> Array:
        """Year, runtime (minutes), rating or votes, float64 [films]; NaN where there is none."""
        return self._index.columns.column(name)

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
        """What `text` shares with each film's texts, genres and titles (BM25), 1 for the best film; [films]."""
        scores, _ = self._index.words.scores(terms(tokenize(text)))
        return scores / max(float(scores.max(initial=0.0)), 1e-9)

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
        # Hashes first: few films share a title and a year, and only those are compared.
        marks = np.fromiter((hash((m.title.casefold(), m.year)) for m in self._movies), np.int64, len(self._movies))
        order = np.argsort(marks, kind="stable")
        alike = np.flatnonzero(marks[order][1:] == marks[order][:-1])
        rows = sorted({int(order[i]) for at in alike for i in (at, at + 1)}, key=self._named)
        return [pair for _, same in groupby(rows, self._named) for pair in _joined(list(same), self._movies)]

    def _named(self, row: int) -> tuple[str, int]:
        return key(self._movies[row].title), self._movies[row].year


def _joined(rows: Sequence[int], movies: Sequence[Movie]) -> list[list[int]]:
    """Of films of one title and year, those that share a person, together."""
    groups: list[tuple[set[str], list[int]]] = []
    for row in rows:
        people, joined = credited(movies[row]), [row]
        for group in [g for g in groups if g[0] & people]:
            groups.remove(group)
            people, joined = people | group[0], group[1] + joined
        groups.append((people, joined))
    return [joined for _, joined in groups if len(joined) > 1]
