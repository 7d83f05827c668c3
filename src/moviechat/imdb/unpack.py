"""IMDb's packed tables as blocks of whole rows, unpacked by ISA-L in a fifth of zlib's time (intel/isa-l)."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

import numpy as np
from isal import igzip, isal_zlib
from tqdm import tqdm

from moviechat.errors import DataError

BLOCK = 1 << 20  # bytes that are unpacked at a time
LONGEST = 1 << 20  # bytes of a row; a longer one is damage, and is left out and counted
SLACK = 64  # bytes after a block that may be read with its last row
TAB, LINE_END = 9, 10
# A word with a 1 in byte k alone, times this, has 2^k in its highest byte.
_BYTES, _PLACE = np.uint64(0x0102040810204080), np.zeros(256, np.int64)
_PLACE[[1 << k for k in range(8)]] = range(8)
_DAMAGE: tuple[type[Exception], ...] = (EOFError, gzip.BadGzipFile, zlib.error, cast(type[Exception], isal_zlib.error))


@dataclass(frozen=True, slots=True)
class Rows:
    """Whole rows, `buffer[start:end]`, valid until the next block; `long` rows before them were left out."""

    buffer: bytearray
    start: int
    end: int
    long: int
    scratch: np.ndarray[Any, np.dtype[np.bool_]]  # at least as long as the buffer: memory that every block uses anew

    def numbers(self) -> np.ndarray[Any, np.dtype[np.uint8]]:
        """The rows' bytes, uint8 [end - start], not copied."""
        return np.frombuffer(self.buffer, np.uint8, self.end - self.start, self.start)

    def text(self) -> bytes:
        """The rows' bytes, copied."""
        return bytes(memoryview(self.buffer)[self.start : self.end])

    def count(self) -> int:
        """How many rows there are."""
        return int(np.count_nonzero(self.numbers() == LINE_END))

    def ends(self) -> np.ndarray[Any, np.dtype[np.int64]]:
        """Where each row's line end stands, from `start`."""
        # Eight bytes at a time, in half of flatnonzero's time: few words hold a line end, and hardly one holds two.
        size = self.end - self.start
        is_end = self.scratch[: -(-size // 8) * 8]
        np.equal(self.numbers(), LINE_END, out=is_end[:size])
        is_end[size:] = False
        words = is_end.view("<u8")
        places = np.flatnonzero(words != 0)
        found = words[places]
        if (found & (found - np.uint64(1))).any():
            return np.flatnonzero(is_end)
        found *= _BYTES
        found >>= np.uint64(56)
        places <<= 3
        places += _PLACE[found.view(np.int64)]
        return places


def header(path: Path) -> list[str]:
    """The names of the columns; raises DataError if the file cannot be unpacked."""
    with path.open("rb") as packed, _told(path), _unpacked(packed) as file:
        return _columns(file)


def blocks(path: Path, what: str) -> Iterator[Rows]:
    """The rows after the header, block by block; raises DataError where the file is damaged or cut short."""
    with path.open("rb") as packed, _told(path), _unpacked(packed) as file:
        _columns(file)
        size = path.stat().st_size
        with tqdm(total=size, unit="B", unit_scale=True, desc=what, mininterval=1, delay=1, leave=False) as bar:
            for rows in _blocks(file):
                yield rows
                bar.update(packed.tell() - bar.n)


def _unpacked(packed: BinaryIO) -> Any:
    opened: Any = igzip.IGzipFile
    return opened(fileobj=packed, mode="rb")


def _columns(file: Any) -> list[str]:
    line = cast(bytes, file.readline(LONGEST))
    return line.decode("utf-8", "replace").rstrip("\r\n").split("\t")


def _blocks(file: Any) -> Iterator[Rows]:
    buffer = bytearray(BLOCK + LONGEST + SLACK)
    scratch = np.zeros(len(buffer), np.bool_)
    view, kept, skipping, long = memoryview(buffer), 0, False, 0
    while size := file.readinto(view[kept : kept + BLOCK]):
        filled, start = kept + size, 0
        if skipping:
            start = buffer.find(b"\n", 0, filled) + 1
            skipping = not start
        end = 0 if skipping else max(buffer.rfind(b"\n", start, filled) + 1, start)
        if end > start:
            yield Rows(buffer, start, end, long, scratch)
            long = 0
        kept = 0 if skipping else filled - end
        if kept > LONGEST:
            kept, skipping, long = 0, True, long + 1
        view[:kept] = bytes(view[filled - kept : filled])
    if kept:  # a last line without its line end is a row too
        buffer[kept] = LINE_END
    if kept or long:
        yield Rows(buffer, 0, kept + bool(kept), long, scratch)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turns what the unpacker raises into a DataError that names the file."""
    try:
        yield
    except _DAMAGE as error:
        raise DataError(f"{path} is damaged or cut short ({error}): fetch it again") from None
