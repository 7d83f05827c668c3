"""JSON lines in, JSON lines out, in the same order, whole or not at all: the files of the command line."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from moviechat import jsonl
from moviechat.errors import DataError
from moviechat.files import replacing


def read(source: Path) -> list[jsonl.Line]:
    """Every line, all checked before the first is answered; raises DataError naming file and line."""
    if not source.is_file():
        raise DataError(f"{source} is missing: --input takes a file of JSON lines")
    return list(jsonl.read(source))


def write(target: Path, rows: Iterable[dict[str, Any]]) -> None:
    """Write each row as a line; what was there stays until the last is written."""
    with (
        replacing(target) as partial,
        partial.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as file,
    ):
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
