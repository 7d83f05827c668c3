"""Conversations held with a chat, and what is counted of them."""

from __future__ import annotations

from itertools import count

import pytest

from moviechat.evaluation import talk
from moviechat.evaluation.bounds import Catalogue
from moviechat.evaluation.cases import Case, Turn
from moviechat.reply import MovieRef, Reply
from moviechat.schema import Movie

CATALOGUE = Catalogue({"tt1": Movie("tt1", "A", "A", 2020, 90, ("Drama",), 7.0, 10)}, {})
HELLO, FILM = Turn("hi", {"says": ["hello"]}), Turn("a drama", {"limits": {"genres_all": ["Drama"]}})
CASES = [
    Case("around-1", "around", (HELLO,)),
    Case("refine-1", "refine", (FILM, Turn("another", {"new": True, "least": 1}))),
    Case("refine-2", "refine", (FILM,)),
]


class Echo:
    """Shows one film each time, and greets whoever greets."""

    def __init__(self) -> None:
        self.turns = 0

    def ask(self, text: str) -> Reply:
        self.turns += 1
        if text == "hi":
            return Reply("Hello.", "smalltalk", True, (), (), "fake", 0.0)
        return Reply(f"Turn {self.turns}.", "recommend", True, (MovieRef("tt1", "A", 2020),), (), "fake", 0.0)


@pytest.fixture
def judged() -> list[talk.Judged]:
    ticks = count()
    return talk.converse(CASES, Echo, CATALOGUE, lambda: float(next(ticks)))


def test_each_conversation_has_a_session_and_a_memory_of_its_own(judged: list[talk.Judged]) -> None:
    assert [(j.case.id, j.turn, bool(j.faults)) for j in judged] == [
        ("around-1", 0, False), ("refine-1", 0, False), ("refine-1", 1, True), ("refine-2", 0, False),
    ]  # fmt: skip
    assert [j.reply["answer"] for j in judged] == ["Hello.", "Turn 1.", "Turn 2.", "Turn 1."]


def test_turns_and_whole_conversations_are_counted_by_family(judged: list[talk.Judged]) -> None:
    figures = talk.summarise(judged)
    assert (figures["around"], figures["refine"], figures["all"]) == (1.0, pytest.approx(2 / 3), 0.75)
    assert (figures["scripts"]["refine"], figures["scripts"]["all"]) == (0.5, pytest.approx(2 / 3))
    assert figures["turns"] == {"around": 1, "refine": 3, "all": 4}
    assert figures["cases"] == {"around": 1, "refine": 2, "all": 3}
    assert figures["around_low"] == pytest.approx(0.2065, abs=1e-4), "one right turn proves little"


def test_a_miss_tells_the_conversation_up_to_it(judged: list[talk.Judged]) -> None:
    [row] = talk.misses(judged)
    assert (row["case"], row["said"], row["answer"]) == ("refine-1.2", ["a drama", "another"], "Turn 2.")
    assert row["wrong"] == "shown before: tt1"


def test_seconds_are_kept_by_kind(judged: list[talk.Judged]) -> None:
    assert talk.seconds(judged) == {"recommend_reply": [1.0, 1.0, 1.0], "smalltalk_reply": [1.0]}
