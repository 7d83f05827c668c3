"""Films that IMDb lists under two ids."""

from __future__ import annotations

from itertools import groupby

import polars as pl


def same_as(films: pl.DataFrame) -> dict[str, str]:
    """The id of each suspected double -> the id that stands for the film: the one with most votes.

    Two ids are suspected to be one film that have title, year and runtime in common, and a director (or, where neither
    has one, somebody of the cast).
    """
    key = [pl.col("title").str.to_lowercase().str.strip_chars(), "year", "runtime"]
    alike = films.filter(pl.len().over(key) > 1).sort([*key, -pl.col("votes"), "tconst"], nulls_last=True)
    found: dict[str, str] = {}
    rows = alike.select("title", "year", "runtime", "tconst", "directors", "cast").iter_rows()
    for _, group in groupby(rows, lambda row: (row[0].lower().strip(), *row[1:3])):
        kept: list[tuple[str, list[str], list[str]]] = []
        for *_, tconst, directors, cast in group:
            twin = next((other for other, d, c in kept if _shared(directors, d, cast, c)), None)
            if twin:
                found[tconst] = twin
            else:
                kept.append((tconst, directors, cast))
    return dict(sorted(found.items()))


def _shared(directors: list[str], others: list[str], cast: list[str], other_cast: list[str]) -> bool:
    if directors or others:
        return bool(set(directors) & set(others))
    return bool(set(cast) & set(other_cast))
