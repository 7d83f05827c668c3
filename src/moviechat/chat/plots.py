"""Questions about plots (interim)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from moviechat.chat.said import Said
from moviechat.grounding.record import Record, nearest, support
from moviechat.reply import Source
from moviechat.schema import Movie, Passage
from moviechat.words import stem, tokens

if TYPE_CHECKING:
    from moviechat.chat.shelf import Shelf


def answer(question: str, movie: Movie, passages: Sequence[Passage], shelf: Shelf) -> Iterator[Said]:
    """The best sentence."""
    record = Record.of(movie, [p.text for p in passages])
    best = nearest({*map(stem, tokens(question))}, record) or record.sentences[0]
    yield Said(best, cite(best, passages))


def cite(sentence: str, passages: Sequence[Passage]) -> tuple[Source, ...]:
    holding = (p for p in passages if sentence in " ".join(p.text.split()))
    return tuple(Source(p.tconst, "description", sentence, p.url, p.license) for p in holding)[:1]


def resemblance(text: str, passages: Sequence[Passage]) -> tuple[Source, ...]:
    best = support(text, Record.of_texts([p.text for p in passages]))
    return cite(best, passages) if best else ()
