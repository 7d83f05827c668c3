"""Passage vectors in FAISS (Johnson et al., 2017, arXiv:1702.08734), memory-mapped.

A query is compared with all passages if they are few. More than `exact` are in inverted lists, with 8 bits per number,
and a query is compared with the nearest lists (benchmarks/scale.py measures gain and loss).
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from moviechat import arrays
from moviechat.arrays import Array
from moviechat.errors import BundleError

_FILE = "passages.faiss"
_READ = 32  # a query reads one in so many lists, and at most one in so many passages
_LEAST = 20_000  # passages that may always be read: lists have unequal lengths
_LEARNT = 64  # vectors per list to learn its centre from
_BLOCK = 100_000  # vectors per step of the covariance


def build(vectors: Array, rows: Array, films: int, folder: Path, exact: int) -> None:
    """Index normalised `vectors` [passages, width], of films `rows` (ascending), into `folder`; lists above `exact`.

    Mean and covariance of the vectors are stored, so that a query's scores can be standardised without computing them
    all: over all passages v, q.v has mean q.m and variance q'Cq.
    """
    import faiss

    folder.mkdir(parents=True, exist_ok=True)
    vectors = np.ascontiguousarray(vectors, np.float32)
    index: Any = _lists(vectors) if len(vectors) > exact else faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    faiss.write_index(index, str(folder / _FILE))
    starts = np.searchsorted(rows, np.arange(films + 1)).astype(np.int64)
    mean, spread = _moments(vectors)
    arrays.save(
        folder,
        starts=starts,
        rows=rows.astype(np.int32),
        mean=mean.astype(np.float32),
        covariance=spread.astype(np.float32),
    )


def _lists(vectors: Array) -> Any:
    import faiss

    api: Any = faiss  # the stubs know the C++ signatures only
    lists = 2 ** round(np.log2(2 * len(vectors) ** 0.5))
    index = api.index_factory(vectors.shape[1], f"IVF{lists},SQ8", faiss.METRIC_INNER_PRODUCT)
    index.cp.max_points_per_centroid = _LEARNT
    index.train(vectors[:: max(len(vectors) // (_LEARNT * lists), 1)])
    return index


def _moments(vectors: Array) -> tuple[Array, Array]:
    """Mean [width] and covariance [width, width] of `vectors`, summed in float64."""
    width, number = vectors.shape[1], max(len(vectors), 1)
    total, squares = np.zeros(width), np.zeros((width, width))
    for start in range(0, len(vectors), _BLOCK):
        block = vectors[start : start + _BLOCK].astype(np.float64)
        total += block.sum(axis=0)
        squares += block.T @ block
    mean = total / number
    return mean, squares / number - np.outer(mean, mean)


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

        path = self._folder / _FILE
        try:
            index: Any = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
        except RuntimeError as error:
            reason = " ".join(str(error).split())[:300]
            raise BundleError(f"{path} is no FAISS index ({reason}): run `dvc repro build_index`") from None
        if hasattr(index, "nlist"):
            index.make_direct_map()
        return index

    @property
    def _inverted(self) -> bool:
        return hasattr(self._index, "nlist")

    @cached_property
    def _all(self) -> Array:
        import faiss

        flat: Array = faiss.rev_swig_ptr(self._index.get_xb(), self._index.ntotal * self._index.d)
        return flat.reshape(self._index.ntotal, self._index.d)

    def nearest(self, queries: Array, count: int, allowed: Array | None) -> Array:
        """Rows of the films of the `count` best passages for each of normalised `queries` [n, width], with repeats.

        They are in the order of the queries, best first. `allowed` [films] marks the films that may be found.
        """
        if not len(self):
            return np.zeros(0, np.int32)
        _, found = self._index.search(queries, min(count, len(self)), params=self._how(allowed))
        rows: Array = self._rows[found[found >= 0]]
        return rows

    def _how(self, allowed: Array | None) -> Any:
        import faiss

        api: Any = faiss
        wanted: dict[str, Any] = {}
        share = 1.0
        if allowed is not None:
            kept = allowed[self._rows]
            share = max(float(kept.mean()), 1e-9)
            wanted["sel"] = api.IDSelectorBitmap(np.packbits(kept, bitorder="little"))
        if self._inverted:
            # The fewer films are allowed, the more passages must be read to find as many of them.
            lists, part = self._index.nlist, min(1 / _READ / share, 1.0)
            most = max(int(len(self) * part), _LEAST)
            return api.SearchParametersIVF(nprobe=max(int(lists * part), 1), max_codes=most, **wanted)
        return api.SearchParameters(**wanted) if wanted else None

    def standardised(self, query: Array, films: Array) -> Array:
        """The best passage's inner product for each of `films` [n], in standard deviations; -1 without text."""
        begins, ends = self._starts[films], self._starts[films + 1]
        best = np.full(len(films), -1.0, np.float32)
        spread = float(query @ self._covariance @ query) ** 0.5
        told = np.flatnonzero(ends > begins)
        if not len(told) or not spread > 0:
            return best
        stored, firsts = self._passages(begins[told], ends[told])
        highest = np.maximum.reduceat(stored @ query, firsts)
        best[told] = (highest - query @ self._mean) / spread
        return best

    def centres(self, films: Array) -> Array:
        """The mean direction of the passages of each of `films` [n], float32 [n, width]; 0 without text."""
        begins, ends = self._starts[films], self._starts[films + 1]
        means = np.zeros((len(films), self._index.d), np.float32)
        told = np.flatnonzero(ends > begins)
        if len(told):
            stored, firsts = self._passages(begins[told], ends[told])
            means[told] = np.add.reduceat(stored, firsts, axis=0)
        lengths = np.linalg.norm(means, axis=1, keepdims=True)
        centred: Array = means / np.maximum(lengths, 1e-9)
        return centred

    def _passages(self, begins: Array, ends: Array) -> tuple[Array, Array]:
        """The vectors of the passages [begin, end) end to end, and where each film's begin."""
        sizes = ends - begins
        firsts = np.cumsum(sizes) - sizes
        passages = np.arange(sizes.sum()) + np.repeat(begins - firsts, sizes)
        return self._index.reconstruct_batch(passages) if self._inverted else self._all[passages], firsts
