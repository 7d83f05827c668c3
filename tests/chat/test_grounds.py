"""What an intent needs of a message and the conversation."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from moviechat.chat.draft import Intent
from moviechat.chat.grounds import possible
from moviechat.chat.mentions import Mentions
from moviechat.chat.signals import Hints, Signals
from moviechat.chat.wanting import Wanting

WISHED, ABOUT = Hints(wish=True, wished=True), Hints(focus=True, people=True, about=True, fields=("runtime",))


@pytest.fixture
def may(taken_apart: Callable[..., Mentions], wants: Callable[[str], Wanting]) -> Callable[..., bool]:
    return lambda text, intent, hints=None: possible(intent, Signals(taken_apart(text), wants(text), hints or Hints()))


@pytest.mark.parametrize(
    ("intent", "text", "hints"),
    [
        ("fact", "how long is Soul", Hints()),
        ("plot", "what happens in Soul", Hints()),
        ("compare", "Soul or Joker, which is longer", Hints()),
        ("compare", "which is longer", Hints(listed=True)),
        ("credits", "what else has she directed", ABOUT),
        ("identify", "a man loses his car in the snow", Hints()),
        ("wish", "a comedy under 90 minutes", Hints()),
        ("wish", "give me my evening back, and a comedy", Hints()),
        ("told", "I have seen Soul", Hints()),
        ("smalltalk", "good morning", Hints()),
        ("unclear", "wibble", Hints()),
    ],
)
def test_what_an_intent_is_about_is_there(intent: Intent, text: str, hints: Hints, may: Callable[..., bool]) -> None:
    assert may(text, intent, hints)


@pytest.mark.parametrize(
    ("intent", "text", "hints"),
    [
        ("fact", "a film, but not Joker", Hints()),
        ("plot", "a film, but not Joker", Hints()),
        ("fact", "what year is it set in", ABOUT),
        ("fact", "what did she put out in 2019", ABOUT),
        ("fact", "a comedy under 90 minutes", Hints()),
        ("compare", "they have seen Soul and Joker, others?", Hints()),
        ("wish", "give me my two hours back", Hints()),
        ("compare", "which is longer", Hints()),
        ("compare", "show me korean ones with a better rating", Hints(listed=True)),
        ("compare", "something like Soul with more votes", ABOUT),
        ("credits", "is she in that one", ABOUT),
        ("identify", "from 2020", WISHED),
        ("wish", "when did Parasite come out", Hints()),
        ("told", "good morning", Hints()),
        ("smalltalk", "recommend me a good mystery", Hints()),
        ("unclear", "who directed Soul", Hints()),
    ],
)
def test_what_an_intent_is_about_is_lacking(intent: Intent, text: str, hints: Hints, may: Callable[..., bool]) -> None:
    assert not may(text, intent, hints)
