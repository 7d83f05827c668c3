"""Search and recommendation over a large synthetic catalogue: build time, load time, memory, latency, hits.

    python benchmarks/large.py [--films 1000000] [--queries 200] [--seed 11] [--folder KEPT]

A film has a title of two or three words, a cast, votes and forty words drawn by Zipf's law. A query is half of a film's
words, a third of them replaced. Vectors are sums of random word vectors, so that search by meaning can work; the
pipeline's own encoder (models/fetch_models) reads every query too, and its time counts. The search runs in a separate
process, whose peak memory is printed; then it recommends for all kinds of wishes. A kept folder is not built again.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from moviechat import frames, params, paths
from moviechat.arrays import Array
from moviechat.catalogue import load_movies
from moviechat.chat.recommend import recommend
from moviechat.chat.taste import Taste
from moviechat.chat.wish import Like, Wish
from moviechat.limits import Credit, Limits
from moviechat.metrics import mean, recall_at
from moviechat.retrieval import index
from moviechat.retrieval.columns import Columns
from moviechat.retrieval.encoder import Encoder
from moviechat.retrieval.index import Index
from moviechat.retrieval.search import Search
from moviechat.retrieval.sparse import Weights
from moviechat.schema import Movie, Passage
from moviechat.threads import yield_soon

WIDTH, VOCABULARY, PEOPLE, WORDS, REPLACED = 384, 100_000, 300_000, 40, 1 / 3
GENRES = ("Action", "Comedy", "Crime", "Drama", "Horror", "Romance", "Sci-Fi", "Thriller")
_CONSONANTS, _VOWELS = "bdfgklmnprstvz", "aeiou"


def main() -> None:
    """Build, then search in another process, and print the times."""
    yield_soon()
    asked = _arguments()
    if asked.search:
        _search(asked)
        return
    with tempfile.TemporaryDirectory() as passing:
        folder = asked.folder or Path(passing)
        if not (folder / "index").is_dir():
            _build(folder, asked)
        subprocess.run([sys.executable, __file__, *sys.argv[1:], "--search", str(folder)], check=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="A whole search over a large synthetic catalogue.")
    parser.add_argument("--films", type=int, default=1_000_000)
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--folder", type=Path, help="folder to keep the index in")
    parser.add_argument("--search", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


class Summed:
    """An encoder whose vectors are sums of word vectors; the most common words weigh least."""

    name, width = "summed", WIDTH

    def __init__(self, seed: int, reader: Encoder | None = None) -> None:
        self._vectors = np.random.default_rng(seed).standard_normal((VOCABULARY, WIDTH), np.float32)
        self._vectors *= np.log1p(np.arange(VOCABULARY, dtype=np.float32))[:, None]
        self._places = {word: i for i, word in enumerate(_words(VOCABULARY))}
        self._reader = reader

    def encode(self, texts: Sequence[str]) -> Array:
        """float32 [texts, WIDTH]; each row has length 1. The `reader`, if any, encodes the texts too."""
        if self._reader:
            self._reader.encode(texts)
        known = [[self._places[w] for w in text.lower().split() if w in self._places] or [0] for text in texts]
        total = np.stack([self._vectors[places].sum(axis=0) for places in known])
        unit: Array = total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-9)
        return unit


def _words(count: int) -> list[str]:
    """`count` different pronounceable words, the same at every call."""
    syllables = [c + v for c in _CONSONANTS for v in _VOWELS]
    size = len(syllables)
    return [syllables[i % size] + syllables[i // size % size] + syllables[i // size**2] + "n" for i in range(count)]


def _drawn(films: int, seed: int) -> Array:
    """The words of each film's text, int [films, WORDS]."""
    return np.minimum(np.random.default_rng(seed).zipf(1.2, (films, WORDS)) - 1, VOCABULARY - 1)


def _build(folder: Path, asked: argparse.Namespace) -> None:
    start, words, drawn = time.perf_counter(), _words(VOCABULARY), _drawn(asked.films, asked.seed)
    movies = _movies(words, asked)
    texts = (" ".join(words[w] for w in row) for row in drawn.tolist())
    passages = {
        m.tconst: [Passage(m.tconst, 0, text, None, "made up", None, None, None)]
        for m, text in zip(movies, texts, strict=True)
    }
    frames.write_parquet(frames.frame(Movie, movies), folder / "movies.parquet")
    print(f"{asked.films:,} synthetic films in {time.perf_counter() - start:.0f} s", flush=True)
    start, p = time.perf_counter(), params.load().build_index.model_dump()
    with tempfile.TemporaryDirectory() as cache:
        index.build(movies, passages, Summed(asked.seed), Path(cache), folder / "index", p)
    size = sum(f.stat().st_size for f in (folder / "index").rglob("*") if f.is_file())
    print(
        f"indexed in {time.perf_counter() - start:.0f} s, {size / 1e6:,.0f} MB; {_peak():,.0f} MB of memory", flush=True
    )


def _movies(words: list[str], asked: argparse.Namespace) -> list[Movie]:
    draw, n = np.random.default_rng(asked.seed + 1), asked.films
    titles, sizes = draw.integers(0, VOCABULARY, (n, 3)).tolist(), draw.integers(2, 4, n).tolist()
    names = draw.integers(0, VOCABULARY, (PEOPLE, 2)).tolist()
    people = [f"{words[a].title()} {words[b].title()}" for a, b in names]
    cast, genres = draw.integers(0, PEOPLE, (n, 4)).tolist(), draw.integers(0, len(GENRES), n).tolist()
    years, votes = (
        draw.integers(1920, 2023, n).tolist(),
        (draw.pareto(0.5, n).clip(0, 1e6) * 10 + 5).astype(int).tolist(),
    )
    movies = []
    for i in range(n):
        title = " ".join(words[w].title() for w in titles[i][: sizes[i]])
        director, *actors = (people[p] for p in cast[i])
        credits: dict[str, Any] = {"directors": (director,), "cast": tuple(actors), "characters": ("",) * len(actors)}
        movies.append(
            Movie(f"tt{i:08d}", title, title, years[i], 100, (GENRES[genres[i]],), 6.0, int(votes[i]), **credits)
        )
    return movies


def _search(asked: argparse.Namespace) -> None:
    start, folder = time.perf_counter(), asked.search
    movies = load_movies(folder / "movies.parquet")
    table = time.perf_counter() - start
    print(f"the table is loaded in {table:.1f} s, {_peak():,.0f} MB at most", flush=True)
    weights = Weights.of(params.load().search.model_dump())
    search = Search(Index(folder / "index", movies), Summed(asked.seed, Encoder(paths.ENCODER)), movies, weights)
    asks, own = _queries(len(movies), asked)
    search.search(asks[0])
    print(f"the first search is answered {time.perf_counter() - start - table:.1f} s later", flush=True)
    times: list[float] = []
    found: list[list[str]] = []
    for query in asks:
        begun = time.perf_counter()
        hits = search.search(query)
        times.append(1e3 * (time.perf_counter() - begun))
        found.append([h.tconst for h in hits])
    limits = _limits_ms(movies, Index(folder / "index", movies).columns)
    told = {
        "limits ms, at most": round(max(limits), 1),
        "p50 ms": round(float(np.percentile(times, 50)), 1),
        "p99 ms": round(float(np.percentile(times, 99)), 1),
        "R@1": mean([recall_at(hits, {movies[row].tconst}, 1) for hits, row in zip(found, own, strict=True)]),
        "R@10": mean([recall_at(hits, {movies[row].tconst}, 10) for hits, row in zip(found, own, strict=True)]),
        "peak MB": round(_peak()),
    }
    print(json.dumps(told))
    _recommend(search, movies, asks)


def _recommend(search: Search, movies: Sequence[Movie], asks: Sequence[str]) -> None:
    """Wishes by words, moods, one and two films, with and without limits."""
    taste = Taste.from_json(params.load().chat.model_dump())
    shelf: Any = SimpleNamespace(films=search.films, taste=taste, passages={})
    draw, start = random.Random(1), time.perf_counter()
    recommend(Wish(like=(Like(movies[0].tconst),)), shelf)
    print(f"the first recommendation is made {time.perf_counter() - start:.1f} s later", flush=True)
    times: list[float] = []
    for ask in asks:
        likes = tuple(Like(m.tconst) for m in draw.sample(movies, 2))
        limits = Limits(genres_any=GENRES[:4], year_min=1980, rating_min=5.0)
        for wish in (Wish(), Wish(words=ask), Wish(moods=("funny",)), Wish(like=likes[:1]), Wish(limits, like=likes)):
            begun = time.perf_counter()
            recommend(wish, shelf)
            times.append(1e3 * (time.perf_counter() - begun))
    told = {f"recommend p{p} ms": round(float(np.percentile(times, p)), 1) for p in (50, 95)}
    print(json.dumps(told | {"peak MB": round(_peak())}))


def _limits_ms(movies: Sequence[Movie], columns: Columns) -> list[float]:
    """Milliseconds of all kinds of limits at once that one film in a hundred thousand, or at least twenty, meet."""
    times = []
    for movie in movies[:: min(100_000, max(1, len(movies) // 20))]:
        people = (Credit(movie.directors[0], "director"), Credit(movie.cast[0]))
        asked = Limits(
            genres_all=movie.genres, genres_not=("War", *GENRES[:2]), year_min=movie.year - 5, year_max=movie.year + 5,
            runtime_max=120, rating_min=5.0, votes_min=1, people=people, people_not=("Nobody",),
        )  # fmt: skip
        begun = time.perf_counter()
        columns.keeps(asked)
        times.append(1e3 * (time.perf_counter() - begun))
    return times


def _queries(films: int, asked: argparse.Namespace) -> tuple[list[str], list[int]]:
    draw, words, drawn = np.random.default_rng(asked.seed + 2), _words(VOCABULARY), _drawn(films, asked.seed)
    own = draw.integers(0, films, asked.queries)
    half = drawn[own][:, : WORDS // 2]
    others = np.minimum(draw.zipf(1.2, half.shape) - 1, VOCABULARY - 1)
    mixed = np.where(draw.random(half.shape) < REPLACED, others, half)
    return [" ".join(words[w] for w in row) for row in mixed.tolist()], own.tolist()


def _peak() -> float:
    """Peak memory of this process in MB; getrusage would include its parent's."""
    told = Path("/proc/self/status").read_text(encoding="utf-8")
    return float(re.search(r"VmHWM:\s+(\d+)", told)[1]) / 1e3  # type: ignore[index]


if __name__ == "__main__":
    main()
