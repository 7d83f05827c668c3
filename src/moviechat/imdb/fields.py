"""What the cells of title.basics and title.ratings say: numbers out of range are unknown, and counted."""

from __future__ import annotations

import polars as pl

BASICS_READ = (
    "tconst", "titleType", "primaryTitle", "originalTitle", "isAdult", "startYear", "runtimeMinutes", "genres"
)  # fmt: skip
RATINGS_READ = ("tconst", "averageRating", "numVotes")

LONGEST_TEXT = 1000  # characters of a title or a name: the longest film title on record has about 250
_RUNTIMES = (1, 100_000)  # minutes: the longest film on record runs for 51,420
_RATINGS = (1.0, 10.0)
_VOTES = (0, 1_000_000_000)
_NUMBERS: dict[str, tuple[str, type[pl.DataType], tuple[float, float] | None]] = {
    "year": ("startYear", pl.Int64, None),  # any year: the parameters say which are kept
    "runtime": ("runtimeMinutes", pl.Int64, _RUNTIMES),
    "rating": ("averageRating", pl.Float64, _RATINGS),
    "votes": ("numVotes", pl.Int64, _VOTES),
}


def number(field: str) -> pl.Expr:
    """The number of a field; null where the cell is empty, no number, or out of range."""
    column, dtype, between = _NUMBERS[field]
    found = pl.col(column).cast(dtype, strict=False)
    return (pl.when(found.is_between(*between)).then(found) if between else found).alias(field)


def is_lost(field: str) -> pl.Expr:
    """Whether a cell says something that is not taken for the field's number."""
    return (pl.col(_NUMBERS[field][0]).is_not_null() & number(field).is_null()).alias(f"lost {field}")


def titles() -> list[pl.Expr]:
    """Of rows of title.basics: the fields that a film takes from there."""
    title, original = pl.col("primaryTitle"), pl.col("originalTitle")
    is_original = original.is_not_null() & (original != "") & ~is_long("originalTitle")
    return [
        pl.col("tconst"),
        title.alias("title"),
        pl.when(is_original).then(original).otherwise(title).alias("original_title"),
        number("year"),
        number("runtime"),
        pl.when(pl.col("genres") != "").then(pl.col("genres").str.split(",")).otherwise([]).alias("genres"),
        is_lost("runtime"),
    ]


def is_blank(column: str) -> pl.Expr:
    """Whether a cell is empty or not there."""
    return pl.col(column).is_null() | (pl.col(column) == "")


def is_long(column: str) -> pl.Expr:
    """Whether a text is longer than any title or name: a damaged line, which would cost gigabytes later."""
    return (pl.col(column).str.len_bytes() > 4 * LONGEST_TEXT) | (pl.col(column).str.len_chars() > LONGEST_TEXT)
