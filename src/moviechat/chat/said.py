"""A sentence of an answer."""

from __future__ import annotations

from dataclasses import dataclass

from moviechat.reply import Source


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence, what it rests on, and whether the language model worded it."""

    text: str
    sources: tuple[Source, ...]
    by_model: bool = False
