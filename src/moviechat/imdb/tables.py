"""The tables of IMDb's Non-Commercial Datasets (https://developer.imdb.com/non-commercial-datasets/)."""

from __future__ import annotations

import gzip
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from tqdm import tqdm

from moviechat.errors import DataError

MANIFEST = "tables.json"  # what `download` says of the tables: rows, bytes, sha256 of each
CHUNK = 1 << 20


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


def count_rows(path: Path, table: Table) -> int:
    """Read the whole of `path` once; returns its data rows, raises DataError if it is cut, foreign or empty."""
    try:
        with path.open("rb") as packed, gzip.GzipFile(fileobj=packed) as file:
            _check_header(file.readline(), path, table)
            rows = sum(_line_ends(_chunks(packed, file, table)))
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise DataError(f"{path} is damaged or cut short ({error}): fetch it again") from None
    if not rows:
        raise DataError(f"{path} has a header and no rows: fetch it again")
    return rows


def _chunks(packed: BinaryIO, file: gzip.GzipFile, table: Table) -> Iterator[bytes]:
    size = os.fstat(packed.fileno()).st_size
    with tqdm(total=size, unit="B", unit_scale=True, desc=f"checking {table.name}", mininterval=1, leave=False) as bar:
        while chunk := file.read(CHUNK):
            yield chunk
            bar.update(packed.tell() - bar.n)


def _check_header(line: bytes, path: Path, table: Table) -> None:
    found = line.decode("utf-8", "replace").rstrip("\r\n").split("\t")
    missing = [column for column in table.columns if column not in found]
    if missing:
        raise DataError(
            f"{path} has no column {', '.join(missing)} (its header is {found}): is it IMDb's {table.filename}?"
        )


def _line_ends(chunks: Iterator[bytes]) -> Iterator[int]:
    last = b"\n"
    for chunk in chunks:
        last = chunk[-1:]
        yield chunk.count(b"\n")
    yield int(last != b"\n")  # a last line without its line end is a row too
