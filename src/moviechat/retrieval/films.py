"""The catalogue as a ranking reads it: columns, words and vectors by row."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property, lru_cache

import numpy as np

from moviechat.arrays import Array
from moviechat.errors import BundleError
from moviechat.limits import Limits
from moviechat.linking.spelling import tokenize
from moviechat.retrieval.encoder import TextEncoder
from moviechat.retrieval.index import Index
from moviechat.retrieval.lexical import terms
from moviechat.schema import Movie

_FULL = 0.2  # share of the rarity of all words of a text that a film needs for a score of 1
_REMEMBERED = 256  # cached vectors of texts: moods recur


class Films:
    """Implements chat.films.Films on an index. The encoder is loaded when a text is first encoded."""

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
        """Which films meet all of `limits`, bool [films]."""
        return self._index.columns.keeps(limits)

    def lacking(self, limits: Limits) -> dict[str, int]:
        """How many films are left out only because a value is unknown, by kind of limit."""
        return self._index.columns.lacking(limits)

    def column(self, name: str) -> Array:
        """Year, runtime (minutes), rating or votes, float64 [films]; NaN where unknown."""
        return self._index.columns.column(name)

    @cached_property
    def fame(self) -> Array:
        """Popularity of every film: log10(votes + 1), [films]."""
        fame: Array = np.log10(self.column("votes") + 1)
        return fame

    def having(self, kind: str, name: str) -> Array:
        """The rows, ascending, of the films of a genre ("genres"), or of a person by role (limits.Role)."""
        return self._index.columns.films(kind, name)

    def alike(self, genres: Sequence[str], rows: Array) -> Array:
        """Cosine of the genres of each of `rows` with `genres`, rare genres weighing most, 0 to 1; float64 [n]."""
        rarity, lengths = self._rarity
        shared = np.zeros(len(self._movies))
        for genre in genres:
            shared[self.having("genres", genre)] += rarity.get(genre, 0.0) ** 2
        own = sum(rarity.get(genre, 0.0) ** 2 for genre in genres) ** 0.5
        cosine: Array = shared[rows] / np.maximum(lengths[rows] * own, 1e-9)
        return cosine

    @cached_property
    def _rarity(self) -> tuple[dict[str, float], Array]:
        """The weight of each genre by rarity, and the length of each film's genre vector."""
        films = {genre: self.having("genres", genre) for genre in self._index.columns.names("genres")}
        rarity = {genre: float(np.log(2 * len(self._movies) / len(rows))) for genre, rows in films.items()}
        squares = np.zeros(len(self._movies), np.float32)
        for genre, rows in films.items():
            squares[rows] += rarity[genre] ** 2
        return rarity, np.sqrt(squares)

    def words(self, text: str) -> Array:
        """Words that `text` shares with each film's texts, genres and titles (BM25), [films]: 1 for the best film.

        Less if even the best film has few of the words: a chance match of chatter says little.
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
        """The mean direction of the passages of each of `rows`, float32 [n, width]; 0 without text."""
        return self._index.vectors.centres(rows)

    def nearest(self, vectors: Array, count: int, allowed: Array | None) -> Array:
        """The rows of the films of the `count` passages nearest to each of `vectors` [n, width], of `allowed`."""
        return self._index.vectors.nearest(vectors, count, allowed)

    def meaning(self, vector: Array, rows: Array) -> Array:
        """Similarity of `vector` and the best passage of `rows`, in standard deviations; -1 without text."""
        return self._index.vectors.standardised(vector, rows)

    def doubles(self) -> Sequence[Sequence[int]]:
        """Groups of rows that are one film under several ids."""
        return self._doubles

    @cached_property
    def _doubles(self) -> list[list[int]]:
        groups: dict[str, list[int]] = {}
        for row, movie in enumerate(self._movies):
            if movie.same_as is not None:
                groups.setdefault(movie.same_as, []).append(row)
        named = ((self.row(film), rows) for film, rows in groups.items())
        return [sorted(rows if first is None else [first, *rows]) for first, rows in named]
