"""Parquet tables whose columns are a record's fields."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from types import NoneType
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

from moviechat.errors import DataError
from moviechat.files import replacing

if TYPE_CHECKING:
    import polars as pl


def columns(kind: type) -> pl.Schema:
    """The parquet columns of a record of schema.py: its fields, in order (`X | None` is a nullable X)."""
    import polars as pl

    return pl.Schema({name: _column(hint) for name, hint in get_type_hints(kind).items()})


def _column(hint: Any) -> pl.DataType:
    import polars as pl

    plain = next(a for a in get_args(hint) if a is not NoneType) if NoneType in get_args(hint) else hint
    types: dict[Any, pl.DataType] = {
        str: pl.String(),
        int: pl.Int64(),
        float: pl.Float64(),
        bool: pl.Boolean(),
        tuple[str, ...]: pl.List(pl.String()),
    }
    return types[plain]


def frame(kind: type, rows: Iterable[Any]) -> pl.DataFrame:
    """Records of `kind` as a frame with `columns(kind)`."""
    import polars as pl

    records, schema = list(rows), columns(kind)
    return pl.DataFrame({name: [getattr(r, name) for r in records] for name in schema}, schema=schema)


def write_parquet(table: pl.DataFrame, path: Path) -> None:
    """Write `table` atomically; the same rows give the same bytes."""
    with replacing(path) as partial:
        table.write_parquet(partial)


def read_parquet(path: Path, kind: type, stage: str) -> pl.DataFrame:
    """Read what `stage` wrote; raises DataError if it is missing, damaged or has other columns than `kind`."""
    import polars as pl

    try:
        table = pl.read_parquet(path, glob=False)
    except FileNotFoundError:
        raise DataError(f"{path} is missing: run `dvc repro {stage}`") from None
    except pl.exceptions.PolarsError as error:
        raise DataError(f"{path} is damaged ({error}): run `dvc repro --force {stage}`") from None
    if table.schema != columns(kind):
        found = ", ".join(table.columns)
        raise DataError(f"{path} has other columns ({found}): run `dvc repro --force {stage}`")
    return table
