"""`moviechat ground`: whether the record beside a question supports the answer to it, for files of JSON lines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from tqdm import tqdm

from moviechat import jsonl, paths
from moviechat.bundle import open_bundle
from moviechat.errors import DataError
from moviechat.grounding.check import Checker, Strength, Verdict
from moviechat.grounding.parts import Credits
from moviechat.grounding.record import Record
from moviechat.schema import Movie
from moviechat.serve.lines import read, write

_PASSAGES = "passages"
_NAMES = tuple(field.name for field in fields(Movie) if field.default == ())  # directors, cast, characters ...


def checker(bundle: Path | None = None) -> Checker:
    """The check on the models of a bundle, or on the fetched ones; raises MoviechatError where they are missing."""
    if bundle is None:
        missing = [str(folder) for folder in (paths.PARSER, paths.BASE_ENCODER) if not folder.is_dir()]
        if missing:
            raise DataError(f"no {' and no '.join(missing)}: run `dvc repro fetch_models`, or name a --bundle")
        return Checker.load(paths.PARSER, paths.BASE_ENCODER)
    held = open_bundle(bundle)
    return Checker.load(held.parser, held.encoder)


def ground(source: Path, target: Path, checker: Checker, strength: Strength = "strict") -> None:
    """Write a verdict for each line's question, answer and record; raises DataError naming file and line."""
    pairs = [(line.text("question"), line.text("answer"), record(line)) for line in read(source)]
    verdicts = (checker.check(*pair, strength) for pair in tqdm(pairs, unit="pair"))
    write(target, (_told(verdict) for verdict in verdicts))


def _told(verdict: Verdict) -> dict[str, object]:
    return {
        "supported": verdict.supported,
        "unsupported": list(verdict.unsupported),
        "score": round(verdict.score, 4),
    }


def record(line: jsonl.Line) -> Record:
    """What a line's "record" holds: `passages` are texts, people have their part in the film, all else are facts."""
    given = line.value.get("record")
    if not isinstance(given, dict):
        raise DataError(f'{line.place}: "record" must be an object such as {{"title", "year", "passages": [text...]}}')
    held = {key: tuple(_texts(value, f'{line.place}: "record.{key}"')) for key, value in given.items()}
    facts = [text for key, texts in held.items() if key != _PASSAGES for text in texts]
    people: dict[str, Any] = {name: held.get(name, ()) for name in _NAMES}
    movie = Movie("", "", "", 0, None, (), None, 0, **people)
    return replace(Record.of_texts(held.get(_PASSAGES, ()), facts), credits=Credits.of(movie))


def _texts(value: object, place: str) -> Iterator[str]:
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, bool) or not isinstance(one, str | int | float | None):
            raise DataError(f"{place} holds {json.dumps(one)[:80]}: give text, a number, or a list of these")
        if one is not None:
            yield jsonl.encodable(str(one))
