"""Split the films (never the rows) into train, validation and test."""

from __future__ import annotations

import hashlib
from pathlib import Path

import polars as pl

from moviechat import params, paths
from moviechat.errors import DataError
from moviechat.frames import read_parquet, write_parquet
from moviechat.launch import launch
from moviechat.schema import Movie, QAPair

PARTS = ("train", "validation", "test")


def run(p: params.Split, *, pairs: Path = paths.PAIRS, movies: Path = paths.MOVIES, out: Path = paths.SPLIT) -> None:
    """Write the pairs (columns of schema.QAPair, in order) to train, validation and test.parquet, split by film."""
    table = read_parquet(pairs, QAPair, "generate_qa")
    twins = oldest(read_parquet(movies, Movie, "filter"))
    films = table["tconst"].unique().to_list()
    parts = {tconst: part(twins.get(tconst, tconst), p) for tconst in films}
    placed = table["tconst"].replace_strict(parts, return_dtype=pl.String)
    held = {name: table.filter(placed == name) for name in PARTS}
    counts = {name: list(parts.values()).count(name) for name in PARTS}
    _refuse_empty(counts, p)
    for name, rows in held.items():
        write_parquet(rows, out / f"{name}.parquet")
        print(f"{name:<12}{counts[name]:>8,} films{len(rows):>10,} pairs")


def part(tconst: str, p: params.Split) -> str:
    """The part of a film, by a seeded hash of its id: it does not depend on other films."""
    digest = hashlib.sha256(f"{p.seed}:{tconst}".encode()).digest()
    share = int.from_bytes(digest[:8], "big") / 2**64
    if share < p.test:
        return "test"
    return "validation" if share < p.test + p.validation else "train"


def oldest(movies: pl.DataFrame) -> dict[str, str]:
    """The lowest id of the film of each entry: a film that is listed a second time later moves none."""
    film = pl.coalesce("same_as", "tconst")
    # Shorter ids are lower numbers.
    lowest = pl.col("tconst").sort_by(pl.col("tconst").str.len_bytes(), "tconst").first().over(film)
    return dict(movies.select("tconst", lowest.alias("lowest")).iter_rows())


def _refuse_empty(counts: dict[str, int], p: params.Split) -> None:
    empty = [name for name, count in counts.items() if not count]
    if empty:
        told = ", ".join(f"{name} {count:,}" for name, count in counts.items())
        raise DataError(
            f"no film falls into {' and '.join(empty)} (films: {told}) with split.validation {p.validation}, "
            f"split.test {p.test}, split.seed {p.seed}: change one of them, or add pairs about more films"
        )


if __name__ == "__main__":
    launch("split", run)
