"""JSON lines written by people or programs; every error names its file and line."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from moviechat.errors import DataError


@dataclass(frozen=True, slots=True)
class Line:
    """One JSON object: its place (`file:line`), its text, and its value."""

    place: str
    raw: str
    value: dict[str, Any]

    def text(self, key: str) -> str:
        """A required string; raises DataError."""
        found = self.optional(key)
        if found is None:
            raise DataError(f'{self.place}: "{key}" is missing: every line needs one')
        return found

    def optional(self, key: str) -> str | None:
        """A string, a whole number as a string, or None; raises DataError for anything else."""
        found = self.value.get(key)
        if found is None or (isinstance(found, int) and not isinstance(found, bool)):
            return None if found is None else str(found)
        if not isinstance(found, str):
            raise DataError(f'{self.place}: "{key}" is {json.dumps(found)[:80]}, not a string: fix that line')
        return encodable(found)

    def strings(self, key: str) -> tuple[str, ...]:
        """A list of strings, one string as a list, or nothing; raises DataError for anything else."""
        found = self.value.get(key)
        if found is None or isinstance(found, str):
            return () if found is None else (encodable(found),)
        if not isinstance(found, list) or not all(isinstance(v, str) for v in found):
            raise DataError(f'{self.place}: "{key}" is {json.dumps(found)[:80]}, not a list of strings: fix that line')
        return tuple(encodable(v) for v in found)


def read_folder(folder: Path) -> Iterator[Line]:
    """Every line of the `*.jsonl` and `*.jsonl.gz` files in `folder`, by file name; raises DataError."""
    for path in files(folder):
        yield from read(path)


def files(folder: Path) -> list[Path]:
    """The `*.jsonl` and `*.jsonl.gz` files in `folder`, by name; empty if there is no such folder."""
    return sorted(p for pattern in ("*.jsonl", "*.jsonl.gz") for p in folder.glob(pattern) if p.is_file())


def read(path: Path) -> Iterator[Line]:
    """Every non-blank line of `path`; raises DataError for one that is not a JSON object in UTF-8."""
    try:
        with _opened(path) as file:
            yield from read_open(file, str(path))
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise DataError(f"{path} is damaged or cut short ({error}): replace it") from None


def read_open(file: Iterable[bytes], place: str) -> Iterator[Line]:
    """Every line of an open file that is not blank; `place` is how errors call it. Raises DataError as `read` does."""
    for number, data in enumerate(file, 1):
        if data.strip():
            yield _parse(data, f"{place}:{number}")


def _opened(path: Path) -> BinaryIO | gzip.GzipFile:
    return gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb")


def _parse(data: bytes, place: str) -> Line:
    try:
        raw = data.decode("utf-8-sig").strip()
        value = json.loads(raw)
    except UnicodeDecodeError:
        raise DataError(f"{place}: not UTF-8: save the file as UTF-8") from None
    except (ValueError, RecursionError) as error:
        raise DataError(f"{place}: not JSON ({error}): every line is one JSON object") from None
    if not isinstance(value, dict):
        raise DataError(f"{place}: a JSON {type(value).__name__}, not an object: every line is one JSON object")
    return Line(place, raw, value)


def encodable(text: str) -> str:
    """`text` without characters that UTF-8 cannot encode: JSON can contain half a surrogate pair."""
    return text.encode("utf-8", "ignore").decode("utf-8")
