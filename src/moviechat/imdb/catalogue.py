"""A catalogue made of IMDb's tables: who made each film, in which part, and its other titles.

The tables have up to 90 million rows: each is scanned lazily (quoting off, `\\N` the only null) and cut down to the
wanted films before anything is held in memory.
"""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import polars as pl
from tqdm import tqdm

from moviechat.errors import DataError
from moviechat.imdb.tables import AKAS, CREW, MANIFEST, NAMES, PRINCIPALS, Table

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
PEOPLE = ("directors", "writers", *dict.fromkeys(PARTS.values()))


class Tables:
    """The folder that `download` wrote; raises DataError where it is not what its manifest says."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
            self.rows: dict[str, int] = {name: entry["rows"] for name, entry in manifest.items()}
        except FileNotFoundError:
            raise DataError(f"{folder / MANIFEST} is missing: run `dvc repro download`") from None
        except (ValueError, KeyError, TypeError, AttributeError):
            raise DataError(f"{folder / MANIFEST} is damaged: `dvc repro --force download` writes it again") from None

    def has(self, table: Table) -> bool:
        """Whether `download` brought this table."""
        return table.name in self.rows

    def scan(self, table: Table) -> pl.LazyFrame:
        """The table, every column a string; raises DataError if it is not there."""
        path = self.folder / table.filename
        if not self.has(table) or not path.is_file():
            raise DataError(f"{path} is missing: run `dvc repro --force download`")
        return pl.scan_csv(
            path,
            separator="\t",
            quote_char=None,
            null_values=["\\N"],
            empty_string_is_null=False,
            infer_schema=False,
            glob=False,
        )

    def collect(self, table: Table, query: pl.LazyFrame) -> pl.DataFrame:
        """Run a query on `table`; raises DataError naming the file if its rows cannot be read."""
        try:
            return _watched(query, table.name)
        except pl.exceptions.PolarsError as error:
            reason = str(error).splitlines()[0]
            raise DataError(
                f"{self.folder / table.filename} cannot be read ({reason}): bring IMDb's own file again"
            ) from None

    def check(self, table: Table) -> None:
        """Count the rows as the parser sees them; raises DataError if they are not those that were downloaded."""
        self.compare(table, self.collect(table, self.scan(table).select(pl.len())).item())

    def compare(self, table: Table, rows: int) -> None:
        """Raise DataError unless `rows` is what the manifest says of `table`."""
        if rows != self.rows[table.name]:
            path = self.folder / table.filename
            raise DataError(
                f"{path} has {rows:,} rows where {MANIFEST} says {self.rows[table.name]:,}: "
                "`dvc repro --force download` brings it again"
            )


def _watched(query: pl.LazyFrame, name: str) -> pl.DataFrame:
    """The query's rows; a clock runs meanwhile."""
    # Not collect(background=True): it holds whole tables in memory (9 GB where streaming takes less than one).
    with (
        ThreadPoolExecutor(1) as pool,
        tqdm(desc=f"reading {name}", bar_format="{desc} {elapsed}", delay=1, leave=False) as clock,
    ):
        running = pool.submit(query.collect, engine="streaming")
        while not wait([running], timeout=0.5).done:
            clock.update()
        return running.result()


def people(tables: Tables, films: pl.DataFrame, max_cast: int) -> pl.DataFrame:
    """The people of `films` (a column tconst): one list a field of PEOPLE, and `characters` parallel to `cast`.

    Order is IMDb's; someone without a name in name.basics is left out; `cast` has at most `max_cast`.
    """
    parts = pl.concat([_crew(tables, films), _principals(tables, films)])
    named = parts.join(_names(tables, parts), on="nconst").sort("tconst", "field", "order", "nconst", "character")
    named = named.unique(["tconst", "field", "nconst"], keep="first", maintain_order=True)
    place = pl.int_range(pl.len()).over("tconst", "field")
    named = named.filter((pl.col("field") != "cast") | (place < max_cast))
    lists = [_listed("name", field).alias(field) for field in PEOPLE]
    return named.group_by("tconst", maintain_order=True).agg(*lists, _listed("character", "cast").alias("characters"))


def _listed(column: str, field: str) -> pl.Expr:
    return pl.col(column).filter(pl.col("field") == field)


def _crew(tables: Tables, films: pl.DataFrame) -> pl.DataFrame:
    found = tables.collect(CREW, tables.scan(CREW).join(films.lazy(), on="tconst", how="semi"))
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
    rows = tables.scan(PRINCIPALS).filter(pl.col("category").is_in(list(PARTS)))
    found = tables.collect(PRINCIPALS, rows.join(films.lazy(), on="tconst", how="semi"))
    return found.select(
        "tconst",
        pl.col("category").replace_strict(PARTS, return_dtype=pl.String).alias("field"),
        pl.col("ordering").cast(pl.Int64, strict=False).alias("order"),
        "nconst",
        pl.col("characters").fill_null("").map_elements(characters, return_dtype=pl.String).alias("character"),
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
    wanted = parts.select("nconst").unique()
    found = tables.collect(NAMES, tables.scan(NAMES).join(wanted.lazy(), on="nconst", how="semi"))
    known = found.select("nconst", pl.col("primaryName").alias("name")).filter(pl.col("name") != "")
    return known.unique("nconst", keep="first", maintain_order=True)


def alternative_titles(tables: Tables, films: pl.DataFrame) -> pl.DataFrame:
    """The other titles of `films` (columns tconst, title) from title.akas: distinct, without the title, sorted."""
    if not tables.has(AKAS):
        return pl.DataFrame(schema={"tconst": pl.String, "alternative_titles": pl.List(pl.String)})
    rows = tables.scan(AKAS).select(pl.col("titleId").alias("tconst"), pl.col("title").alias("other"))
    found = tables.collect(AKAS, rows.join(films.lazy(), on="tconst"))
    others = found.filter((pl.col("other") != pl.col("title")) & (pl.col("other") != ""))
    return others.group_by("tconst").agg(pl.col("other").unique().sort().alias("alternative_titles"))
