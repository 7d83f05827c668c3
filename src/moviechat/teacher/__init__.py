"""Who writes question-answer pairs: people (`file`) or code (`records`), behind one protocol."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from moviechat.schema import Movie, Passage

BESIDE_STORY = frozenset({"Cast", "Production", "Reception"})  # sections on how a film was made and received


@dataclass(frozen=True, slots=True)
class Film:
    """What a teacher may write from: one film's row of the table and its passages, in order."""

    movie: Movie
    passages: tuple[Passage, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """The passages' texts."""
        return tuple(p.text for p in self.passages)


@dataclass(frozen=True, slots=True)
class Draft:
    """A pair as its teacher wrote it, before it is checked; `raw` is the teacher's own wording of the whole.

    `fault` is what the teacher itself knows to be wrong with it (a reply that is no pair), or None.
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
        """Pairs on any of `films`, in any order, each once; the same films give the same pairs."""
