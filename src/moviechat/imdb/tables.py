"""The tables of IMDb's Non-Commercial Datasets (https://developer.imdb.com/non-commercial-datasets/)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from moviechat.errors import DataError
from moviechat.imdb.unpack import LINE_END, TAB, Rows, blocks, header

MANIFEST = "tables.json"  # what `download` says of the tables: rows, bytes, sha256 of each
ODD = 1e-4  # the share of rows that may be damaged before the file is refused


@dataclass(frozen=True, slots=True)
class Table:
    """One file of the dataset: its name, its columns, and whether a catalogue can be made without it."""

    name: str
    columns: tuple[str, ...]
    optional: bool = False

    @property
    def filename(self) -> str:
        """The file's name as IMDb publishes it."""
        return f"{self.name}.tsv.gz"


BASICS = Table(
    "title.basics",
    (
        "tconst",
        "titleType",
        "primaryTitle",
        "originalTitle",
        "isAdult",
        "startYear",
        "endYear",
        "runtimeMinutes",
        "genres",
    ),
)
RATINGS = Table("title.ratings", ("tconst", "averageRating", "numVotes"))
CREW = Table("title.crew", ("tconst", "directors", "writers"))
PRINCIPALS = Table("title.principals", ("tconst", "ordering", "nconst", "category", "job", "characters"))
NAMES = Table("name.basics", ("nconst", "primaryName", "birthYear", "deathYear", "primaryProfession", "knownForTitles"))
AKAS = Table(
    "title.akas",
    ("titleId", "ordering", "title", "region", "language", "types", "attributes", "isOriginalTitle"),
    optional=True,
)
TABLES = (BASICS, RATINGS, CREW, PRINCIPALS, NAMES, AKAS)


def verify(path: Path, table: Table) -> tuple[int, int]:
    """Read the whole of `path` once: its rows, and how many of them are odd; raises DataError as Check does."""
    check = Check(path, len(columns(path, table)))
    for block in blocks(path, f"checking {table.name}"):
        check.add(block, block.count())
    return check.result()


class Check:
    """Counts a file's rows as it is read, block by block, and those that are odd.

    Odd is a row of other cells than the header's, or one that is too long (unpack.LONGEST). Raises DataError if the
    file holds zero bytes, is cut short, or is damaged beyond a few rows.
    """

    def __init__(self, path: Path, cells: int) -> None:
        self._path, self._cells = path, cells
        self._rows, self._odd, self._end, self._first = 0, 0, 0, ""

    def add(self, block: Rows, rows: int) -> None:
        """Count a block of `rows` whole rows."""
        before = self._rows + block.long
        if (zero := block.buffer.find(b"\0", block.start, block.end)) >= 0:
            row = before + block.buffer.count(b"\n", block.start, zero) + 1
            raise DataError(f"{self._path} holds zero bytes in row {row:,}: it is damaged, bring it again")
        wrong = odd_rows(block.numbers(), self._cells, rows)
        self._first = self._first or next((f"row {before + row + 1:,} has {n}" for row, n in wrong.items()), "")
        self._rows = before + rows
        self._odd += block.long + len(wrong)
        self._end = wrong.get(rows - 1, 0)

    def result(self) -> tuple[int, int]:
        """The file's rows, and how many of them are odd."""
        rows, odd, cells = self._rows, self._odd, self._cells
        if not rows:
            raise DataError(f"{self._path} has a header and no rows: fetch it again")
        if self._end:
            told = f"row {rows:,}, its last, has {self._end} of {cells} cells"
            raise DataError(f"{self._path} is cut short: {told}: bring it again, whole")
        if odd > rows * ODD:
            told = f"{odd:,} of {rows:,} rows have not the {cells} cells of its header"
            told += f" ({self._first})" if self._first else ""
            raise DataError(f"{self._path} is damaged: {told}: bring IMDb's own file again")
        return rows, odd


def columns(path: Path, table: Table) -> list[str]:
    """The columns in the file's order; raises DataError if one that is needed is missing."""
    found = header(path)
    missing = [column for column in table.columns if column not in found]
    if missing:
        told = "\t".join(found)[:200].split("\t")
        raise DataError(
            f"{path} has no column {', '.join(missing)} (its header is {told}): is it IMDb's {table.filename}?"
        )
    return found


def odd_rows(text: np.ndarray[Any, np.dtype[np.uint8]], cells: int, rows: int) -> dict[int, int]:
    """Of `rows` rows, those of another number of cells: their place, and their cells.

    Bytes with as many tabs as they should have are not looked at row by row: that would take as long as unpacking.
    """
    if int(np.count_nonzero(text == TAB)) == rows * (cells - 1):
        return {}
    ends, tabs = np.flatnonzero(text == LINE_END), np.flatnonzero(text == TAB)
    found = np.diff(np.searchsorted(tabs, ends), prepend=0) + 1
    return {int(row): int(found[row]) for row in np.flatnonzero(found != cells)}
