"""How a misspelt name differs from the correct one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

_VOWELS = frozenset("aeiouy")


@dataclass(frozen=True, slots=True)
class Edit:
    """One typo: the operation, its position, and the kind of letter."""

    kind: Literal["swap", "double", "single", "drop", "add", "replace"]
    place: Literal["first", "inside", "last"]
    letters: Literal["vowel", "consonant", "both"]


def edit(meant: str, typed: str) -> Edit:
    """The one typo that turns `meant` into `typed`, which differ by one edit."""
    begin = _shared(meant, typed)
    end = _shared(meant[begin:][::-1], typed[begin:][::-1])
    gone, came = meant[begin : len(meant) - end], typed[begin : len(typed) - end]
    beside = typed[begin - 1 : begin] if begin else ""
    if gone and came:
        kind: Literal["swap", "double", "single", "drop", "add", "replace"] = "swap" if len(gone) > 1 else "replace"
    elif came:
        kind = "double" if came == beside else "add"
    else:
        kind = "single" if gone == beside else "drop"
    return Edit(kind, "first" if not begin else "inside" if end else "last", _letters(gone + came))


def _shared(a: str, b: str) -> int:
    """The length of the common prefix."""
    return next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))


def _letters(letters: str) -> Literal["vowel", "consonant", "both"]:
    vowels = {c in _VOWELS for c in letters}
    return "both" if len(vowels) > 1 else "vowel" if True in vowels else "consonant"
