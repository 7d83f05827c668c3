"""Keep the films of the catalogue, with their ratings, people and other titles; count what was dropped and why."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from moviechat import params, paths
from moviechat.errors import DataError
from moviechat.files import write_text
from moviechat.frames import columns, write_parquet
from moviechat.imdb.catalogue import PEOPLE, Tables, alternative_titles, people
from moviechat.imdb.tables import AKAS, BASICS, CREW, NAMES, PRINCIPALS, RATINGS
from moviechat.launch import launch
from moviechat.schema import Movie, Outside


def run(
    p: params.Filter,
    *,
    tables: Path = paths.DOWNLOAD,
    movies: Path = paths.MOVIES,
    outside: Path = paths.OUTSIDE,
    dropped: Path = paths.DROPPED,
) -> None:
    """Write the catalogue (columns of schema.Movie, sorted by tconst) and the count of titles dropped by reason.

    Well-known films that only the years exclude go to `outside` (columns of schema.Outside, sorted).
    """
    source = Tables(tables)
    films, counts = _judged(source, p)
    catalogue = films.sort("tconst", "title", "year", "runtime").unique("tconst", keep="first", maintain_order=True)
    counts["listed twice"] = len(films) - len(catalogue)
    _refuse_nothing(catalogue, counts, p, tables)
    write_parquet(_joined(source, catalogue, p.max_cast), movies)
    write_parquet(_outside(source, p), outside)
    _tell(counts, len(catalogue), dropped)


def _judged(source: Tables, p: params.Filter) -> tuple[pl.DataFrame, dict[str, int]]:
    """The titles that no rule drops, and how many each rule dropped."""
    own, rated = _own_rules(p), _rating_rules(p)
    titles = source.scan(BASICS).select(_fields()).with_columns(_first(own))
    by_own = source.collect(BASICS, titles.group_by("reason").len())
    source.compare(BASICS, int(by_own["len"].sum()))
    left = source.collect(BASICS, titles.filter(pl.col("reason").is_null()))
    # Ratings are joined to what is left: to all 11 million titles that would take 2 GB.
    judged = left.join(_ratings(source, left), on="tconst", how="left").with_columns(pl.col("votes").fill_null(0))
    judged = judged.with_columns(_first(rated))
    by_rating = judged.group_by("reason").len()
    counted = {**dict(by_rating.iter_rows()), **{r: n for r, n in by_own.iter_rows() if r}}
    return judged.filter(pl.col("reason").is_null()), {reason: counted.get(reason, 0) for reason in (*own, *rated)}


def _ratings(source: Tables, films: pl.DataFrame) -> pl.DataFrame:
    source.check(RATINGS)
    found = source.collect(RATINGS, source.scan(RATINGS).join(films.lazy(), on="tconst", how="semi"))
    rating, votes = _number("averageRating", pl.Float64), _number("numVotes", pl.Int64)
    return found.select("tconst", rating.alias("rating"), votes.alias("votes")).unique("tconst", keep="first")


def _outside(source: Tables, p: params.Filter) -> pl.DataFrame:
    """The films with at least `p.outside_votes` that nothing but their year drops."""
    votes = source.scan(RATINGS).select("tconst", _number("numVotes", pl.Int64).alias("votes"))
    known = source.collect(RATINGS, votes.filter(pl.col("votes") >= p.outside_votes)).unique("tconst", keep="first")
    titles = source.scan(BASICS).join(known.lazy(), on="tconst", how="semi").select(_fields())
    others = titles.with_columns(_first(_own_rules(p))).filter(
        (pl.col("reason") == "year") & pl.col("year").is_not_null()
    )
    named = source.collect(BASICS, others.filter(~_is_blank("tconst") & ~_is_blank("title")))
    joined = named.unique("tconst", keep="first").join(known, on="tconst")
    wanted = columns(Outside)
    return joined.select(wanted.keys()).cast(wanted).sort("title", "year", "votes")


def _fields() -> list[pl.Expr]:
    title, original = pl.col("primaryTitle"), pl.col("originalTitle")
    return [
        pl.col("tconst"),
        title.alias("title"),
        pl.when(original.is_null() | (original == "")).then(title).otherwise(original).alias("original_title"),
        _number("startYear", pl.Int64).alias("year"),
        _number("runtimeMinutes", pl.Int64).alias("runtime"),
        pl.when(pl.col("genres") != "").then(pl.col("genres").str.split(",")).otherwise([]).alias("genres"),
        pl.col("titleType"),
        pl.col("isAdult"),
    ]


def _number(column: str, dtype: type[pl.DataType]) -> pl.Expr:
    return pl.col(column).cast(dtype, strict=False)


def _own_rules(p: params.Filter) -> dict[str, pl.Expr]:
    """What drops a title by its own row, in the order in which it is asked; null is "not known"."""
    return {
        "title type": ~pl.col("titleType").is_in(p.title_types).fill_null(False),
        "adult": (pl.col("isAdult") == "1").fill_null(False) & pl.lit(not p.adult),
        "year": ~pl.col("year").is_between(p.first_year, p.last_year).fill_null(False),
        "no id or title": _is_blank("tconst") | _is_blank("title"),
    }


def _rating_rules(p: params.Filter) -> dict[str, pl.Expr]:
    """Rules on a title's row in title.ratings, applied after the others."""
    return {
        "no rating": pl.col("rating").is_null() & pl.lit(p.rated),
        "too few votes": pl.col("votes") < p.min_votes,
    }


def _is_blank(column: str) -> pl.Expr:
    return pl.col(column).is_null() | (pl.col(column) == "")


def _first(rules: Mapping[str, pl.Expr]) -> pl.Expr:
    """`reason`: the name of the first rule that drops the title, null if none does."""
    named = [pl.when(dropped).then(pl.lit(name)) for name, dropped in rules.items()]
    return pl.coalesce(named).alias("reason")


def _joined(source: Tables, films: pl.DataFrame, max_cast: int) -> pl.DataFrame:
    ids = films.select("tconst")
    for table in (t for t in (CREW, PRINCIPALS, NAMES, AKAS) if source.has(t)):
        source.check(table)
    others = alternative_titles(source, films.select("tconst", "title"))
    joined = films.join(people(source, ids, max_cast), on="tconst", how="left").join(others, on="tconst", how="left")
    lists = [pl.col(name).fill_null([]) for name in (*PEOPLE, "characters", "alternative_titles")]
    wanted = columns(Movie)
    return joined.with_columns(lists).select(wanted.keys()).cast(wanted).sort("tconst")


def _refuse_nothing(catalogue: pl.DataFrame, counts: Mapping[str, int], p: params.Filter, folder: Path) -> None:
    if catalogue.is_empty():
        told = ", ".join(f"{reason} {n:,}" for reason, n in counts.items() if n)
        asked = ", ".join(f"filter.{name} {value}" for name, value in p.model_dump().items() if name != "max_cast")
        raise DataError(f"no title of {folder} is left with {asked} (dropped: {told}): loosen one of them")


def _tell(counts: Mapping[str, int], kept: int, dropped: Path) -> None:
    read = kept + sum(counts.values())
    summary = {"read": read, "kept": kept, "dropped": dict(counts)}
    write_text(json.dumps(summary, indent=1) + "\n", dropped)
    for name, n in (("titles read", read), *((f"- {r}", n) for r, n in counts.items()), ("films kept", kept)):
        print(f"{name:<16}{n:>12,}")


if __name__ == "__main__":
    launch("filter", run)
