"""What a conversation has been about: enough for "and who wrote it?", "and 1917?" and "the second one"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from moviechat.chat.query import Query
from moviechat.chat.vocabulary import BACK, CREDITS, ORDINAL, ORDINALS, Fact
from moviechat.reply import MovieRef
from moviechat.schema import Movie

_MANY = re.compile(r"\b(?:they|them|their|both|all|these|those)\b", re.I)


@dataclass(frozen=True, slots=True)
class Memory:
    """The last films (in the answer's order), the last list of several, people, facts, question (titles masked)."""

    films: tuple[MovieRef, ...] = ()
    listed: tuple[MovieRef, ...] = ()
    people: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    question: str = ""

    def meant(self, masked: str) -> tuple[MovieRef, ...]:
        """The films that "the second one", "they" or "it" in a question stands for; () if it points at none."""
        ordinal = ORDINAL.search(masked)
        if ordinal and self.listed:
            at = ORDINALS[ordinal.group(1).lower()]
            return self.listed[at:][:1] if at < len(self.listed) else ()
        if not BACK.search(masked):
            return ()
        return self.films if _MANY.search(masked) else self.films[:1]


def remember(memory: Memory, query: Query, movies: Sequence[Movie]) -> Memory:
    """The memory after `query` was answered with `movies`; small talk and puzzled answers leave it as it was."""
    if query.asked == "unknown_title":
        return Memory()  # "it" is now a film that nobody here knows
    if not movies:
        return memory
    films = tuple(MovieRef(m.tconst, m.title, m.year) for m in movies)
    return Memory(
        films=films,
        listed=films if len(films) > 1 else memory.listed,
        people=_people(query, movies[0]),
        facts=query.facts if query.asked == "fact" else (),
        question=query.masked if query.asked == "plot" else "",
    )


def _people(query: Query, movie: Movie) -> tuple[str, ...]:
    credited = [name for f in query.facts if f in CREDITS for name in getattr(movie, f)]
    return query.people or tuple(dict.fromkeys(credited)) or movie.directors
