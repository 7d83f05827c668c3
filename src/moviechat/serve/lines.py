"""JSON lines in, JSON lines out, in the same order, whole or not at all: the files of the command line."""

from __future__ import annotations

import io
import json
import os
import re
import stat
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from moviechat import jsonl
from moviechat.errors import DataError
from moviechat.files import replacing

STANDARD = "-"  # standard input or output
_OPEN = re.compile(r"/dev/(?:fd/(?P<number>\d{1,6})|(?P<name>stdin|stdout|stderr))|/proc/self/fd/(?P<same>\d{1,6})")
_WRITING: dict[str, Any] = {"encoding": "utf-8", "errors": "backslashreplace", "newline": "\n"}
_NAMED = {"stdin": 0, "stdout": 1, "stderr": 2}


def read(source: Path) -> list[jsonl.Line]:
    """Every line, all checked before the first is answered; `-` is standard input.

    Raises DataError naming file and line.
    """
    if str(source) == STANDARD:
        return list(jsonl.read_open(sys.stdin.buffer, "standard input"))
    if source.is_dir() or not source.exists():
        raise DataError(f"{source} is missing: --input takes a file of JSON lines")
    return list(jsonl.read(source))


def write(target: Path, rows: Iterable[dict[str, Any]]) -> None:
    """Write each row as a line; what was there stays until the last is written."""
    with opened(target) as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


@contextmanager
def opened(target: Path) -> Iterator[IO[str]]:
    """A file to write to, which takes the place of what was there when the block ends well.

    A link is followed; a pipe, a device and `-` (standard output) are written to as the text comes.
    """
    if str(target) == STANDARD:
        file = io.TextIOWrapper(sys.stdout.buffer, **_WRITING)
        try:
            yield file
        finally:
            file.detach().flush()
    elif (number := _descriptor(target)) is not None:
        sys.stdout.flush()
        with os.fdopen(os.dup(number), "w", **_WRITING) as file:
            yield file
    elif _replaceable(real := _followed(target)):
        with replacing(real) as partial, partial.open("w", **_WRITING) as file:
            yield file
    else:
        with real.open("w", **_WRITING) as file:
            yield file


def _descriptor(target: Path) -> int | None:
    """The descriptor that a name stands for; opened by that name, a file would be cut or replaced under its owner."""
    found = _OPEN.fullmatch(str(target))
    if not found:
        return None
    return _NAMED[found["name"]] if found["name"] else int(found["number"] or found["same"])


def _followed(target: Path) -> Path:
    try:
        return target.resolve()
    except (OSError, RuntimeError):  # a link to itself
        raise DataError(f"{target} is a link that leads nowhere: give --output another file") from None


def _replaceable(target: Path) -> bool:
    """Whether `target` is a plain file or none yet; a folder is told as one when it is opened."""
    try:
        return stat.S_ISREG(target.stat().st_mode)
    except FileNotFoundError:
        return True
