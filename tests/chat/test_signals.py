"""What the words of a message, and what is on the table, speak for."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from moviechat.chat.mentions import Mentions
from moviechat.chat.signals import INTENTS, Hints, Signals
from moviechat.chat.wanting import Wanting


@pytest.fixture(scope="session")
def signals(taken_apart: Callable[..., Mentions], wants: Callable[[str], Wanting]) -> Callable[..., Signals]:
    """The signals of a message: `signals(text, hints)`."""

    def made(text: str, hints: Hints | None = None) -> Signals:
        hints = hints or Hints()
        return Signals(taken_apart(text, hints.focus), wants(text), hints)

    return made


Made = Callable[..., Signals]


@pytest.mark.parametrize(
    ("text", "hints", "intent"),
    [
        ("who directed Parasite?", Hints(), "fact"),
        ("and its rating?", Hints(focus=True, fields=("year",)), "fact"),
        ("which is older, Soul or Joker?", Hints(), "compare"),
        ("how many films with Ana de Armas do you have?", Hints(), "credits"),
        ("what is Soul about?", Hints(), "plot"),
        ("find me a funny film under 90 minutes", Hints(), "wish"),
        ("I loved Joker", Hints(wish=True), "told"),
    ],
)
def test_the_best_score_is_the_intents(signals: Made, text: str, hints: Hints, intent: str) -> None:
    scores = signals(text, hints).scores()
    assert max(scores, key=lambda name: scores[name]) == intent


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("who directed Parasite and when did it come out?", ("directors", "year")),
        ("how long is Soul?", ("runtime",)),
        ("who shot 1917?", ("cinematographers",)),
        ("who plays Arthur Fleck in Joker?", ("role",)),
        ("who stars in Knives Out?", ("cast",)),
        ("what is the rating, year and genre of Soul?", ("rating", "year", "genres")),
        ("a film under 90 minutes", ()),
        ("something by the same director", ()),
    ],
)
def test_the_fields_that_a_message_asks_for(signals: Made, text: str, fields: tuple[str, ...]) -> None:
    assert signals(text).draft("fact", "en").fields == fields


def test_what_is_on_the_table_lets_a_fragment_be_read(signals: Made) -> None:
    assert signals("which is longer?", Hints(focus=True, listed=True)).scores()["compare"] > 0
    assert signals("which is longer?").scores()["compare"] == 0


def test_a_claim_needs_something_to_claim(signals: Made) -> None:
    assert signals("did Jordan Peele direct Nope?").claim
    assert signals("is Joker a comedy?").claim
    assert not signals("is Joker any good?").claim


def test_every_intent_has_a_score(signals: Made) -> None:
    assert tuple(signals("hello").scores()) == INTENTS
