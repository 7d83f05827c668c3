"""Closed words that show what a turn does."""

from __future__ import annotations

from typing import get_args

import pytest

from moviechat.chat import smalltalk
from moviechat.chat.cues import COMPARISONS, CUES, ORDERS, SMALLTALK, Comparison, Cue
from moviechat.chat.tokens import words
from moviechat.chat.wish import Order
from moviechat.limits import NUMBERS


def test_every_cue_has_its_words() -> None:
    assert set(CUES) == set(get_args(Cue))
    assert all(table.firsts for table in CUES.values())


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("please suggest a western", "want"),
        ("a film with dogs", "noun"),
        ("in the vein of Nope", "like"),
        ("show me another", "more"),
        ("I have seen that", "seen"),
        ("that was my favourite", "loved"),
        ("it was boring", "hated"),
        ("the year does not matter", "drop"),
        ("it must be short", "only"),
        ("go back", "undo"),
        ("let's start over", "reset"),
        ("what about Nope", "again"),
        ("no, a western instead", "swap"),
        ("how many are there", "count"),
        ("he directed it, is that right?", "sure"),
        ("what is the plot", "story"),
        ("I can't remember the title", "recall"),
        ("which of them is older", "which"),
        ("and a sad one too", "also"),
        ("who directed the most films", "most_of"),
        ("from the same year", "same"),
    ],
)
def test_a_cue_is_seen(text: str, cue: Cue) -> None:
    assert CUES[cue].tags(words(text))


def test_a_title_alone_is_no_cue() -> None:
    assert [cue for cue, table in CUES.items() if table.tags(words("Harbour of Small Boats"))] == []


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("the best comedies", "rating"),
        ("the worst one", "worst"),
        ("the most popular of 2020", "votes"),
        ("the least known", "least_votes"),
        ("newest first", "newest"),
        ("in order of release", "oldest"),
        ("the shortest", "shortest"),
        ("your longest film", "longest"),
    ],
)
def test_an_order_is_read(text: str, order: Order) -> None:
    assert [t.value for t in ORDERS.tags(words(text))] == [order]


def test_every_order_can_be_asked_for() -> None:
    asked = "best worst|most popular|least popular|newest|oldest|shortest|longest"
    assert {t.value for t in ORDERS.tags(words(asked))} == set(get_args(Order)) - {"fit"}


@pytest.mark.parametrize(
    ("more", "less", "field"),
    [
        ("longer", "shorter", "runtime"),
        ("newer", "older", "year"),
        ("better", "worse", "rating"),
        ("more votes", "fewer votes", "votes"),
        ("more popular", "less popular", "votes"),
    ],
)
def test_comparisons_go_both_ways(more: str, less: str, field: str) -> None:
    assert [t.value for t in COMPARISONS.tags(words(f"{more} than Nope"))] == [Comparison(field, True)]
    assert [t.value for t in COMPARISONS.tags(words(f"{less} than Nope"))] == [Comparison(field, False)]
    assert field in NUMBERS


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("Hello!", "greeting"),
        ("how are you?", "wellbeing"),
        ("are you a robot?", "identity"),
        ("what can you do?", "help"),
        ("many thanks", "thanks"),
        ("goodbye", "goodbye"),
        ("ok", "assent"),
    ],
)
def test_small_talk_has_topics_that_are_answered(text: str, topic: str) -> None:
    assert [t.value for t in SMALLTALK.tags(words(text))] == [topic]
    assert smalltalk.reply(topic, "twelve films")
