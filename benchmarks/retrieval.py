"""Finding a film: moviechat's search against plain libraries and the published retriever, on the same queries.

    python benchmarks/retrieval.py [--queries known_items.jsonl] [--titles 600] [--systems bm25 moviechat] [--seed 11]
                                   [--absent title.basics.tsv.gz] [--embedded 200]

It reads the catalogue that the pipeline built (data/filter, data/describe, models/build_index). `--queries` are
descriptions without a title, one JSON object per line: {"query": text, "gold": [tconst, ...]}. `--absent` is an IMDb
table: 1,500 of its films that share no title with the catalogue are asked for, and each link to a film is an error.
`--embedded` texts are embedded by the pipeline's encoder and by sentence-transformers in PyTorch, float32.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from tqdm import tqdm

from moviechat import jsonl, params, paths
from moviechat.catalogue import load_movies, load_passages
from moviechat.evaluation.retrieval import DEPTH, Sought, title_queries
from moviechat.linking import apart
from moviechat.linking.spelling import key
from moviechat.linking.titles import called
from moviechat.metrics import mean, mrr, recall_at
from moviechat.quiet import quiet
from moviechat.retrieval.encoder import Encoder
from moviechat.retrieval.search import Search
from moviechat.retrieval.sparse import Weights
from moviechat.schema import Movie
from moviechat.words import tokens

Find = Callable[[str], Sequence[str]]  # a query -> tconsts, best first

_WARM_UP = 50  # warm-up queries of all lengths: parts load lazily, and the encoder compiles once per length
_ABSENT = 1500  # absent films asked for
# The questions that every system in the log was measured with; `evaluate` uses sentences by other authors.
_ASKED = (
    "What is {title} about?",
    "Who directed {title}?",
    "Tell me about {title}.",
    "How long is {title}?",
    "Is {title} any good?",
    "where does the story of {title} take place",
)
_ROW = "{:<22}{:<34}{:>8}{:>8}{:>8}{:>8}{:>10}{:>10}"


def main() -> None:
    """Print the table: one row per group of queries and system."""
    quiet()
    asked = _arguments()
    movies = load_movies(paths.MOVIES)
    sought = [*_described(asked.queries), *title_queries(movies, asked.titles * 3, asked.seed, _ASKED)]
    systems = {told: build(movies) for name, (told, build) in _SYSTEMS.items() if name in asked.systems}
    print(f"{len(movies):,} films")
    print(_ROW.format("queries", "system", "number", "R@1", f"R@{DEPTH}", "MRR", "p50 ms", "p99 ms"))
    results = {name: _run(name, find, sought) for name, find in systems.items()}
    for group in dict.fromkeys(s.group for s in sought):
        for name, rows in results.items():
            print(_line(group, name, [r for r in rows if r[0].group == group]))
    if asked.absent:
        _tell_linked(movies, asked.absent, asked.seed)
    if asked.embedded:
        _tell_embedded(asked.embedded)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Finding a film: moviechat against plain libraries.")
    parser.add_argument("--queries", type=Path, help="JSON lines of query and gold: descriptions without a title")
    parser.add_argument("--titles", type=int, default=600, help="number of films whose titles are asked for")
    parser.add_argument("--systems", nargs="+", choices=_SYSTEMS, default=list(_SYSTEMS))
    parser.add_argument("--absent", type=Path, help="a title.basics table with films that are not in the catalogue")
    parser.add_argument("--embedded", type=int, default=0, help="number of texts to embed with both encoders")
    parser.add_argument("--seed", type=int, default=11)
    return parser.parse_args()


def _described(path: Path | None) -> list[Sought]:
    rows = jsonl.read(path) if path else []
    return [Sought(row.text("query"), frozenset(row.value["gold"]), "described") for row in rows]


def _run(name: str, find: Find, sought: Sequence[Sought]) -> list[tuple[Sought, Sequence[str], float]]:
    for item in sought[:: max(len(sought) // _WARM_UP, 1)]:
        find(item.query)
    rows = []
    for item in tqdm(sought, desc=name, unit="query"):
        start = time.perf_counter()
        hits = find(item.query)
        rows.append((item, hits, 1e3 * (time.perf_counter() - start)))
    return rows


def _line(group: str, name: str, rows: Sequence[tuple[Sought, Sequence[str], float]]) -> str:
    first, deep = (mean([recall_at(hits, s.gold, k) for s, hits, _ in rows]) for k in (1, DEPTH))
    times = [t for _, _, t in rows]
    quality = [f"{v:.3f}" for v in (first, deep, mrr([(hits, s.gold) for s, hits, _ in rows]))]
    return _ROW.format(group, name, len(rows), *quality, *(f"{np.percentile(times, q):.1f}" for q in (50, 99)))


def _search(movies: Sequence[Movie]) -> Search:
    weights = Weights.of(params.load().search.model_dump())
    return Search.load(paths.BUILD_INDEX, paths.ENCODER, movies, weights)


def _tell_linked(movies: Sequence[Movie], table: Path, seed: int) -> None:
    search = _search(movies)
    own = {key(title) for m in movies for title in called(m)}
    titles = pl.scan_csv(table, separator="\t", quote_char=None, null_values="\\N", infer_schema=False).filter(
        (pl.col("titleType") == "movie") & ~pl.col("startYear").cast(pl.Int64).is_in([m.year for m in movies])
    )
    rows = titles.select("tconst", "primaryTitle", "startYear").drop_nulls().collect().sort("tconst")
    strange = [
        Movie(tconst, title, title, int(year), None, (), None, 0)
        for tconst, title, year in rows.unique("primaryTitle", keep="first", maintain_order=True).iter_rows()
        if key(title) not in own
    ]
    asked = title_queries(strange, _ABSENT * 3, seed, _ASKED)
    for group in dict.fromkeys(s.group for s in asked):
        linked = [any(m.films for m in apart(search.linker.films(s.query), 0.5)) for s in asked if s.group == group]
        print(f"not in the catalogue, {group}: {mean(linked):.4f} of {len(linked):,} linked nevertheless")


def _tell_embedded(count: int) -> None:
    from sentence_transformers import SentenceTransformer

    texts = [p.text for ps in load_passages(paths.PASSAGES).values() for p in ps]
    texts = texts[:: max(len(texts) // count, 1)][:count]
    plain: Any = SentenceTransformer(str(paths.ENCODER), device="cpu")
    ways: dict[str, Callable[[list[str]], Any]] = {
        "sentence-transformers, float32": lambda t: plain.encode(t, batch_size=64, show_progress_bar=False),
        "moviechat": Encoder(paths.ENCODER).encode,
    }
    for name, embed in ways.items():
        embed(texts)
        wall, busy = time.perf_counter(), time.process_time()
        embed(texts)
        wall, busy = time.perf_counter() - wall, time.process_time() - busy
        print(f"embedded by {name}: {count / wall:.1f} texts a second, {count / busy:.1f} a second of one core")


def _texts(movies: Sequence[Movie]) -> list[str]:
    passages = load_passages(paths.PASSAGES)
    return [" ".join([m.title, *(p.text for p in passages.get(m.tconst, []))]) for m in movies]


def _titles(movies: Sequence[Movie]) -> Find:
    return _vectors([m.title for m in movies], movies)


def _whole_texts(movies: Sequence[Movie]) -> Find:
    return _vectors(_texts(movies), movies)


def _vectors(texts: Sequence[str], movies: Sequence[Movie]) -> Find:
    """sentence-transformers and FAISS as in their manuals, one text per film."""
    import faiss
    from sentence_transformers import SentenceTransformer

    model: Any = SentenceTransformer(str(paths.ENCODER), device="cpu")
    index: Any = faiss.IndexFlatIP(model.get_embedding_dimension())
    index.add(model.encode(list(texts), normalize_embeddings=True, show_progress_bar=True))

    def find(query: str) -> list[str]:
        _, rows = index.search(model.encode([query], normalize_embeddings=True, show_progress_bar=False), DEPTH)
        return [movies[row].tconst for row in rows[0]]

    return find


def _bm25(movies: Sequence[Movie]) -> Find:
    """rank_bm25's BM25Okapi over title, genres, people and text."""
    from rank_bm25 import BM25Okapi

    fields = [
        " ".join([text, *m.genres, *m.cast, *m.directors]) for text, m in zip(_texts(movies), movies, strict=True)
    ]
    index = BM25Okapi([[t.casefold() for t in tokens(text)] for text in fields])

    def find(query: str) -> list[str]:
        scores = index.get_scores([t.casefold() for t in tokens(query)])
        return [movies[row].tconst for row in np.argsort(-scores, kind="stable")[:DEPTH]]

    return find


def _moviechat(movies: Sequence[Movie]) -> Find:
    search = _search(movies)
    search.search("a film about people who meet")
    return lambda query: [hit.tconst for hit in search.search(query, DEPTH)]


_SYSTEMS: dict[str, tuple[str, Callable[[Sequence[Movie]], Find]]] = {
    "published": ("published: titles, MiniLM, FAISS", _titles),
    "vectors": ("texts, MiniLM, FAISS", _whole_texts),
    "bm25": ("texts, rank_bm25", _bm25),
    "moviechat": ("moviechat", _moviechat),
}

if __name__ == "__main__":
    main()
