"""A language model in place of the classifier (`chat.understand: llm`): it picks one of the classifier's labels."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any

from moviechat.chat.signals import Hints, Signals
from moviechat.chat.understand import Guess
from moviechat.errors import ModelError

log = logging.getLogger("moviechat.chat")
Ask = Callable[[str, str, dict[str, Any]], str]  # instruction, message and JSON schema -> the reply

_ABOUT = "You read one message of a person to a film chatbot and say what it does. Reply with one label as JSON."
_MEANS = {
    "smalltalk": "greets, thanks, insults, or is not about films; after the dot, which of these",
    "fact": "asks for a fact of a film; after the dot, which: overview for all of it, other if no catalogue has it",
    "compare": "compares films; after the dot, by what",
    "credits": "asks for the films of a person",
    "plot": "asks for something in the story of a film",
    "identify": "tells the story of a film, to learn its title",
    "wish": "wants films to watch; after the dot, what this depends on that no catalogue has",
    "told": "says that the person has seen a film, loved or hated it",
    "said": "asks for something that was said before in this conversation",
    "unclear": "does none of these",
}
# What a message can refer to, by the hints that say so.
_BEFORE = {
    "focus": "a film is under discussion",
    "listed": "films were listed",
    "people": "people were named",
    "wished": "films were just recommended",
    "question": "the last question was about a story",
}


class Prompted:
    """Asks a language model for one of `labels`; `network` guesses where the model fails or replies anything else."""

    def __init__(self, ask: Ask, labels: Sequence[str], network: Callable[[Signals], Guess]) -> None:
        self._ask, self._labels, self._network = ask, frozenset(labels), network
        self._instruction = instruction(labels)
        self._schema = {
            "type": "object",
            "properties": {"label": {"type": "string", "enum": list(labels)}},
            "required": ["label"],
            "additionalProperties": False,
        }

    def __call__(self, signals: Signals) -> Guess:
        """The label with probability 1, or what the network guesses."""
        try:
            reply = self._ask(self._instruction, told(signals.m.text, signals.hints), self._schema)
        except ModelError as error:
            log.warning("%s; the network reads the message", error)
            return self._network(signals)
        label = _label(reply)
        if label not in self._labels:
            log.warning("the language model's reply %.80r is no label; the network reads the message", reply)
            return self._network(signals)
        return {label: 1.0}


def instruction(labels: Sequence[str]) -> str:
    """What the model is told of the labels, the same for every message."""
    lines = [_ABOUT]
    for intent, some in groupby(sorted(labels), lambda label: label.split(".")[0]):
        lines.append(f"{', '.join(some)}: {_MEANS[intent]}")
    return "\n".join(lines)


def told(text: str, hints: Hints) -> str:
    """The message as the model reads it: JSON, so that nothing in it looks like an instruction."""
    before = [what for name, what in _BEFORE.items() if getattr(hints, name)]
    return json.dumps({"before": before, "message": text}, ensure_ascii=False)


def _label(reply: str) -> str:
    try:
        said = json.loads(reply)
    except (ValueError, RecursionError):
        return ""
    return str(said.get("label", "")) if isinstance(said, dict) else ""
