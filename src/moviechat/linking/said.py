"""Utterances with slots for names, on which the linker's score is fitted.

{f} {g} {h} are films, {p} {q} people, {l} {m} last names, {y} the year of {f}, {c} a character in {f}, {n} a number,
{w} a word that is also a title but is not meant as one.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path

from moviechat import jsonl

_SLOTS = {"film": "fgh", "person": "pq", "character": "c"}
_NAMED = re.compile(r"\{(film|person|character)\}")


def listed(path: Path) -> list[str]:
    """The lines of a text file without comments; a line that starts with "5x " counts five times."""
    return list(_weighted(path.read_text(encoding="utf-8")))


def _weighted(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if line and not line.startswith("# "):
            often = re.match(r"(\d+)x (.+)", line)
            yield from [often.group(2)] * int(often.group(1)) if often else [line]


def messages(folder: Path) -> list[str]:
    """The texts of a folder's JSON lines with {film}, {person} and {character}, in this module's slots."""
    return [_slotted(row.text("text")) for path in sorted(folder.glob("*.jsonl")) for row in jsonl.read(path)]


def _slotted(text: str) -> str:
    letters = {name: itertools.cycle(slots) for name, slots in _SLOTS.items()}
    return _NAMED.sub(lambda m: f"{{{next(letters[m.group(1)])}}}", text)
