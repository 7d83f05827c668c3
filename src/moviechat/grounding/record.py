"""Everything known about one film: its texts, and the names and figures of its table."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field, replace

from moviechat.grounding.parts import Credits
from moviechat.grounding.words import FRAMING
from moviechat.schema import Movie
from moviechat.words import STOP, fold, number, sentences, stem, tokens

# "Min-ho" is one name: a film with a Min-ji and a Dong-ho has no Min-ho. This is not about "Sci-Fi" or "Half-mad".
JOINED_NAME = re.compile(r"\b[^\W\d_]+-[^\W\d_]+\b")
_DECADES = {
    w: f"19{n}0" for n, w in enumerate("twenties thirties forties fifties sixties seventies eighties".split(), 2)
}
_DECADES["nineties"] = "1990"


@dataclass(frozen=True, slots=True)
class Record:
    """Everything known about one film: its sentences, and the stems and numbers in them and in the table."""

    sentences: tuple[str, ...]
    stems: frozenset[str]
    numbers: frozenset[str]
    joined: frozenset[str]
    texts: tuple[str, ...] = ()
    facts: frozenset[str] = frozenset()
    credits: Credits = field(default_factory=Credits)

    @classmethod
    def of(cls, movie: Movie, passages: Sequence[str]) -> Record:
        """The record of `movie` with the texts of its passages."""
        people = (movie.directors, movie.writers, movie.cast, movie.characters)
        crew = (movie.producers, movie.composers, movie.cinematographers, movie.editors)
        names = [name for group in (*people, *crew, movie.genres, movie.alternative_titles) for name in group]
        figures = [str(v) for v in (movie.year, movie.runtime, movie.rating, movie.votes) if v is not None]
        bare = cls.of_texts(passages, [movie.title, movie.original_title, *names, *figures])
        return replace(bare, credits=Credits.of(movie))

    @classmethod
    def of_texts(cls, passages: Sequence[str], facts: Iterable[str] = ()) -> Record:
        """A record of plain texts: passages, and facts that support but are not sentences."""
        facts = list(facts)
        texts = [*passages, *facts]
        words = [word for text in texts for word in tokens(text)]
        decades = {_DECADES[w] for w in map(fold, words) if w in _DECADES}
        return cls(
            tuple(s for p in passages for s in sentences(p)),
            frozenset(stem(w) for w in words),
            frozenset(n for n in map(number, words) if n is not None) | decades,
            frozenset(fold(name) for text in texts for name in JOINED_NAME.findall(text)),
            tuple(" ".join(p.split()) for p in passages),
            frozenset(stem(w) for text in facts for w in tokens(text)),
        )


def support(text: str, record: Record) -> str | None:
    """The sentence of the record with the most content words of `text`, or None if there is none."""
    return nearest({stem(w) for w in tokens(text) if fold(w) not in STOP} - FRAMING, record)


def nearest(wanted: Set[str], record: Record) -> str | None:
    """The first sentence of the record with the most content words of the `wanted` stems, or None if there is none."""
    bags = [{stem(w) for w in tokens(s)} for s in record.sentences]
    weight = {w: math.log((1 + len(bags)) / (0.5 + sum(w in bag for bag in bags))) for w in wanted}
    scores = [sum(weight[w] for w in wanted & bag) for bag in bags]
    best = max(range(len(bags)), key=lambda i: (scores[i], -i), default=None)
    return record.sentences[best] if best is not None and scores[best] > 0 else None
