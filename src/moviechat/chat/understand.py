"""A message -> what it does: closed words speak first, a classifier on the encoder for the open ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from moviechat.chat.able import possible, vector
from moviechat.chat.draft import Draft, Intent
from moviechat.chat.languages import language
from moviechat.chat.mentions import Mentions
from moviechat.chat.signals import INTENTS, Hints, Signals
from moviechat.chat.wanting import Wanting

Guess = Mapping[str, float]  # probabilities of the classifier's labels, such as "fact", "smalltalk.greeting"
_SURE = 4.0  # how far the best score by hand is ahead when the classifier need not be asked
_WEIGHT = 3.0  # of the classifier beside the scores by hand
_SHORT = 10  # words of a message that is only thanks


class Understanding(Protocol):
    """Turns a message's mentions into a draft."""

    def draft(self, mentions: Mentions, want: Wanting, hints: Hints) -> Draft:
        """What the message does."""


class Rules:
    """Grammar and lexicon; `guess` is the classifier on a message and its signals, asked when these are not sure."""

    def __init__(self, guess: Callable[[Mentions, Sequence[float]], Guess]) -> None:
        self._guess = guess

    def draft(self, mentions: Mentions, want: Wanting, hints: Hints) -> Draft:
        """What the message does."""
        signals, spoken = Signals(mentions, want, hints), language(mentions.norms)
        if topic := _only_talk(mentions):
            return Draft("smalltalk", mentions, want, topic=topic, language=spoken)
        scores = signals.scores()
        first, second = sorted(scores.values(), reverse=True)[:2]
        best: Intent = max(INTENTS, key=lambda name: scores[name])
        if first - second >= _SURE and possible(signals, best, 0.0):
            return signals.draft(best, spoken)
        guess = self._guess(mentions, vector(signals))
        shares = shares_of(guess)
        able = [name for name in INTENTS if possible(signals, name, shares[name])]
        unclear: Intent = "unclear"
        intent = max(able, key=lambda name: scores[name] + _WEIGHT * shares[name], default=unclear)
        if intent == "smalltalk":
            return Draft("smalltalk", mentions, want, topic=_likeliest(guess), language=spoken)
        return signals.draft(intent, spoken)


def shares_of(guess: Guess) -> dict[Intent, float]:
    """The classifier's labels as intents."""
    found: dict[Intent, float] = dict.fromkeys(INTENTS, 0.0)
    for label, share in guess.items():
        name = label.split(".")[0]
        found[name] += share  # type: ignore[index]
    return found


def _only_talk(m: Mentions) -> str:
    """The topic of a message that is all small talk, else ""."""
    if not any(c.isalnum() for c in m.text):
        return "nothing"
    held = {i for t in m.smalltalk for i in range(t.first, t.last)}
    left = [i for i, w in enumerate(m.words) if i not in held and not w.mark]
    topics = [t.value for t in m.smalltalk]
    wanted = m.films or m.people or m.genres or m.amounts or m.fields or m.has("want", "more", "seen", "like")
    if left and not wanted and ({"identity", "help"} & set(topics) or _thanks(m)):
        return next((t for t in topics if t in ("identity", "help")), "thanks")
    if left or not held:
        return ""
    return next((t for t in topics if t != "assent"), "assent")


def _thanks(m: Mentions) -> bool:
    """Whether a short message begins with thanks or a goodbye."""
    return len(m.words) <= _SHORT and any(t.value in ("thanks", "goodbye") and t.first <= 1 for t in m.smalltalk)


def _likeliest(guess: Guess) -> str:
    """The likeliest topic of small talk."""
    talk = {name: p for name, p in guess.items() if name.startswith("smalltalk.")}
    return max(talk, key=lambda name: talk[name]).removeprefix("smalltalk.")
