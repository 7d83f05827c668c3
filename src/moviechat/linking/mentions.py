"""What linking finds: mentions of films and people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeVar

from moviechat.schema import Outside

__all__ = ["FilmMention", "How", "Outside", "PersonMention", "Span", "apart"]

How = Literal["exact", "alternative", "partial", "typo"]
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class FilmMention:
    """A film named by the characters `span` of a text.

    `films` are the tconsts that these words name, likeliest first: a year, person or genre elsewhere in the text tells
    namesakes apart. `doubles` are further entries of the same films. `outside` are films of that name that are not in
    the catalogue, most votes first (0 votes where only its year is known, from the text). `near` are the catalogue's
    films of that name that the text excludes by a year, or that have only a part of the name of a better known film
    outside. `score` is the probability that the words were meant as a title.
    """

    span: Span
    films: tuple[str, ...]
    doubles: tuple[str, ...]
    outside: tuple[Outside, ...]
    how: How
    score: float
    near: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PersonMention:
    """A person named by the characters `span` of a text, as the catalogue spells the name; `others` are spelled alike.

    `score` is the probability that the words were meant as that name.
    """

    span: Span
    name: str
    others: tuple[str, ...]
    how: How
    score: float


M = TypeVar("M", bound="FilmMention | PersonMention")


def apart(mentions: Iterable[M], threshold: float) -> list[M]:
    """The surest mentions from `threshold` on that do not overlap, in text order; of equally sure ones, the longest."""
    kept: list[M] = []
    ranked = sorted(mentions, key=lambda m: (-m.score, m.span[0] - m.span[1], m.span))
    for mention in (m for m in ranked if m.score >= threshold):
        if not any(k.span[0] < mention.span[1] and mention.span[0] < k.span[1] for k in kept):
            kept.append(mention)
    return sorted(kept, key=lambda m: m.span)
