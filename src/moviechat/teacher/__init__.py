"""Writers of question-answer pairs: people (`file`) and code (`records`), behind one protocol."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from moviechat.schema import Movie, Passage

BESIDE_STORY = frozenset({"Cast", "Production", "Reception"})  # sections on how a film was made and received


@dataclass(frozen=True, slots=True)
class Film:
    """What a teacher may use: one film's row of the table and its passages, in order."""

    movie: Movie
    passages: tuple[Passage, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """The passages' texts."""
        return tuple(p.text for p in self.passages)


@dataclass(frozen=True, slots=True)
class Draft:
    """An unchecked pair; `raw` is the teacher's original text.

    `fault` is a fault that the teacher itself knows of (such as a reply without a pair), or None.
    """

    tconst: str
    kind: str
    question: str
    answer: str
    raw: str
    fault: str | None = None
    reasoning: str | None = None


class Teacher(Protocol):
    """Writes pairs; `name` becomes their source."""

    name: str

    def write(self, films: Sequence[Film]) -> Iterator[Draft]:
        """Pairs about any of `films`, in any order, each once; the same films give the same pairs."""
