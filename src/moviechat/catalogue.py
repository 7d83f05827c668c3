"""The catalogue's tables as records: films, passages, facts, and the well-known films outside it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from moviechat import frames
from moviechat.schema import Fact, Movie, Outside, Passage


def load_movies(path: Path) -> list[Movie]:
    """The films of movies.parquet, in its order; raises DataError if it is missing or damaged."""
    columns = [_column(c) for c in frames.read_parquet(path, Movie, "filter")]
    return [Movie(*row) for row in zip(*columns, strict=True)]


def load_outside(path: Path) -> list[Outside]:
    """The films of outside.parquet, in its order; raises DataError if it is missing or damaged."""
    return [Outside(*row) for row in frames.read_parquet(path, Outside, "filter").iter_rows()]


def load_passages(path: Path) -> dict[str, list[Passage]]:
    """The passages of passages.parquet by tconst, in its order; raises DataError if it is missing or damaged."""
    found: dict[str, list[Passage]] = {}
    for row in frames.read_parquet(path, Passage, "describe").iter_rows():
        found.setdefault(row[0], []).append(Passage(*row))
    return found


def load_facts(path: Path) -> dict[str, dict[str, tuple[str, ...]]]:
    """The values of facts.parquet by tconst and field, in its order; raises DataError if it is missing or damaged."""
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for tconst, field, value in _facts(path, "tconst", "field", "value"):
        fields = found.setdefault(tconst, {})
        fields[field] = (*fields.get(field, ()), value)
    return found


def _facts(path: Path, *columns: str) -> Iterator[tuple[Any, ...]]:
    table = frames.read_parquet(path, Fact, "enrich")
    return zip(*(table[name].to_list() for name in columns), strict=True)


def _column(column: Any) -> list[Any]:
    values: list[Any] = column.to_list()
    return [tuple(v) for v in values] if column.dtype.is_nested() else values
