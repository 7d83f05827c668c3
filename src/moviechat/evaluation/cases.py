"""Conversations as people type them, with what each turn must show: parsed and checked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from moviechat import jsonl
from moviechat.errors import DataError
from moviechat.evaluation.bounds import Catalogue
from moviechat.evaluation.judging import CHECKS, ORDERS, Expect
from moviechat.limits import Limits

_TYPES: dict[str, type] = {
    **dict.fromkeys(("kind", "any_of", "facts", "never", "says", "named", "either"), list),
    **dict.fromkeys(("least", "most", "within"), int),
    **dict.fromkeys(("not_known", "new", "none"), bool),
    **dict.fromkeys(("first", "order"), str),
    "limits": dict,
}


@dataclass(frozen=True, slots=True)
class Turn:
    """What a person types, and what the reply must show (keys of `judging.CHECKS`)."""

    say: str
    expect: Expect


@dataclass(frozen=True, slots=True)
class Case:
    """One conversation: its family (fact, limits, refine, ...) and its turns."""

    id: str
    family: str
    turns: tuple[Turn, ...]


def read(places: Iterable[Path]) -> list[Case]:
    """The conversations of JSON-lines files; DataError names file, line and what to do."""
    cases = [_case(line) for place in places for line in jsonl.read(place)]
    twice = [name for name, times in Counter(c.id for c in cases).items() if times > 1]
    if twice:
        raise DataError(f"two conversations have the id {twice[0]!r}: give each its own id")
    return cases


def _case(line: jsonl.Line) -> Case:
    turns = line.value.get("turns")
    if not isinstance(turns, list) or not turns:
        raise DataError(f'{line.place}: "turns" is missing or empty: give a list of {{"say", "expect"}}')
    return Case(line.text("id"), line.text("family"), tuple(_turn(turn, line.place) for turn in turns))


def _turn(turn: Any, place: str) -> Turn:
    if not isinstance(turn, Mapping) or not isinstance(turn.get("say"), str):
        raise DataError(f'{place}: a turn has no "say": write {{"say": text, "expect": {{...}}}}')
    _check(turn.get("expect"), place)
    return Turn(turn["say"], turn["expect"])


def _check(expect: Any, place: str) -> None:
    if not isinstance(expect, dict) or not expect:
        raise DataError(f"{place}: a turn expects nothing, so any reply would pass: add what it must show")
    for name, value in expect.items():
        _check_key(name, value, place)
    for one in expect.get("either", ()):
        _check(one, place)
    try:
        Limits.from_json(expect.get("limits", {}))
    except DataError as error:
        raise DataError(f"{place}: {error}") from None


def _check_key(name: str, value: Any, place: str) -> None:
    if name not in CHECKS:
        raise DataError(f"{place}: unknown check {name!r}: the checks are {', '.join(CHECKS)}")
    if not _fits(value, _TYPES[name]):
        raise DataError(f"{place}: {name!r} is {value!r}, but must be a {_TYPES[name].__name__}")
    if name == "order" and value not in ORDERS:
        raise DataError(f"{place}: unknown order {value!r}: the orders are {', '.join(ORDERS)}")
    if name in ("never", "says"):
        for pattern in value:
            _compiled(pattern, place)


def _fits(value: Any, kind: type) -> bool:
    return type(value) is kind  # bool is an int in Python


def _compiled(pattern: Any, place: str) -> None:
    try:
        re.compile(pattern)
    except (re.error, TypeError) as error:
        raise DataError(f"{place}: invalid pattern {pattern!r} ({error}): fix it") from None


def faults(cases: Sequence[Case], catalogue: Catalogue) -> list[str]:
    """What no chat over this catalogue could do: films that it lacks, limits that too few of its films meet."""
    turns = [(f"{case.id}, turn {n}", turn.expect) for case in cases for n, turn in enumerate(case.turns, 1)]
    return [
        f"{place}: {fault}"
        for place, expect in turns
        for find in (_strange, _unkept)
        for fault in find(expect, catalogue)
    ]


def _strange(expect: Expect, catalogue: Catalogue) -> list[str]:
    said = [*expect.get("any_of", ()), *expect.get("named", ()), *([expect["first"]] if "first" in expect else [])]
    return [f"{tconst} is not in the catalogue" for tconst in said if tconst not in catalogue.movies]


def _unkept(expect: Expect, catalogue: Catalogue) -> list[str]:
    if "limits" not in expect:
        return []
    limits = Limits.from_json(expect["limits"])
    could, least = catalogue.keeping(limits) - set(expect.get("named", ())), expect.get("least", 1)
    if expect.get("none"):
        return [f"{min(could)} keeps {limits.to_json()}, but no film should"] if could else []
    return [f"only {len(could)} films keep {limits.to_json()}"] if len(could) < least else []
