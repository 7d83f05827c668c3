"""The films that an answer from elsewhere lists: what "the first" means after it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from moviechat.chat.state import State, added

if TYPE_CHECKING:
    from moviechat.chat.known import Known

_LINE = re.compile(r"^[ \t]{0,8}(?:\d{1,2}[.)]|[-*•])[ \t](.{1,220})", re.MULTILINE)
_YEAR = re.compile(r"\((\d{4})\)")
_MARKS = "*_\"'“”‘’ "


def listed(answered: str, known: Known) -> tuple[str, ...]:
    """The films that an answer lists, one a line, with their years; () if one of them is not in the catalogue."""
    lines = [(line, year) for line in _LINE.findall(answered) if (year := _YEAR.search(line))]
    found = [known.titled(line[: year.start()].strip(_MARKS), int(year.group(1))) for line, year in lines]
    return () if None in found else tuple(t for t in found if t)


def as_listed(before: State, after: State, ids: tuple[str, ...]) -> State:
    """The state after a turn, the films `ids` having been listed in it instead of those that we would have listed."""
    if ids == after.listed[: len(ids)]:
        return after
    ours = after.shown != before.shown  # we would have suggested films, too
    shown = added(before.shown, ids) if ours else after.shown
    return replace(after, listed=ids, focus=ids[:1], shown=shown)
