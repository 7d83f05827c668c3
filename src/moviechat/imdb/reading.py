"""IMDb's tables as frames, one pass each: other rows are left out before anything is parsed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from moviechat.errors import DataError
from moviechat.imdb.tables import MANIFEST, Check, Table, columns, odd_rows
from moviechat.imdb.unpack import SLACK, TAB, Rows, blocks

PARSED = 8 << 20  # bytes that are parsed at a time
_WORD = 8  # bytes of an id that are compared as one number
_MIX = np.uint64(0x9E3779B97F4A7C15)  # 2^64 over the golden ratio: Fibonacci hashing (Knuth, TAOCP 3, 6.4)

Places = np.ndarray[Any, np.dtype[np.int64]]
Where = tuple[str, pl.Series]  # a column, and its values
Change = Callable[[pl.DataFrame], pl.DataFrame]


class Tables:
    """The folder that `download` wrote; raises DataError where it is not what its manifest says.

    A table that `download` took as it was has no number of rows in the manifest: it is checked as it is read, and
    `rows` and `odd` are known afterwards.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
            self.rows: dict[str, int | None] = {name: entry["rows"] for name, entry in manifest.items()}
            self.odd: dict[str, int] = {name: entry.get("odd", 0) for name, entry in manifest.items()}
            self._origins = {name: entry.get("origin") for name, entry in manifest.items()}
        except FileNotFoundError:
            raise DataError(f"{folder / MANIFEST} is missing: run `dvc repro download`") from None
        except (ValueError, KeyError, TypeError, AttributeError):
            raise DataError(f"{folder / MANIFEST} is damaged: `dvc repro --force download` writes it again") from None

    def has(self, table: Table) -> bool:
        """Whether `download` brought this table."""
        return table.name in self.rows

    def read(
        self, table: Table, wanted: Sequence[str], *, where: Where | None = None, change: Change | None = None
    ) -> pl.DataFrame:
        """The `wanted` columns as strings (quoting off, `\\N` the only null), of the rows `where` a column has a value.

        `change` is applied to each piece as it is read. Odd rows (tables.Check) are left out. Raises DataError if the
        file cannot be read, is damaged or has other rows than were downloaded.
        """
        path = self._path(table)
        try:
            return pl.concat(self._pieces(path, table, wanted, where, change), rechunk=True)
        except pl.exceptions.PolarsError as error:
            reason = str(error).splitlines()[0]
            raise DataError(f"{path} cannot be read ({reason}): bring IMDb's own file again") from None
        except DataError as error:
            # Who brought the file knows it by the name that it was given.
            raise DataError(str(error).replace(str(path), self._origins[table.name] or str(path))) from None

    def _path(self, table: Table) -> Path:
        path = self.folder / table.filename
        if not self.has(table) or not path.is_file():
            raise DataError(f"{path} is missing: run `dvc repro --force download`")
        return path

    def _pieces(
        self, path: Path, table: Table, wanted: Sequence[str], where: Where | None, change: Change | None
    ) -> Iterator[pl.DataFrame]:
        header = columns(path, table)
        sieve = Sieve(header, *where) if where else None
        check = Check(path, len(header)) if self.rows[table.name] is None else None
        count, waiting, size = 0, list[bytes](), 0
        for rows in blocks(path, f"reading {table.name}"):
            number, text = _sifted(rows, len(header), sieve)
            if check:
                check.add(rows, number)
            count += rows.long + number
            waiting.append(text)
            size += len(text)
            if size >= PARSED:
                yield _parsed(waiting, header, wanted, where, change)
                waiting, size = [], 0
        yield _parsed(waiting, header, wanted, where, change)
        if check:
            self.rows[table.name], self.odd[table.name] = check.result()
        elif count != self.rows[table.name]:
            raise DataError(
                f"{path} has {count:,} rows where {MANIFEST} says {self.rows[table.name]:,}: "
                "`dvc repro --force download` brings it again"
            )


def _parsed(
    texts: Sequence[bytes], header: Sequence[str], wanted: Sequence[str], where: Where | None, change: Change | None
) -> pl.DataFrame:
    # A text without rows has no columns either: one row of empty cells is added, and taken away again.
    places = sorted(header.index(name) for name in wanted)
    table = pl.read_csv(
        b"".join([*texts, b"\t" * (len(header) - 1), b"\n"]),
        has_header=False,
        columns=places,
        infer_schema=False,
        separator="\t",
        quote_char=None,
        null_values=["\\N"],
        empty_string_is_null=False,
    )
    table.columns = [header[place] for place in places]
    table = table.select(wanted)[:-1]
    if where:
        column, values = where
        table = table.join(values.alias(column).to_frame(), on=column, how="semi", maintain_order="left")
    return change(table) if change else table


def _sifted(rows: Rows, cells: int, sieve: Sieve | None) -> tuple[int, bytes]:
    """How many whole rows a block has, and the text of those that the sieve holds and that have all their cells."""
    if sieve:
        ends = rows.ends()
        chosen = sieve.among(rows, ends)
        number, kept, text = len(ends), len(chosen), _chosen(rows, ends, chosen)
    else:
        number = kept = rows.count()
        text = rows.text()
    if odd := odd_rows(np.frombuffer(text, np.uint8), cells, kept):
        text = b"".join(line + b"\n" for place, line in enumerate(text.split(b"\n")[:-1]) if place not in odd)
    return number, text


def _chosen(rows: Rows, ends: Places, chosen: Places) -> bytes:
    """The text of the rows whose places are `chosen`."""
    if not len(chosen):
        return b""
    breaks = np.flatnonzero(chosen[1:] - chosen[:-1] != 1)  # rows side by side are copied as one piece
    first = chosen[np.concatenate(([0], breaks + 1))]
    last = chosen[np.concatenate((breaks, [len(chosen) - 1]))]
    starts, stops = np.where(first, ends[first - 1] + 1, 0), ends[last] + 1
    view = memoryview(rows.buffer)[rows.start : rows.end]
    return b"".join([view[a:b] for a, b in zip(starts.tolist(), stops.tolist(), strict=True)])


class Sieve:
    """Values of a column, as numbers of a few bytes: it holds all rows that have one of them, and few others."""

    def __init__(self, header: Sequence[str], column: str, values: pl.Series) -> None:
        self._place, self._tabs = header.index(column), len(header) - 1
        self._end = b"\t" if self._place < self._tabs else b"\n"
        wanted = [name.encode() + self._end for name in values.to_list()] or [self._end]
        shortest, first, last = min(map(len, wanted)), min(wanted), max(wanted)
        shared = _shared(first, last) if first != last else 0  # "tt" tells nothing
        self._skip = min(shared, shortest - 1, SLACK - _WORD)
        width = min(_WORD, shortest - self._skip)
        self._mask = np.uint64((1 << 8 * width) - 1)
        words = [name[self._skip : self._skip + width].ljust(_WORD, b"\0") for name in wanted]
        self._words = np.unique(np.frombuffer(b"".join(words), "<u8"))
        bits = min(max((16 * len(self._words)).bit_length(), 16), 24)
        self._shift = np.uint64(64 - bits)
        self._seen = np.zeros(1 << bits, np.bool_)
        self._seen[self._hashed(self._words)] = True

    def among(self, rows: Rows, ends: Places) -> Places:
        """The places of the rows that may have one of the values."""
        starts = self._starts(rows, ends)
        if starts is None:
            return np.arange(len(ends))
        # Eight bytes from every byte on, of which only the cells' starts are read (take() would copy the whole view).
        view = np.ndarray((rows.end - rows.start,), "<u8", rows.buffer, rows.start + self._skip, (1,))
        words = view[starts]
        words &= self._mask
        likely = np.flatnonzero(self._seen.take(self._hashed(words)))
        words = words[likely]
        at = np.minimum(np.searchsorted(self._words, words), len(self._words) - 1)
        found: Places = likely[self._words[at] == words]
        return found

    def _starts(self, rows: Rows, ends: Places) -> Places | None:
        """Where each row's cell begins; None if that cannot be told because a row has other cells."""
        if not self._place:
            return np.concatenate(([0], ends[:-1] + 1))
        tabs = np.flatnonzero(rows.numbers() == TAB)
        if len(tabs) != len(ends) * self._tabs:
            return None
        starts: Places = tabs[self._place - 1 :: self._tabs] + 1
        return starts

    def _hashed(self, words: np.ndarray[Any, np.dtype[np.uint64]]) -> Places:
        numbers = words * _MIX
        numbers >>= self._shift
        return numbers.view(np.int64)


def _shared(first: bytes, last: bytes) -> int:
    """How many bytes all names begin with, of which these are the first and the last in order."""
    return next((n for n, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first))
