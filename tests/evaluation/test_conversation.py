"""Held-out questions asked of the whole chat."""

from __future__ import annotations

from itertools import count
from typing import Any

from moviechat.evaluation import conversation
from moviechat.grounding.record import Record
from moviechat.reply import MovieRef, Reply
from moviechat.schema import QAPair

PAIRS = [QAPair(t, "setting", f"Where is {t} set?", "In an old bus.", "", "file") for t in ("tt1", "tt2", "tt3")]
RECORDS = {p.tconst: Record.of_texts(["They hide in an old bus."]) for p in PAIRS}
TWINS = {"tt1": frozenset({"tt1"}), "tt2": frozenset({"tt2", "tt9"}), "tt3": frozenset({"tt3"})}


class Scripted:
    """Replies in order, each in a conversation of its own."""

    def __init__(self, replies: list[Reply]) -> None:
        self.replies = iter(replies)

    def __call__(self) -> Scripted:
        return self

    def ask(self, text: str) -> Reply:
        return next(self.replies)


def reply(answer: str, kind: str, tconst: str) -> Reply:
    return Reply(answer, kind, True, (MovieRef(tconst, "A film", 2020),), (), "model", 0.1)  # type: ignore[arg-type]


def test_replies_are_scored_by_film_support_and_words(check: Any) -> None:
    replies = [
        reply("In an old bus.", "plot", "tt1"),
        reply("In Brussels.", "plot", "tt9"),
        reply("", "unknown", "tt1"),
    ]
    ticks = count()
    told = conversation.ask(PAIRS, Scripted(replies), lambda: float(next(ticks)))
    assert [t.seconds for t in told] == [1.0, 1.0, 1.0]
    summary = conversation.summarise(told, RECORDS, TWINS, check)
    assert summary["questions"] == 3
    assert (round(summary["film"], 3), round(summary["unknown"], 3)) == (0.667, 0.333)
    assert round(summary["grounded"], 3) == 0.333
    assert 1 / 3 <= summary["token_f1"] < 2 / 3
