"""The catalogue's two tables as records: films and their passages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from moviechat import frames
from moviechat.schema import Movie, Passage


def load_movies(path: Path) -> list[Movie]:
    """The films of movies.parquet, in its order; raises DataError if it is missing or damaged."""
    columns = [_column(c) for c in frames.read_parquet(path, Movie, "filter")]
    return [Movie(*row) for row in zip(*columns, strict=True)]


def load_passages(path: Path) -> dict[str, list[Passage]]:
    """The passages of passages.parquet by tconst, in its order; raises DataError if it is missing or damaged."""
    found: dict[str, list[Passage]] = {}
    for row in frames.read_parquet(path, Passage, "describe").iter_rows():
        found.setdefault(row[0], []).append(Passage(*row))
    return found


def _column(column: Any) -> list[Any]:
    values: list[Any] = column.to_list()
    return [tuple(v) for v in values] if column.dtype.is_nested() else values
