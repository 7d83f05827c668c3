"""Passage vectors: exact inner products by FAISS, read from disk without being loaded."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from moviechat.retrieval import arrays
from moviechat.retrieval.arrays import Array

_FILE = "passages.faiss"


def build(vectors: Array, rows: Array, films: int, folder: Path) -> None:
    """Index normalised `vectors` [passages, width], of films `rows` (ascending), into `folder`.

    The mean and the covariance of the vectors are kept, so that a query's scores can be standardised without
    computing them all: over all passages v, q.v has mean q.m and variance q'Cq.
    """
    import faiss

    folder.mkdir(parents=True, exist_ok=True)
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(np.ascontiguousarray(vectors, np.float32))
    faiss.write_index(index, str(folder / _FILE))
    starts = np.searchsorted(rows, np.arange(films + 1)).astype(np.int64)
    mean, exact = np.zeros(vectors.shape[1]), vectors.astype(np.float64)
    spread = np.zeros((vectors.shape[1],) * 2)
    if len(vectors):
        mean = exact.mean(axis=0)
        spread = exact.T @ exact / len(exact) - np.outer(mean, mean)
    arrays.save(
        folder,
        starts=starts,
        rows=rows.astype(np.int32),
        mean=mean.astype(np.float32),
        covariance=spread.astype(np.float32),
    )


class Vectors:
    """The vectors of all passages, film by film."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._starts, self._rows, self._mean, self._covariance = (
            arrays.load(folder, name) for name in ("starts", "rows", "mean", "covariance")
        )

    def __len__(self) -> int:
        return len(self._rows)

    @cached_property
    def _index(self) -> Any:
        import faiss

        return faiss.read_index(str(self._folder / _FILE), faiss.IO_FLAG_MMAP_IFC)

    @cached_property
    def _all(self) -> Array:
        import faiss

        flat: Array = faiss.rev_swig_ptr(self._index.get_xb(), self._index.ntotal * self._index.d)
        return flat.reshape(self._index.ntotal, self._index.d)

    def nearest(self, query: Array, count: int, allowed: Array | None) -> Array:
        """Rows of the films of the `count` best passages for a normalised `query` [width], best first, with repeats.

        `allowed` [films] marks the films that may be found.
        """
        if not len(self):
            return np.zeros(0, np.int32)
        _, found = self._index.search(query[None], min(count, len(self)), params=self._only(allowed))
        rows: Array = self._rows[found[0][found[0] >= 0]]
        return rows

    def _only(self, allowed: Array | None) -> Any:
        if allowed is None:
            return None
        import faiss

        api: Any = faiss  # its stubs know the C++ signatures only
        bits = np.packbits(allowed[self._rows], bitorder="little")
        return api.SearchParameters(sel=api.IDSelectorBitmap(bits))

    def standardised(self, query: Array, films: Array) -> Array:
        """The best passage's inner product of each of `films` [n] in standard deviations; -1 for one without text."""
        begins, ends = self._starts[films], self._starts[films + 1]
        best = np.full(len(films), -1.0, np.float32)
        spread = float(query @ self._covariance @ query) ** 0.5
        told = np.flatnonzero(ends > begins)
        if not len(told) or not spread > 0:
            return best
        sizes = (ends - begins)[told]
        firsts = np.cumsum(sizes) - sizes
        passages = np.arange(sizes.sum()) + np.repeat(begins[told] - firsts, sizes)
        highest = np.maximum.reduceat(self._all[passages] @ query, firsts)
        best[told] = (highest - query @ self._mean) / spread
        return best
