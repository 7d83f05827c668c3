"""Pairs to fit an encoder, from the texts alone: a piece of a film's text, and the rest of it.

The inverse cloze task (Lee et al., 2019, arXiv:1906.00300): whoever looks for a film remembers a piece of its story,
in other words than those of the passage.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence

from moviechat.schema import Movie, Passage
from moviechat.words import sentences

_KEPT = 0.15  # share of pairs whose passage keeps the piece: common words are a signal too
_LONG = 4  # sentences of a text needed for two of them to serve as pieces
_WORDS = 4  # minimum of a sentence that says something


def pairs(
    movies: Sequence[Movie], passages: Mapping[str, Sequence[Passage]], draws: int, seed: int
) -> Iterator[tuple[str, str]]:
    """(piece, passage as embedded) of every text with two sentences or more, `draws` times with different pieces."""
    for draw in range(draws):
        for movie in movies:
            for passage in passages.get(movie.tconst, ()):
                drawn = random.Random(f"{seed}:{draw}:{movie.tconst}:{passage.passage}")
                if parted := _parted(passage.text, drawn):
                    yield parted[0], movie.embedded(parted[1])


def _parted(text: str, drawn: random.Random) -> tuple[str, str] | None:
    parts = [s for s in sentences(text) if len(s.split()) >= _WORDS]
    if len(parts) < 2:
        return None
    begin = drawn.randrange(len(parts))
    size = drawn.choice((1, 2)) if len(parts) >= _LONG else 1
    rest = [*parts[:begin], *parts[begin + size :]]
    return " ".join(parts[begin : begin + size]), " ".join(parts if drawn.random() < _KEPT else rest)
