"""Pairs written by people: JSON lines in a folder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import get_args

from moviechat import jsonl
from moviechat.errors import DataError
from moviechat.schema import PairKind
from moviechat.teacher import Draft, Film

KINDS = get_args(PairKind)


class FileTeacher:
    """Reads `{"tconst","kind","question","answer"}` lines; raises DataError with file and line of a bad one."""

    name = "file"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, films: Sequence[Film]) -> Iterator[Draft]:
        """Every line of the folder, for any film; the ledger checks which films exist."""
        if not jsonl.files(self.folder):
            raise DataError(
                f"generate_qa.folder {self.folder} holds no *.jsonl or *.jsonl.gz: put pairs there, "
                "or set generate_qa.provider to records"
            )
        return (_draft(line) for line in jsonl.read_folder(self.folder))


def _draft(line: jsonl.Line) -> Draft:
    kind = line.text("kind")
    if kind not in KINDS:
        raise DataError(f'{line.place}: "kind" is {kind!r}: make it one of {", ".join(KINDS)}')
    return Draft(
        tconst=line.text("tconst").strip(),
        kind=kind,
        question=line.text("question").strip(),
        answer=line.text("answer").strip(),
        raw=line.raw,
        reasoning=line.optional("reasoning"),
    )
