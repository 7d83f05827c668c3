"""BM25 (Robertson and Zaragoza, 2009) by bm25s over one field of the films; arrays are memory-mapped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from moviechat.arrays import Array
from moviechat.linking.spelling import Token
from moviechat.retrieval.folder import telling
from moviechat.words import STOP, stem

_READ = 500_000  # postings of the rarest words, read for every film; the rest is read for some films only
_NOTHING = "\0"  # a word that no text has: bm25s cannot index an empty vocabulary


def terms(tokens: Iterable[Token]) -> list[str]:
    """The stems of words, in order, without stop words."""
    return [stem(token.word) for token in tokens if token.word not in STOP]


def build(documents: Sequence[Sequence[str]], folder: Path, *, k1: float, b: float) -> None:
    """Index `documents` (terms of each film, in the table's order) into `folder`; equal input gives equal bytes."""
    import bm25s

    # bm25s numbers words in the order of a set, which differs between runs, so they are numbered here.
    vocabulary = {term: i for i, term in enumerate(sorted({_NOTHING, *(t for d in documents for t in d)}))}
    numbered = [[vocabulary[t] for t in d] or [vocabulary[_NOTHING]] for d in documents]
    index = bm25s.BM25(k1=k1, b=b, method="lucene")
    index.index((numbered, vocabulary), show_progress=False)
    index.save(folder, show_progress=False)


class Field:
    """The BM25 index of one field."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @cached_property
    def _index(self) -> Any:
        import bm25s

        with telling(self._folder):
            index = bm25s.BM25.load(self._folder, mmap=True)
            for name in ("data", "indices", "indptr"):  # slices of an array are cheaper than those of a memmap
                index.scores[name] = np.asarray(index.scores[name])
            int(index.scores["num_docs"])
            return index

    def scores(self, query: Iterable[str], read: int = _READ) -> tuple[Array, list[str]]:
        """BM25 of every film for the distinct terms of `query`, float64 [films], and the terms left for `rest`.

        In a large catalogue common words have most postings and say least. Words past the first `read` postings,
        rarest words first, are left to `rest`, for the films that the others have found.
        """
        known = sorted({t for t in query if t in self._index.vocab_dict}, key=lambda t: (self.held(t), t))
        enough = max(int(np.searchsorted(np.cumsum([self.held(t) for t in known]), read, "right")), 1)
        if not known:
            return np.zeros(self._films), []
        parts, postings = self._index.scores, [self._postings(t) for t in known[:enough]]
        films, scores = (np.concatenate([parts[name][p] for p in postings]) for name in ("indices", "data"))
        return np.bincount(films, scores, self._films), known[enough:]

    def rest(self, terms: Iterable[str], films: Array) -> Array:
        """What `terms` add to the scores of `films` (rows, ascending), float64 [n]."""
        # The same type as the array that is searched, which numpy would otherwise copy whole.
        parts, added, films = self._index.scores, np.zeros(len(films)), films.astype(np.int32)
        for postings in map(self._postings, terms):
            holding = parts["indices"][postings]
            at = np.minimum(np.searchsorted(holding, films), len(holding) - 1)
            added += np.where(holding[at] == films, parts["data"][postings][at], 0.0)
        return added

    def _postings(self, term: str) -> slice:
        i, starts = self._index.vocab_dict[term], self._index.scores["indptr"]
        return slice(int(starts[i]), int(starts[i + 1]))

    def held(self, term: str) -> int:
        """How many films' texts contain `term`."""
        i = self._index.vocab_dict.get(term)
        return 0 if i is None else int(self._index.scores["indptr"][i + 1] - self._index.scores["indptr"][i])

    @property
    def _films(self) -> int:
        return int(self._index.scores["num_docs"])
