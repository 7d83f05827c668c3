"""The index of a catalogue: built into one folder, opened lazily from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from moviechat.errors import BundleError
from moviechat.linking.lexicon import Lexicon
from moviechat.linking.people import People, credited
from moviechat.linking.spelling import tokenize
from moviechat.linking.titles import Titles, called
from moviechat.retrieval import folder, lexical, vectors
from moviechat.retrieval.columns import Columns, Facts
from moviechat.retrieval.embeddings import embed
from moviechat.retrieval.encoder import TextEncoder
from moviechat.schema import Movie, Outside, Passage

T = TypeVar("T")


def build(
    movies: Sequence[Movie],
    passages: Mapping[str, Sequence[Passage]],
    encoder: TextEncoder,
    cache: Path,
    out: Path,
    parameters: Mapping[str, Any],
    facts: Facts | None = None,
    outside: Sequence[Outside] = (),
    embedder: TextEncoder | None = None,
) -> dict[str, int]:
    """Index `movies`, their `passages` and `facts` into the folder `out`; returns the counts of its contents.

    `parameters` are those of params.BuildIndex. Of the films in `outside` only the names are kept. `embedder` replaces
    `encoder` for the passages. Equal input gives equal bytes. Shows progress bars.
    """
    texts = {m.tconst: [p.text for p in passages.get(m.tconst, ())] for m in movies}
    described = [(row, m.embedded(text)) for row, m in enumerate(movies) for text in texts[m.tconst]]
    rows = np.array([row for row, _ in described], np.int32)
    embedding = embed([text for _, text in described], embedder or encoder, cache)
    vectors.build(embedding, rows, len(movies), out / "vectors", parameters["exact_passages"])
    for field, documents in _fields(movies, texts).items():
        lexical.build(documents, out / field, k1=parameters["bm25_k1"], b=parameters["bm25_b"])
    Titles.build(movies, passages, outside).save(out / "titles")
    people = People.build(movies)
    people.save(out / "people")
    Lexicon.build((t for ts in texts.values() for t in ts), dict.fromkeys(people.names)).save(out / "lexicon")
    Columns.build(movies, facts).save(out / "columns")
    counts = {"films": len(movies), "passages": len(described), "people": len(people.names)}
    said = {"counts": counts, "parameters": dict(parameters), "encoder": encoder.name}
    folder.describe(out, catalogue=folder.digest(movies), **said)
    return counts


def _fields(movies: Sequence[Movie], texts: Mapping[str, Sequence[str]]) -> dict[str, list[list[str]]]:
    return {
        "words": [_terms(*texts[m.tconst], *m.genres, *called(m)) for m in movies],
        "name_words": [_terms(*sorted(credited(m)), *m.characters) for m in movies],
    }


def _terms(*texts: str) -> list[str]:
    return lexical.terms(tokenize(" ".join(texts)))


class Index:
    """An index folder; each part is checked and opened at first use. Raises BundleError if it is damaged."""

    def __init__(self, path: Path, movies: Sequence[Movie]) -> None:
        self._path, self._said = path, folder.read(path)
        if self._said.get("catalogue") != folder.digest(movies):
            raise BundleError(
                f"{path} was built for another catalogue, not these {len(movies):,} films: {folder.REMEDY}"
            )

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters of the build (params.BuildIndex)."""
        return dict(self._said["parameters"])

    @property
    def encoder(self) -> str:
        """The name of the encoder that computed the vectors."""
        return str(self._said["encoder"])

    @cached_property
    def vectors(self) -> vectors.Vectors:
        """The passages' vectors."""
        return self._opened("vectors", vectors.Vectors)

    @cached_property
    def words(self) -> lexical.Field:
        """BM25 over texts, genres and titles."""
        return self._opened("words", lexical.Field)

    @cached_property
    def name_words(self) -> lexical.Field:
        """BM25 over the names of people and characters."""
        return self._opened("name_words", lexical.Field)

    @cached_property
    def titles(self) -> Titles:
        """The spellings of titles."""
        return self._opened("titles", Titles.load)

    @cached_property
    def people(self) -> People:
        """The people and their films."""
        return self._opened("people", People.load)

    @cached_property
    def lexicon(self) -> Lexicon:
        """Word frequencies."""
        return self._opened("lexicon", Lexicon.load)

    @cached_property
    def columns(self) -> Columns:
        """The columns that limits are checked against."""
        return self._opened("columns", Columns.load)

    def _opened(self, part: str, load: Callable[[Path], T]) -> T:
        folder.check(self._path, part, self._said)
        with folder.telling(self._path / part):
            return load(self._path / part)
