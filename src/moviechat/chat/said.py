"""A sentence of an answer."""

from __future__ import annotations

from dataclasses import dataclass

from moviechat.reply import Source


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence, its sources, and whether the language model wrote it."""

    text: str
    sources: tuple[Source, ...]
    by_model: bool = False
