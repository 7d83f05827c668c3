"""Time and memory of each search engine over synthetic films, by the size of the catalogue.

    python benchmarks/scale.py [--films 100000 1000000] [--queries 50] [--seed 11]

A film is one vector (a cluster's centre plus noise) and forty words drawn by Zipf's law. Queries are films' vectors
with noise, and twelve words; "found" is the share whose own film is among the 200 nearest.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from moviechat.arrays import Array
from moviechat.retrieval.lexical import Field
from moviechat.threads import yield_soon

WIDTH, CLUSTERS, NEAREST, WORDS, ASKED, VOCABULARY = 384, 2000, 200, 40, 12, 100_000
BLOCK = 50_000  # films generated at once
TRAINED = 64  # vectors per list to learn its centre from
ENGINES = {"exact, float32": "Flat", "exact, 8 bit": "SQ8", "inverted lists, 8 bit": "IVF{lists},SQ8"}
_ROW = "{:<12}{:<26}{:>9}{:>9}{:>8}{:>9}{:>10}"


def main() -> None:
    """Print the table: one row per number of films and engine."""
    yield_soon()
    asked = _arguments()
    print(_ROW.format("films", "engine", "p50 ms", "p99 ms", "found", "MB", "build s"))
    for films in asked.films:
        for name, factory in ENGINES.items():
            lists = 2 ** round(np.log2(2 * films**0.5))
            print(_vectors(films, name, factory.format(lists=lists), asked), flush=True)
        print(_words(films, asked), flush=True)
    print(f"peak memory of the whole run: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:,.0f} MB")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="A search over synthetic films, by size and engine.")
    parser.add_argument("--films", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--queries", type=int, default=50)
    parser.add_argument("--seed", type=int, default=11)
    return parser.parse_args()


def _made(block: int, size: int, seed: int) -> Array:
    """Vectors [size, WIDTH] of a block of films, the same at every call."""
    centres = np.random.default_rng(seed).standard_normal((CLUSTERS, WIDTH), np.float32)
    draw = np.random.default_rng((seed, block))
    return _unit(centres[draw.integers(0, CLUSTERS, size)] + draw.standard_normal((size, WIDTH), np.float32))


def _unit(vectors: Array) -> Array:
    unit: Array = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


def _vectors(films: int, name: str, factory: str, asked: argparse.Namespace) -> str:
    import faiss

    start, api = time.perf_counter(), faiss
    index: Any = api.index_factory(WIDTH, factory, faiss.METRIC_INNER_PRODUCT)
    lists = getattr(index, "nlist", 0)
    index.train(_made(0, min(films, max(TRAINED * lists, BLOCK)), asked.seed))
    for block in range(-(-films // BLOCK)):
        index.add(_made(block, min(BLOCK, films - block * BLOCK), asked.seed))
    built = time.perf_counter() - start
    if lists:
        index.nprobe = max(lists // 32, 1)
    draw = np.random.default_rng(asked.seed + 1)
    own = draw.integers(0, min(BLOCK, films), asked.queries)
    noise = draw.standard_normal((asked.queries, WIDTH), np.float32) / WIDTH**0.5
    queries = _unit(_made(0, min(BLOCK, films), asked.seed)[own] + noise)
    met = [False] * asked.queries

    def find(i: int) -> None:
        met[i] = int(own[i]) in index.search(queries[i : i + 1], NEAREST)[1][0]

    times = _timed(find, asked.queries)
    return _told(films, name, times, f"{np.mean(met):.2f}", index.sa_code_size() * films / 1e6, built)


def _words(films: int, asked: argparse.Namespace) -> str:
    start, draw = time.perf_counter(), np.random.default_rng(asked.seed)
    words = np.minimum(draw.zipf(1.2, films * WORDS) - 1, VOCABULARY - 1)
    pairs = np.unique(words * films + np.repeat(np.arange(films), WORDS))
    with tempfile.TemporaryDirectory() as folder:
        size = _saved(pairs, films, Path(folder))
        field, built = Field(Path(folder)), time.perf_counter() - start
        queries = np.minimum(draw.zipf(1.2, (asked.queries, ASKED)) + 20, VOCABULARY - 1)
        field.scores(["0"])
        times = _timed(lambda i: field.scores(map(str, queries[i])), asked.queries)
    return _told(films, "BM25 over the texts", times, "", size, built)


def _saved(pairs: Array, films: int, folder: Path) -> float:
    import bm25s

    index: Any = bm25s.BM25()
    starts = np.searchsorted(pairs, np.arange(VOCABULARY + 1) * films)
    scores = np.repeat(np.log1p(films / np.maximum(np.diff(starts), 1)), np.diff(starts)).astype(np.float32)
    numbers = (pairs % films).astype(np.int32)
    index.scores = {"data": scores, "indices": numbers, "indptr": starts.astype(np.int64), "num_docs": films}
    index.nonoccurrence_array = None
    index.vocab_dict = {str(i): i for i in range(VOCABULARY)}
    index.save(folder, show_progress=False)
    return sum(f.stat().st_size for f in folder.iterdir()) / 1e6


def _timed(job: Callable[[int], Any], count: int) -> list[float]:
    times = []
    for i in range(count):
        start = time.perf_counter()
        job(i)
        times.append(1e3 * (time.perf_counter() - start))
    return times


def _told(films: int, name: str, times: list[float], found: str, megabytes: float, built: float) -> str:
    median, worst = (f"{np.percentile(times, q):.1f}" for q in (50, 99))
    return _ROW.format(f"{films:,}", name, median, worst, found, f"{megabytes:,.0f}", f"{built:.0f}")


if __name__ == "__main__":
    main()
