"""Films that IMDb lists under two ids."""

from __future__ import annotations

from itertools import groupby

import polars as pl

People = tuple[list[str], list[str]]  # directors, cast


def same_as(films: pl.DataFrame) -> dict[str, str]:
    """The id of each suspected double -> the id that stands for the film: the one with most votes.

    Two ids are suspected to be one film that have title, year and runtime in common, and somebody: of the directors
    if both have some, else of the cast; or that have the runtime known and nobody on record who could contradict.
    """
    key = [pl.col("title").str.to_lowercase().str.strip_chars(), "year", "runtime"]
    alike = films.filter(pl.len().over(key) > 1).sort([*key, -pl.col("votes"), "tconst"], nulls_last=True)
    found: dict[str, str] = {}
    rows = alike.select("title", "year", "runtime", "tconst", "directors", "cast").iter_rows()
    for (_, _, runtime), group in groupby(rows, lambda row: (row[0].lower().strip(), *row[1:3])):
        kept: list[tuple[str, People]] = []
        for *_, tconst, directors, cast in group:
            people = (directors, cast)
            twin = next((one for one, others in kept if _is_shared(people, others, runtime is not None)), None)
            if twin:
                found[tconst] = twin
            else:
                kept.append((tconst, people))
    return dict(sorted(found.items()))


def _is_shared(people: People, others: People, timed: bool) -> bool:
    for here, there in zip(people, others, strict=True):
        if here and there:
            return bool(set(here) & set(there))
    return timed
