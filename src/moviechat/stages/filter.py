"""Keep the films of the catalogue, with their ratings, people and other titles; count what was dropped and why."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from moviechat import params, paths
from moviechat.errors import DataError
from moviechat.files import write_text
from moviechat.frames import columns, write_parquet
from moviechat.imdb.credits import alternative_titles, people
from moviechat.imdb.doubles import same_as
from moviechat.imdb.fields import BASICS_READ, RATINGS_READ, is_blank, is_long, is_lost, number, titles
from moviechat.imdb.reading import Tables
from moviechat.imdb.tables import BASICS, RATINGS
from moviechat.launch import launch
from moviechat.schema import PEOPLE, Movie, Outside

YEAR = "year"


def run(
    p: params.Filter,
    *,
    tables: Path = paths.DOWNLOAD,
    movies: Path = paths.MOVIES,
    outside: Path = paths.OUTSIDE,
    dropped: Path = paths.DROPPED,
) -> None:
    """Write the catalogue (columns of schema.Movie, sorted by tconst), and to `dropped` what became of the others.

    Well-known films that only the years exclude go to `outside` (columns of schema.Outside, sorted).
    """
    source = Tables(tables)
    ratings, mended = _ratings(source)
    known = ratings.filter(pl.col("votes") >= p.outside_votes)
    own, others, counts = _titles(source, known, p)
    judged = own.join(ratings, on="tconst", how="left").with_columns(pl.col("votes").fill_null(0))
    films = _left(judged, _rating_rules(p), counts)[0].sort("tconst", "title", "year", "runtime")
    catalogue = films.unique("tconst", keep="first", maintain_order=True)
    counts["listed twice"] = len(films) - len(catalogue)
    _refuse_nothing(catalogue, counts, p, tables)
    joined = _joined(source, catalogue, p.max_cast)
    doubles = same_as(joined)
    write_parquet(_linked(joined, doubles), movies)
    write_parquet(_outside(others, known), outside)
    mended["runtime unknown"] = int(catalogue["lost runtime"].sum())
    _tell(counts, mended, source.odd, len(joined), doubles, dropped)


def _ratings(source: Tables) -> tuple[pl.DataFrame, dict[str, int]]:
    """The ratings, each id once; how many numbers are out of range, and so unknown, and how many ids came twice."""
    fields = ("rating", "votes")
    found = source.read(RATINGS, RATINGS_READ)
    lost = [is_lost(field).sum().alias(f"{field} unknown") for field in fields]
    mended: dict[str, int] = found.select(lost).row(0, named=True)
    ratings = found.select("tconst", *map(number, fields)).unique("tconst", keep="first", maintain_order=True)
    return ratings, mended | {"rated twice": len(found) - len(ratings)}


def _titles(source: Tables, known: pl.DataFrame, p: params.Filter) -> tuple[pl.DataFrame, pl.DataFrame, Counter[str]]:
    """The titles that their own row does not drop; the `known` ones of other years; how many each rule dropped."""
    rules, types, others = _own_rules(p), pl.Series(p.title_types), list[pl.DataFrame]()
    counts = Counter(dict.fromkeys(("title type", *rules), 0))

    def sifted(rows: pl.DataFrame) -> pl.DataFrame:
        counts["title type"] -= len(rows)
        left, dropped = _left(rows, rules, counts)
        others.append(dropped[YEAR].join(known, on="tconst", how="semi", maintain_order="left").select(titles()))
        return left.select(titles())

    found = source.read(BASICS, BASICS_READ, where=("titleType", types), change=sifted)
    counts["title type"] += (source.rows[BASICS.name] or 0) - source.odd[BASICS.name]
    return found, pl.concat(others), counts


def _left(
    rows: pl.DataFrame, rules: Mapping[str, pl.Expr], counts: Counter[str]
) -> tuple[pl.DataFrame, dict[str, pl.DataFrame]]:
    """The rows that no rule drops, and those that each drops; a row is asked about until the first that drops it."""
    dropped = {}
    for name, rule in rules.items():
        is_dropped = rows.select(rule).to_series()
        dropped[name] = rows.filter(is_dropped)
        counts[name] += len(dropped[name])
        rows = rows.filter(~is_dropped)
    return rows, dropped


def _outside(others: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """The well-known films of other years: of those that nothing but their year drops."""
    named = others.filter(pl.col("year").is_not_null() & ~is_blank("title") & ~is_long("title"))
    wanted = columns(Outside)
    joined = named.unique("tconst", keep="first", maintain_order=True).join(known, on="tconst")
    return joined.select(wanted.keys()).cast(wanted).sort("title", "year", "votes")


def _own_rules(p: params.Filter) -> dict[str, pl.Expr]:
    """What drops a title of the right type by its own row, in the order in which it is asked."""
    return {
        "adult": (pl.col("isAdult") == "1").fill_null(False) & (not p.adult),
        YEAR: ~number("year").is_between(p.first_year, p.last_year).fill_null(False),
        "no id or title": is_blank("tconst") | is_blank("primaryTitle"),
        "title too long": is_long("primaryTitle"),
    }


def _rating_rules(p: params.Filter) -> dict[str, pl.Expr]:
    """Rules on a title's row in title.ratings, applied after the others."""
    return {
        "no rating": pl.col("rating").is_null() & p.rated,
        "too few votes": pl.col("votes") < p.min_votes,
    }


def _joined(source: Tables, films: pl.DataFrame, max_cast: int) -> pl.DataFrame:
    others = alternative_titles(source, films.select("tconst", "title"))
    joined = films.join(people(source, films.select("tconst"), max_cast), on="tconst", how="left")
    joined = joined.join(others, on="tconst", how="left")
    lists = [pl.col(name).fill_null([]) for name in (*PEOPLE, "characters", "alternative_titles", "people_ids")]
    return joined.with_columns(lists).sort("tconst")


def _linked(films: pl.DataFrame, doubles: Mapping[str, str]) -> pl.DataFrame:
    wanted = columns(Movie)
    linked = pl.col("tconst").replace_strict(doubles, default=None, return_dtype=pl.String).alias("same_as")
    return films.with_columns(linked).select(wanted.keys()).cast(wanted)


def _refuse_nothing(catalogue: pl.DataFrame, counts: Mapping[str, int], p: params.Filter, folder: Path) -> None:
    if catalogue.is_empty():
        told = ", ".join(f"{reason} {n:,}" for reason, n in counts.items() if n)
        asked = ", ".join(f"filter.{name} {value}" for name, value in p.model_dump().items() if name != "max_cast")
        raise DataError(f"no title of {folder} is left with {asked} (dropped: {told}): loosen one of them")


def _tell(
    counts: Mapping[str, int],
    mended: Mapping[str, int],
    odd: Mapping[str, int],
    kept: int,
    doubles: Mapping[str, str],
    dropped: Path,
) -> None:
    read = kept + sum(counts.values())
    summary: dict[str, Any] = {"read": read, "kept": kept, "dropped": dict(counts), "mended": dict(mended)}
    summary |= {"odd_rows": {table: n for table, n in odd.items() if n}, "same_as": dict(doubles)}
    write_text(json.dumps(summary, indent=1) + "\n", dropped)
    lines = {
        "titles read": read,
        **{f"- {reason}": n for reason, n in counts.items()},
        "films kept": kept,
        **{what: n for what, n in mended.items() if n},
        **{f"odd rows of {table}": n for table, n in odd.items() if n},
        "suspected doubles": len(doubles),
    }
    for name, n in lines.items():
        print(f"{name:<28}{n:>12,}")


if __name__ == "__main__":
    launch("filter", run)
