"""`moviechat ground`: whether the record beside a question supports the answer to it, for files of JSON lines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from tqdm import tqdm

from moviechat import jsonl
from moviechat.credits import Credits
from moviechat.errors import DataError
from moviechat.grounding import Record, check
from moviechat.schema import Movie
from moviechat.serve.lines import read, write

_PASSAGES = "passages"
_ROLES = ("directors", "writers", "cast", "characters", "producers", "composers", "cinematographers", "editors")


def ground(source: Path, target: Path) -> None:
    """Write a verdict for each line's question, answer and record; raises DataError naming file and line."""
    pairs = [(line.text("question"), line.text("answer"), record(line)) for line in read(source)]
    verdicts = (check(*pair) for pair in tqdm(pairs, unit="pair"))
    write(target, ({"supported": v.supported, "unsupported": list(v.unsupported)} for v in verdicts))


def record(line: jsonl.Line) -> Record:
    """What a line's "record" holds: `passages` are texts, people have their part in the film, all else are facts."""
    given = line.value.get("record")
    if not isinstance(given, dict):
        raise DataError(f'{line.place}: "record" must be an object such as {{"title", "year", "passages": [text...]}}')
    held = {key: tuple(_texts(value, f'{line.place}: "record.{key}"')) for key, value in given.items()}
    facts = [text for key, texts in held.items() if key != _PASSAGES for text in texts]
    people = {role: held.get(role, ()) for role in _ROLES}
    movie = Movie("", "", "", 0, None, (), None, 0, **people)
    return replace(Record.of_texts(held.get(_PASSAGES, ()), facts), credits=Credits.of(movie))


def _texts(value: object, place: str) -> Iterator[str]:
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, bool) or not isinstance(one, str | int | float | None):
            raise DataError(f"{place} holds {json.dumps(one)[:80]}: give text, a number, or a list of these")
        if one is not None:
            yield _plain(one)


def _plain(one: Any) -> str:
    # Half a surrogate pair, which JSON can spell, is no text.
    return str(one).encode("utf-8", "ignore").decode("utf-8")
