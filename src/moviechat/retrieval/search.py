"""The one call that finds films: names, people, words and meaning combined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from moviechat.arrays import Array
from moviechat.errors import BundleError
from moviechat.limits import Limits
from moviechat.linking.linker import Linker, Reading
from moviechat.linking.mentions import FilmMention, PersonMention, apart
from moviechat.linking.text import Text
from moviechat.reply import Hit
from moviechat.retrieval.encoder import Encoder, TextEncoder
from moviechat.retrieval.films import Films
from moviechat.retrieval.index import Index
from moviechat.retrieval.sparse import Sparse, Weights
from moviechat.schema import Movie

MAX_CHARACTERS = 10_000  # maximum characters of a query; the rest is ignored
_NEAREST = 200  # candidates: passages by meaning, and films by words
_SURE = 0.5  # a mention with this probability makes the query a question about that film, not a description
# Added for a film that is named surely, perhaps (two terms), or in a story.
_NAMED, _POSSIBLE, _LIKELY, _MENTIONED = 60.0, 16.0, 20.0, 2.6
_NAMESAKE = 20.0  # added for the likeliest film of a name, over the others of that name
_PERSON = 0.3  # minimum probability for a last name; full names always count
_STORY = 30  # minimum words of a description of one film; a shorter one may fit many
_MANY, _SAMPLED = 100_000, 64  # of more scores, a sample (one in so many) gives the threshold
_EMBEDDED = 80  # words of a query that are embedded; more cost time and improve nothing measurable


@dataclass(frozen=True, slots=True)
class Explained:
    """A hit, and what each part of the search added to its score."""

    hit: Hit
    parts: dict[str, float]


class Search:
    """A search over a catalogue. The encoder is loaded at the first query that names no film."""

    def __init__(self, index: Index, encoder: TextEncoder, movies: Sequence[Movie], weights: Weights) -> None:
        self._index, self._encoder, self._movies, self._weights = index, encoder, movies, weights

    @classmethod
    def load(cls, index: Path, encoder: Path, movies: Sequence[Movie], weights: Weights) -> Search:
        """Open the index folder that was built for `movies`, and the encoder that it was built with.

        Raises BundleError if the folder is damaged, of another format, or built for another catalogue.
        """
        opened = Index(index, movies)
        p = opened.parameters
        return cls(opened, Encoder(encoder, p["batch_size"], p["max_tokens"]), movies, weights)

    def search(self, query: str, limit: int = 10, within: Limits | None = None) -> list[Hit]:
        """At most `limit` films for `query` (any text), best first, each once; all meet the limits `within`.

        A query without words finds nothing, or, with limits, the films with the most votes.
        """
        return [found.hit for found in self.explain(query, limit, within)]

    @cached_property
    def linker(self) -> Linker:
        """Finds the films and people that a text names."""
        return Linker(self._index.titles, self._index.people, self._index.lexicon, self._movies)

    def explain(self, query: str, limit: int = 10, within: Limits | None = None) -> list[Explained]:
        """The result of `search`, with what each part added."""
        query = query[:MAX_CHARACTERS]
        allowed = self._index.columns.keeps(within) if within else None
        read = self.linker.read(query)
        if not read.text.tokens:
            return self._ranked(*self._most_voted(allowed), limit, allowed) if within else []
        return self._ranked(*self._scored(read, limit, allowed), limit, allowed)

    def unknown(self, within: Limits) -> dict[str, dict[str, tuple[str, ...]]]:
        """By limit: the values that no film has, each with names of similar spelling."""
        return self._index.columns.unknown(within)

    @cached_property
    def films(self) -> Films:
        """The catalogue as a ranking reads it."""
        return Films(self._index, self._encoder, self._movies)

    def _most_voted(self, allowed: Array | None) -> tuple[Array, dict[str, Array]]:
        rows = np.arange(len(self._movies)) if allowed is None else np.flatnonzero(allowed)
        return rows, {"votes": self._index.columns.column("votes")[rows]}

    def _scored(self, reading: Reading, limit: int, allowed: Array | None) -> tuple[Array, dict[str, Array]]:
        """The candidate films, and what each part adds to their scores."""
        read, films = reading.text, reading.films()
        scores = self._sparse.scores(read, self._persons(read, reading.people()))
        named, everywhere = self._named(read, films), scores.everywhere()
        if allowed is not None:
            everywhere[~allowed] = -np.inf
        sure = read.asks and any(m.films for m in apart(films, _SURE))
        settled = len(read.tokens) > _STORY and self._settled(everywhere, named)
        vector = None if sure or settled else self._vector(read)
        rows = self._close(everywhere, named, vector, max(limit, _NEAREST), allowed)
        parts = scores.of(rows)
        parts["name"] = np.array([named.get(int(row), 0.0) for row in rows])
        if vector is not None:
            parts["meaning"] = self._weights.vector * self._index.vectors.standardised(vector, rows)
        return rows, parts

    def _persons(self, read: Text, people: Sequence[PersonMention]) -> set[int]:
        """The catalogue's people named in a text; in a story, last names are those of its characters."""
        meant = [m for m in apart(people, 0.0) if m.how == "exact" or (read.asks and m.score >= _PERSON)]
        return {p for m in meant for p in self._index.people.called(m.name)}

    def _named(self, read: Text, films: Sequence[FilmMention]) -> dict[int, float]:
        """The rows of films that the query names or may name, and what that adds."""
        scores: dict[int, float] = {}
        for mention in films:
            score = _mention_score(read, mention)
            for rank, tconst in enumerate((*mention.films, *mention.doubles)):
                if (row := self.films.row(tconst)) is not None:
                    scores[row] = max(scores.get(row, 0.0), score - _NAMESAKE * min(rank, 1))
        return scores

    def _settled(self, everywhere: Array, named: dict[int, float]) -> bool:
        """Whether the words of a story identify one film so clearly that its meaning need not be compared."""
        total = everywhere.copy()
        for row, score in named.items():
            total[row] += score
        best = np.sort(total[_highest(total, 2)])
        return len(best) == 2 and bool(best[1] - best[0] >= self._weights.settled_by)

    def _close(
        self, everywhere: Array, named: dict[int, float], vector: Array | None, count: int, allowed: Array | None
    ) -> Array:
        """The rows, ascending, of the named films and of the `count` best by words and by meaning."""
        rows = [_highest(everywhere, count), np.fromiter(named, np.int64, len(named))]
        if vector is not None:
            rows.append(self._index.vectors.nearest(vector[None], count, allowed))
        films = np.unique(np.concatenate(rows).astype(np.int64))
        return films if allowed is None else films[allowed[films]]

    @cached_property
    def _sparse(self) -> Sparse:
        return Sparse(self._index, self._weights)

    def _vector(self, read: Text) -> Array:
        if self._encoder.name != self._index.encoder:
            raise BundleError("the encoder is not the one that the index was built with: run `dvc repro bundle`")
        vector: Array = self._encoder.encode([read.text[: read.tokens[:_EMBEDDED][-1].end]])[0]
        return vector

    def _ranked(self, rows: Array, parts: dict[str, Array], limit: int, allowed: Array | None) -> list[Explained]:
        """The best films, each once: by the entry that stands for it, if that one is allowed."""
        total = sum(parts.values(), np.zeros(len(rows)))
        found: dict[str, Explained] = {}
        # Of equal scores the lower row comes first, so that a search always gives the same hits.
        for i in np.lexsort((rows, -total)):
            if len(found) >= limit:
                break
            row = int(rows[i])
            movie = self._movies[row]
            film = movie.film
            if film not in found:
                first = row if movie.same_as is None else self.films.row(film)
                shown = row if first is None or (allowed is not None and not allowed[first]) else first
                added = {name: round(float(part[i]), 4) for name, part in parts.items()}
                found[film] = self._explained(shown, float(total[i]), added)
        return list(found.values())

    def _explained(self, row: int, score: float, parts: dict[str, float]) -> Explained:
        movie = self._movies[row]
        return Explained(Hit(movie.tconst, movie.title, movie.year, round(score, 4)), parts)


def _mention_score(read: Text, mention: FilmMention) -> float:
    if not read.asks:  # a description that names a film describes another one
        return _MENTIONED * mention.score
    if mention.score >= _SURE:
        return _NAMED * mention.score
    own = sum(t.end - t.start for t, content in zip(read.tokens, read.content, strict=True) if content)
    share = min((mention.span[1] - mention.span[0]) / max(own, 1), 1.0)
    return share * (_POSSIBLE + _LIKELY * mention.score)


def _highest(scores: Array, count: int) -> Array:
    """The rows of the `count` highest scores, without those of -inf."""
    rows = _above(scores, count)
    apart = len(rows) - count
    found = rows[np.argpartition(scores[rows], apart)[apart:]] if apart > 0 else rows
    return found[scores[found] > -np.inf]


def _above(scores: Array, count: int) -> Array:
    """Rows that include the `count` highest; of many scores, those above a threshold estimated from a sample."""
    if len(scores) >= _MANY:
        sample, place = scores[::_SAMPLED], 4 * count // _SAMPLED + 1
        rows = np.flatnonzero(scores >= np.partition(sample, len(sample) - place)[-place])
        if len(rows) >= count:
            return rows
    return np.arange(len(scores))
