"""What a message does: small talk and plain questions by their words, all else by the classifier."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pytest

from moviechat.chat.draft import Draft
from moviechat.chat.mentions import Mentions
from moviechat.chat.signals import Hints
from moviechat.chat.understand import INTENTS, Classified, shares_of
from moviechat.chat.wanting import Wanting

TALKED = Hints(focus=True, people=True, fields=("directors",))
WISHED = Hints(wish=True, focus=True, listed=True, wished=True)


class Guess:
    """A classifier that says one label, and counts how often it is asked."""

    def __init__(self, label: str = "") -> None:
        self.label, self.asked = label, 0

    def __call__(self, mentions: Mentions, signals: Sequence[float]) -> Mapping[str, float]:
        self.asked += 1
        even = {"smalltalk.offtopic": 0.01, "smalltalk.insult": 0.0} | {n: 0.01 for n in INTENTS if n != "smalltalk"}
        return even | ({self.label: 1.0} if self.label else {})


@pytest.fixture
def understood(taken_apart: Callable[..., Mentions], wants: Callable[[str], Wanting]) -> Callable[..., Draft]:
    """The draft of a message: `understood(text, hints, guess)`."""

    def draft(text: str, hints: Hints | None = None, guess: Guess | None = None) -> Draft:
        hints = hints or Hints()
        return Classified(guess or Guess()).draft(taken_apart(text, hints.focus), wants(text), hints)

    return draft


Understood = Callable[..., Draft]


def test_the_classifier_is_not_asked_where_words_are_sure(understood: Understood) -> None:
    guess = Guess("plot")
    assert understood("who directed Parasite?", Hints(), guess).intent == "fact"
    assert understood("thanks", Hints(), guess).topic == "thanks"
    assert guess.asked == 0


@pytest.mark.parametrize(
    ("text", "label", "hints", "intent"),
    [
        ("I am so bored tonight", "wish", Hints(), "wish"),
        ("I am so bored tonight", "smalltalk.offtopic", Hints(), "smalltalk"),
        ("a man wakes up and nobody remembers his name", "identify", Hints(), "identify"),
        ("I have seen Soul", "told", Hints(), "told"),
        ("what is the ending like", "plot", TALKED, "plot"),
        ("wibble wobble", "unclear", Hints(), "unclear"),
    ],
)
def test_open_words_are_the_classifiers(
    understood: Understood, text: str, label: str, hints: Hints, intent: str
) -> None:
    assert understood(text, hints, Guess(label)).intent == intent


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("good morning sunshine", "compare"),
        ("good morning sunshine", "credits"),
        ("good morning sunshine", "plot"),
        ("good morning sunshine", "told"),
        ("a comedy under 90 minutes", "smalltalk.offtopic"),
        ("a comedy under 90 minutes", "unclear"),
        ("when did Parasite come out, I wonder", "wish"),
        ("what does the driver find in Parasite", "fact"),
        ("a film, but not Joker", "plot"),
    ],
)
def test_an_intent_must_have_what_it_needs(understood: Understood, text: str, label: str) -> None:
    assert understood(text, Hints(), Guess(label)).intent != label.split(".")[0]


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("hello", "greeting"),
        ("Hi there!", "greeting"),
        ("thank you so much", "thanks"),
        ("bye", "goodbye"),
        ("ok cool", "assent"),
        ("who are you?", "identity"),
        ("what can you do?", "help"),
        ("", "nothing"),
        ("?!", "nothing"),
        ("gracias", "thanks"),
    ],
)
def test_small_talk_has_a_topic(understood: Understood, text: str, topic: str) -> None:
    draft = understood(text)
    assert (draft.intent, draft.topic) == ("smalltalk", topic)


def test_the_likeliest_topic_is_taken(understood: Understood) -> None:
    assert understood("you stupid machine", Hints(), Guess("smalltalk.insult")).topic == "insult"


def test_the_language_is_told(understood: Understood) -> None:
    assert understood("hola, qué tal el día de hoy", Hints(), Guess("smalltalk.offtopic")).language == "es"
    assert understood("who directed Parasite?").language == "en"


def test_labels_of_small_talk_are_one_intent() -> None:
    shares = shares_of({"smalltalk.insult": 0.2, "smalltalk.offtopic": 0.3, "fact": 0.5})
    assert shares["smalltalk"] == pytest.approx(0.5)
    assert (shares["fact"], shares["plot"]) == (0.5, 0.0)
