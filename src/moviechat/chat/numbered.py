"""How a turn changes the numbers of a wish: "shorter", "raise the bar, 7.5", "make that 100"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from moviechat.chat.draft import Draft
from moviechat.chat.known import Known
from moviechat.chat.merge import opposite, related
from moviechat.chat.references import chosen_of
from moviechat.chat.state import State
from moviechat.limits import Limits

_FRAGMENT = 6  # words of a message that only changes a number
# What a bare number can be a value of.
_RANGES = {"rating": (1, 10), "runtime": (40, 400), "year": (1900, 2100), "votes": (1000, 10**9)}


def compared_with(limits: Limits, draft: Draft, state: State, known: Known, seeds: Sequence[str]) -> Limits:
    """The limits of a wish after "shorter", "newer than that" or "the opposite"."""
    if "opposite" in draft.mentions.norms:
        return opposite(limits)
    for relative in draft.want.relative:
        bare = _bare(draft, relative.field)
        loosens = (
            not relative.up
            and getattr(limits, f"{relative.field}_min") is not None
            and relative.field in ("rating", "votes")
        )
        if bare is not None or loosens:
            name = f"{relative.field}_{'min' if relative.up or loosens else 'max'}"
            limits = limits.changed(**{name: bare})
            continue
        films, beyond = _compared(relative.film, draft, state, known, seeds)
        limits = related(limits, relative, [known.movies[t] for t in films], beyond=beyond)
    return limits


def _bare(draft: Draft, field: str) -> float | None:
    """The bare number of a message that can be a value of `field`: "raise the bar, 7.5"."""
    low, high = _RANGES[field]
    fitting = [n.value for n in draft.mentions.numbers if n.unit in ("", "year") and low <= n.value <= high]
    return fitting[0] if len(fitting) == 1 else None


def alone(limits: Limits, draft: Draft) -> Limits:
    """The limits with a number that stands alone in its clause: "7, and the year is whatever"."""
    m = draft.mentions
    for number in m.numbers:
        alone = (number.first == 0 or m.stops[number.first - 1]) and (
            number.last == len(m.words) or m.stops[number.last]
        )
        alone = alone or (m.has("swap") and len(m.words) <= _FRAGMENT)  # "make that 100"
        if not alone or number.unit != "":
            continue
        if (held := _held(limits, number.value)) is not None:
            return limits.changed(**{held: number.value if held.startswith("rating") else int(number.value)})
        if 1 <= number.value <= 10 and limits.rating_max is None:
            return replace(limits, rating_min=number.value)
        if 40 <= number.value <= 400 and limits.runtime_min is None:
            return replace(limits, runtime_max=int(number.value))
    return limits


def _held(limits: Limits, value: float) -> str | None:
    """The one limit on the table that a number can take the place of."""
    names = [f"{f}_{end}" for f, (low, high) in _RANGES.items() if low <= value <= high for end in ("min", "max")]
    held = [name for name in names if getattr(limits, name) is not None]
    return held[0] if len(held) == 1 else None


def _compared(
    film: int | None, draft: Draft, state: State, known: Known, seeds: Sequence[str]
) -> tuple[list[str], bool]:
    """The films that "shorter" is shorter than, and whether than each of them."""
    mentions = draft.mentions.films
    if film is not None and film < len(mentions) and mentions[film].films:
        return [chosen_of(mentions[film], draft, state, known)], True
    if seeds:
        return list(seeds), True
    norms = draft.mentions.norms
    than = "than" in norms and {"that", "those", "these", "them", "it", "this"} & set(norms[norms.index("than") :])
    if than and {"that", "it", "this"} & set(norms[norms.index("than") :]):
        return list(state.focus[-1:]) or list(state.listed), True
    return list(state.listed) or list(state.focus[-1:]), bool(than)
