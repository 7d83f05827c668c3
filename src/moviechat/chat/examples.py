"""What the classifier of intents learns from: the utterances shipped here, each in its place of a conversation."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from moviechat.chat.intents import Head, TextEncoder, masked
from moviechat.chat.signals import Hints, Signals
from moviechat.linking import FilmMention, PersonMention

if TYPE_CHECKING:
    from moviechat.chat.taste import Taste

UTTERANCES = Path(__file__).with_name("utterances.jsonl")
_FILM, _PERSON, _HERO = "Qzfilm", "Qzperson", "Hero"  # stand in the utterances' slots
_UNITS, _DECAY, _EPOCHS, _BATCH = 64, 0.03, 20, 128
# What may have been talked about before an utterance that can be said at any time.
_ANY_TIME: tuple[tuple[str, ...], ...] = ((), ("wish",), ("fact.year",), ("wish", "fact.year", "wish"))


@dataclass(frozen=True, slots=True)
class Example:
    """A text as the encoder reads it, its flags, and the label: an intent, or one of small talk with its topic."""

    text: str
    flags: tuple[float, ...]
    label: str


class _Slots:
    """A linker for the utterances: their slots are the names."""

    def films(self, text: str) -> list[FilmMention]:
        """The films' slots."""
        return [FilmMention(m.span(), ("tt0",), (), (), "exact", 1.0) for m in re.finditer(_FILM, text)]

    def people(self, text: str) -> list[PersonMention]:
        """The people's slots."""
        return [PersonMention(m.span(), _PERSON, (), "exact", 1.0) for m in re.finditer(_PERSON, text)]


def examples(taste: Taste, years: tuple[int, int], path: Path = UTTERANCES) -> list[Example]:
    """The examples of a file of utterances; one that can be said at any time becomes several."""
    from moviechat.chat.mentions import read
    from moviechat.chat.wanting import wanting

    moods, found = taste.phrases(), list[Example]()
    for line in path.read_text(encoding="utf-8").splitlines():
        row: Mapping[str, Any] = json.loads(line)
        text = row["text"].replace("{film}", _FILM).replace("{person}", _PERSON).replace("{character}", _HERO)
        m = read(text, _Slots(), moods)
        want = wanting(m, taste, years)
        for before in [row["after"].split()] if "after" in row else _ANY_TIME:
            flags = Signals(m, want, hints(before)).flags()
            found.append(Example(masked(m), tuple(flags), _label(row["intent"], row.get("field"))))
    return found


def _label(intent: str, field: str | None) -> str:
    if intent != "smalltalk":
        return intent
    return "wish" if field == "personal" else f"smalltalk.{field}"  # who tells how they are wants to be entertained


def hints(before: Sequence[str]) -> Hints:
    """What is on the table after turns of these labels ("fact.year", "wish"), as the state would have it."""
    found = Hints()
    for label in before:
        intent, _, field = label.partition(".")
        found = replace(found, **_changes(intent, field))
    return found


def _changes(intent: str, field: str) -> dict[str, Any]:
    talked = {"focus": True, "people": True, "wished": False}
    match intent:
        case "wish":
            return {"wish": True, "wished": True, "focus": True, "listed": True}
        case "fact":
            return talked | {"fields": (field,) if field and field != "overview" else (), "question": False}
        case "plot":
            return talked | {"fields": (), "question": True}
        case "compare":
            return talked | {"listed": True, "fields": (field or "rating",), "question": False}
        case "credits" | "identify":
            return talked | {"listed": True}
        case "told":
            return {"focus": True, "wished": False}
        case _:
            return {}


def fit(encoder: TextEncoder, taste: Taste, years: tuple[int, int], path: Path = UTTERANCES) -> Head:
    """The head for a file of utterances, by Adam; the same every time."""
    import numpy as np

    rows = examples(taste, years, path)
    texts = list(dict.fromkeys(row.text for row in rows))
    embedded = dict(zip(texts, np.asarray(encoder.encode(texts)), strict=True))
    x = np.array([np.concatenate([embedded[row.text], row.flags]) for row in rows], np.float32)
    return fitted(x, [row.label for row in rows])


def fitted(x: Any, labels: Sequence[str]) -> Head:
    """The head for vectors `x` [examples, dimensions]."""
    import numpy as np
    from sklearn.neural_network import MLPClassifier

    network = MLPClassifier((_UNITS,), alpha=_DECAY, max_iter=_EPOCHS, batch_size=_BATCH, random_state=0, tol=0.0)
    network.n_iter_no_change = _EPOCHS  # all epochs: that is not a failure to converge
    with np.errstate(all="ignore"):
        network.fit(x, list(labels))
    layers = [np.asarray(layer, np.float32) for layer in (network.coefs_[0].T, network.intercepts_[0])]
    layers += [np.asarray(layer, np.float32) for layer in (network.coefs_[1].T, network.intercepts_[1])]
    return Head(tuple(str(name) for name in network.classes_), *layers)
