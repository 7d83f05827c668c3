"""Of IMDb's tables: who made each film, in which part, and its other titles."""

from __future__ import annotations

import json

import polars as pl

from moviechat.imdb.fields import LONGEST_TEXT, is_blank, is_long
from moviechat.imdb.reading import Tables
from moviechat.imdb.tables import AKAS, CREW, NAMES, PRINCIPALS
from moviechat.schema import PEOPLE

# IMDb's word for a part in a film -> schema.Movie's field.
PARTS = {
    "actor": "cast",
    "actress": "cast",
    "self": "cast",
    "producer": "producers",
    "composer": "composers",
    "cinematographer": "cinematographers",
    "editor": "editors",
}


def people(tables: Tables, films: pl.DataFrame, max_cast: int) -> pl.DataFrame:
    """The people of `films` (a column tconst): one list a field of PEOPLE, `characters` parallel to `cast`, and the
    `people_ids` of schema.Movie.

    Order is IMDb's; someone without a name in name.basics is left out; `cast` has at most `max_cast`.
    """
    parts = pl.concat([_crew(tables, films), _principals(tables, films)])
    named = parts.join(_names(tables, parts), on="nconst").sort("tconst", "field", "order", "nconst", "character")
    named = named.unique(["tconst", "field", "nconst"], keep="first", maintain_order=True)
    place = pl.int_range(pl.len()).over("tconst", "field")
    named = named.filter((pl.col("field") != "cast") | (place < max_cast))
    lists = [_listed("name", field).alias(field) for field in PEOPLE]
    lists += [_listed("character", "cast").alias("characters"), _ids().alias("people_ids")]
    found = _identified(named).group_by("tconst", maintain_order=True).agg(*lists)
    needed = pl.col("people_ids").list.eval(pl.element() != "").list.any()
    return found.with_columns(pl.when(needed).then("people_ids").otherwise(pl.lit([], pl.List(pl.String))))


def _identified(named: pl.DataFrame) -> pl.DataFrame:
    """`named` with a column `id`: the nconst of those whose name is that of several people, "" for all others."""
    shared = pl.col("nconst").n_unique().over("name") > 1
    return named.with_columns(pl.when(shared).then("nconst").otherwise(pl.lit("")).alias("id"))


def _ids() -> pl.Expr:
    """The ids of a film's people in the order of PEOPLE."""
    place = pl.col("field").replace_strict({field: i for i, field in enumerate(PEOPLE)}, return_dtype=pl.Int64)
    return pl.col("id").sort_by(place, maintain_order=True)


def _listed(column: str, field: str) -> pl.Expr:
    return pl.col(column).filter(pl.col("field") == field)


def _crew(tables: Tables, films: pl.DataFrame) -> pl.DataFrame:
    found = tables.read(CREW, ("tconst", "directors", "writers"), where=("tconst", films["tconst"]))
    long = found.select("tconst", "directors", "writers").unpivot(index="tconst", variable_name="field")
    long = long.drop_nulls("value").with_columns(pl.col("value").str.split(",")).explode("value")
    return long.select(
        "tconst",
        "field",
        pl.int_range(pl.len()).over("tconst", "field").alias("order"),
        pl.col("value").alias("nconst"),
        pl.lit("").alias("character"),
    )


def _principals(tables: Tables, films: pl.DataFrame) -> pl.DataFrame:
    needed = ("tconst", "ordering", "nconst", "category", "characters")
    found = tables.read(PRINCIPALS, needed, where=("tconst", films["tconst"])).filter(
        pl.col("category").is_in(list(PARTS))
    )
    return found.select(
        "tconst",
        pl.col("category").replace_strict(PARTS, return_dtype=pl.String).alias("field"),
        pl.col("ordering").cast(pl.Int64, strict=False).alias("order"),
        "nconst",
        pl.col("characters")
        .fill_null("")
        .str.slice(0, LONGEST_TEXT)
        .map_elements(characters, return_dtype=pl.String)
        .alias("character"),
    )


def characters(cell: str) -> str:
    """IMDb's cell as a reader would write it: `["Arthur Fleck","Joker"]` -> "Arthur Fleck / Joker"."""
    try:
        names = json.loads(cell)
    except ValueError:
        return cell.strip()
    if not isinstance(names, list):
        return cell.strip()
    return " / ".join(str(name).strip() for name in names if str(name).strip())


def _names(tables: Tables, parts: pl.DataFrame) -> pl.DataFrame:
    found = tables.read(NAMES, ("nconst", "primaryName"), where=("nconst", parts["nconst"].unique()))
    known = found.select("nconst", pl.col("primaryName").alias("name")).filter(~is_blank("name") & ~is_long("name"))
    return known.unique("nconst", keep="first", maintain_order=True)


def alternative_titles(tables: Tables, films: pl.DataFrame) -> pl.DataFrame:
    """The other titles of `films` (columns tconst, title) from title.akas: distinct, without the title, sorted."""
    if not tables.has(AKAS):
        return pl.DataFrame(schema={"tconst": pl.String, "alternative_titles": pl.List(pl.String)})
    rows = tables.read(AKAS, ("titleId", "title"), where=("titleId", films["tconst"])).rename(
        {"titleId": "tconst", "title": "other"}
    )
    others = rows.join(films, on="tconst").filter(
        (pl.col("other") != pl.col("title")) & ~is_blank("other") & ~is_long("other")
    )
    return others.group_by("tconst").agg(pl.col("other").unique().sort().alias("alternative_titles"))
