"""Embed the passages, and index films by vector, word, name and fact."""

from __future__ import annotations

from pathlib import Path

from moviechat import files, params, paths
from moviechat.catalogue import load_facts, load_movies, load_outside, load_passages
from moviechat.launch import launch
from moviechat.retrieval import index
from moviechat.retrieval.encoder import Encoder, Portable


def run(
    p: params.BuildIndex,
    *,
    movies: Path = paths.MOVIES,
    outside: Path = paths.OUTSIDE,
    facts: Path = paths.FACTS,
    passages: Path = paths.PASSAGES,
    encoder: Path = paths.ENCODER,
    cache: Path = paths.CACHE,
    out: Path = paths.BUILD_INDEX,
) -> None:
    """Fill `out` with the index of `movies`, `facts` and `passages`, and with the names of films `outside`.

    Vectors are cached in `cache`, so a killed build resumes. Raises DataError for an input that is missing or damaged,
    BundleError for an invalid `encoder`.
    """
    films, texts, known, others = load_movies(movies), load_passages(passages), load_facts(facts), load_outside(outside)
    with files.whole(out) as partial:
        model = Encoder(encoder, p.batch_size, p.max_tokens)
        embedder = Portable(encoder, p.max_tokens) if p.portable else model
        counts = index.build(films, texts, model, cache, partial, p.model_dump(), known, others, embedder)
    size = sum(f.stat().st_size for f in out.rglob("*") if f.is_file())
    told = ", ".join(f"{count:,} {name}" for name, count in counts.items())
    print(f"{out}: {told}; {size / 1e6:.0f} MB")


if __name__ == "__main__":
    launch("build_index", run)
