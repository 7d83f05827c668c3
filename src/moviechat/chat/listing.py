"""The films that an answer from elsewhere lists: what "the first" means after it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from moviechat.chat.state import State, added

if TYPE_CHECKING:
    from moviechat.chat.known import Known

_LINE = re.compile(r"^[ \t]{0,8}(?:\d{1,2}[.)]|[-*•])[ \t]+(.{1,200}?)[ \t]*\((\d{4})\)", re.MULTILINE)
_MARKS = "*_\"'“”‘’ "


def listed(answered: str, known: Known) -> tuple[str, ...]:
    """The films that an answer lists, one a line, with their years; () if one of them is not in the catalogue."""
    found = [known.titled(title.strip(_MARKS), int(year)) for title, year in _LINE.findall(answered)]
    return () if None in found else tuple(t for t in found if t)


def as_listed(before: State, after: State, ids: tuple[str, ...]) -> State:
    """The state after a turn, the films `ids` having been listed in it instead of those that we would have listed."""
    if ids == after.listed[: len(ids)]:
        return after
    ours = after.shown != before.shown  # we would have suggested films, too
    shown = added(before.shown, ids) if ours else after.shown
    return replace(after, listed=ids, focus=ids[:1], shown=shown)
