"""Pairs to fit an encoder with, from the texts alone: a piece of a film's text, and the rest of it.

The inverse cloze task (Lee et al., 2019, arXiv:1906.00300): who asks for a film remembers a piece of its story, in
other words than those of the passage that tells the whole.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence

from moviechat.schema import Movie, Passage
from moviechat.words import sentences

_KEPT = 0.15  # share of pairs whose passage keeps the piece: words in common are a sign too
_LONG = 4  # sentences of a text of which two may be the piece
_WORDS = 4  # of a sentence that tells something


def pairs(
    movies: Sequence[Movie], passages: Mapping[str, Sequence[Passage]], draws: int, seed: int
) -> Iterator[tuple[str, str]]:
    """(piece, passage as it is embedded) of every text of two sentences or more, `draws` times with other pieces."""
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
