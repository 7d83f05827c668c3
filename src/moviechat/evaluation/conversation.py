"""Held-out questions put to the whole chat: is the right film found, how good is the answer, is it supported?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from tqdm import tqdm

from moviechat import metrics
from moviechat.evaluation.answers import Check, score
from moviechat.grounding.record import Record
from moviechat.reply import Reply
from moviechat.schema import QAPair


class Conversation(Protocol):
    """Answers one question with one reply."""

    def ask(self, text: str) -> Reply:
        """The reply to `text`."""


@dataclass(frozen=True, slots=True)
class Told:
    """The chat's reply to a pair's question, and the seconds it took."""

    pair: QAPair
    reply: Reply
    seconds: float


def ask(pairs: Sequence[QAPair], start: Callable[[], Conversation], clock: Callable[[], float]) -> list[Told]:
    """Ask each pair's question in a new conversation, with a progress bar; `clock` returns seconds."""
    told = []
    for pair in tqdm(pairs, desc="chat", unit="question"):
        conversation, begun = start(), clock()
        reply = conversation.ask(pair.question)
        told.append(Told(pair, reply, clock() - begun))
    return told


def summarise(
    told: Sequence[Told], records: Mapping[str, Record], twins: Mapping[str, frozenset[str]], check: Check
) -> dict[str, Any]:
    """Share of replies about the right film, of admissions not to know and of supported replies; mean token F1."""
    scored = score([t.pair for t in told], [t.reply.answer for t in told], records, check)
    return {
        "questions": len(told),
        "film": metrics.mean([float(_on_the_film(t, twins)) for t in told]),
        "unknown": metrics.mean([float(t.reply.kind == "unknown") for t in told]),
        "grounded": metrics.mean([s.grounded for s in scored]),
        "token_f1": metrics.mean([s.token_f1 for s in scored]),
    }


def _on_the_film(told: Told, twins: Mapping[str, frozenset[str]]) -> bool:
    return any(movie.tconst in twins[told.pair.tconst] for movie in told.reply.movies[:1])
