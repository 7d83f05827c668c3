"""What is said besides films."""

from __future__ import annotations

import json

import pytest

from moviechat.chat.examples import lines, parts
from moviechat.chat.languages import language
from moviechat.chat.smalltalk import elsewhere, reply, speaks
from moviechat.chat.tokens import clean, words

LABELS = {label.partition(".") for line in lines() for _, label, _ in parts(json.loads(line))}
TOPICS = sorted(topic for intent, _, topic in LABELS if intent == "smalltalk")


@pytest.mark.parametrize("topic", [*TOPICS, "nothing", "assent", "noted"])
def test_every_topic_that_can_be_understood_is_answered(topic: str) -> None:
    said = reply(topic, "the twelve films of {2020}")
    assert said.endswith((".", "!", "?"))
    assert "{catalogue}" not in said


def test_who_asks_what_it_knows_is_told() -> None:
    for topic in ("help", "identity"):
        assert "the twelve films" in reply(topic, "the twelve films")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("busco una comedia para ver con los niños", "es"),
        ("je veux un film avec une femme", "fr"),
        ("ich habe nicht was ich will", "de"),
        ("voglio qualcosa di divertente con un cane", "it"),
        ("você tem um filme para mim", "pt"),
        ("mujhe koi film dikhao", "hi"),
    ],
)
def test_every_language_that_is_recognised_is_answered_in_itself(text: str, code: str) -> None:
    assert language(words(clean(text))) == code
    assert speaks(code) and elsewhere(code).endswith(".")


def test_english_needs_no_other_sentence() -> None:
    assert not speaks("en") and not speaks("xx")
