"""What a person does with the mouse, in the state's own terms: films marked, limits lifted, a film to go on from."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from moviechat.chat.state import State, with_told
from moviechat.chat.wish import Like

if TYPE_CHECKING:
    from moviechat.limits import Limits
    from moviechat.serve.web.messages import Turn

LOVED, HATED = 1.0, -1.0  # weights of what was loved and what was hated
# What the chat hears of a click. The words that stand in the conversation are for the eye: "It need not be with Tom
# Hanks" names him, and would ask for him again.
_LIFTED, _LIKE = "Show me other films.", "Something like it."


def marked(seen: Iterable[str], loved: Iterable[str], hated: Iterable[str]) -> State:
    """The state of a conversation in which nothing was said yet, the films (tconsts) being known to the person."""
    likes = [*(Like(t, LOVED) for t in loved), *(Like(t, HATED) for t in hated)]
    return with_told(State(), seen, likes, ())


def told(state: State, marks: State) -> State:
    """`state` where the films of `marks` are known to the person, too."""
    return with_told(state, marks.seen, marks.likes, ()) if marks.seen else state


def untold(state: State, marks: State) -> State:
    """`state` without the films of `marks`: they hold for the turn that they came with, and may be taken back."""
    known = set(marks.seen)
    if not known:
        return state
    likes = tuple(like for like in state.likes if like.tconst not in known)
    return replace(state, seen=tuple(t for t in state.seen if t not in known), likes=likes)


def clicked(state: State, turn: Turn) -> State:
    """`state` before a turn, with what its click changes: limits are lifted, or a film is under talk."""
    state = lifted(state, turn.lift)
    return replace(state, focus=(turn.like,)) if turn.like else state


def heard(turn: Turn) -> str:
    """What the chat hears of a turn: its words, if it was no click."""
    return _LIKE if turn.like else _LIFTED if turn.lift else turn.said


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
