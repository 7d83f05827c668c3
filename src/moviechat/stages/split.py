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
from moviechat.words import fold

PARTS = ("train", "validation", "test")


def run(p: params.Split, *, pairs: Path = paths.PAIRS, movies: Path = paths.MOVIES, out: Path = paths.SPLIT) -> None:
    """Write the pairs (columns of schema.QAPair, in order) to train, validation and test.parquet, split by film."""
    table = read_parquet(pairs, QAPair, "generate_qa")
    twins = oldest_twins(read_parquet(movies, Movie, "filter"))
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


def oldest_twins(movies: pl.DataFrame) -> dict[str, str]:
    """Every film's lowest id among films of one title and year (ignoring case, diacritics, punctuation)."""
    oldest: dict[tuple[str, int], str] = {}
    found: dict[str, tuple[str, int]] = {}
    # Shorter ids are lower numbers: a film that is listed a second time later moves none.
    for tconst, title, year in sorted(movies.select("tconst", "title", "year").iter_rows(), key=_by_number):
        found[tconst] = (_normalised(title), year)
        oldest.setdefault(found[tconst], tconst)
    return {tconst: oldest[film] for tconst, film in found.items()}


def _by_number(row: tuple[str, str, int]) -> tuple[int, str]:
    return len(row[0]), row[0]


def _normalised(title: str) -> str:
    return "".join(c for c in fold(title) if c.isalnum()) or title


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
