"""Results of linking: mentions of films and people."""

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

    `films`: tconsts with this name, most likely first; a year, person or genre elsewhere in the text decides between
    them. `doubles`: other entries of the same films. `outside`: films of this name that are not in the catalogue, most
    votes first (0 votes if only the year is known, from the text). `near`: the catalogue's films of this name that
    the text excludes by a year, or that share only part of the name of a better known outside film. `score`: the
    probability that the words were meant as a title.
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
    """The most probable mentions from `threshold` up that do not overlap, in text order; ties go to the longest."""
    kept: list[M] = []
    ranked = sorted(mentions, key=lambda m: (-m.score, m.span[0] - m.span[1], m.span))
    for mention in (m for m in ranked if m.score >= threshold):
        if not any(k.span[0] < mention.span[1] and mention.span[0] < k.span[1] for k in kept):
            kept.append(mention)
    return sorted(kept, key=lambda m: m.span)
