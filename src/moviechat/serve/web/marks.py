"""What a person does with the mouse, in the state's own terms: films marked, limits lifted."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from moviechat.chat.state import State, with_told
from moviechat.chat.wish import Like

if TYPE_CHECKING:
    from moviechat.limits import Limits

LOVED, HATED = 1.0, -1.0  # weights of what was loved and what was hated


def marked(seen: Iterable[str], loved: Iterable[str], hated: Iterable[str]) -> State:
    """The state of a conversation in which nothing was said yet, the films (tconsts) being known to the person."""
    likes = [*(Like(t, LOVED) for t in loved), *(Like(t, HATED) for t in hated)]
    return with_told(State(), seen, likes, ())


def lifted(state: State, names: Collection[str]) -> State:
    """`state` without the limits `names` of its wish: "runtime_max", or "genres_not=Horror" for one of several."""
    if not names or state.wish is None:
        return state
    limits = state.wish.limits
    for name in names:
        limits = _without(limits, *name.partition("=")[::2])
    return replace(state, wish=replace(state.wish, limits=limits))


def _without(limits: Limits, name: str, value: str) -> Limits:
    if name not in limits.said():
        return limits
    if not value:
        return limits.without(name)
    left = tuple(v for v in getattr(limits, name) if getattr(v, "name", v) != value)
    return replace(limits, **{name: left})  # type: ignore[arg-type]  # a tuple for a tuple
