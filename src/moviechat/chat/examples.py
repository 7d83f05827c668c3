"""What the networks learn from: utterances in their place of a conversation, and wishes with their moods."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from moviechat.chat.heads import Head, TextEncoder, columns_of, grams, masked, weight
from moviechat.chat.mentions import Mentions, read
from moviechat.chat.signals import Hints, Signals
from moviechat.chat.understand import FINER
from moviechat.chat.wanting import Wanting, wanting
from moviechat.linking import FilmMention, PersonMention

if TYPE_CHECKING:
    from moviechat.chat.taste import Taste

UTTERANCES, MOODS_SAID = Path(__file__).with_name("utterances"), Path(__file__).with_name("moods.jsonl")
_FILM, _PERSON, _HERO = "Qzfilm", "Qzperson", "Hero"  # stand in the utterances' slots
_UNITS = 64
_DRAWS = 2  # networks of intents that are averaged: two single ones part in more messages than two averages
_INTENTS: dict[str, Any] = {"alpha": 0.02, "max_iter": 10, "batch_size": 512}
_MOODS: dict[str, Any] = {"alpha": 0.01, "max_iter": 30, "batch_size": 64}
_TEXTS = 5  # minimum utterances with a word or pair that is learnt
_SAME = {"quality": "rating"}  # what is told to who asks whether a film is good
# What may have been talked about before an utterance that can be said at any time.
_ANY_TIME: tuple[tuple[str, ...], ...] = ((), ("wish",))


@dataclass(frozen=True, slots=True)
class Example:
    """A text as the encoder reads it, its words and pairs, its flags, and the label: an intent, and what of it."""

    text: str
    grams: tuple[str, ...]
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


def lines(folder: Path = UTTERANCES) -> list[str]:
    """The utterances of a folder: a line is one utterance (a JSON object), or a conversation of them (a list)."""
    return [line for path in sorted(folder.glob("*.jsonl")) for line in path.read_text(encoding="utf-8").splitlines()]


def examples(taste: Taste, years: tuple[int, int], folder: Path = UTTERANCES) -> list[Example]:
    """The examples of a folder of utterances; one that can be said at any time becomes several."""
    moods, found = taste.phrases(), list[Example]()
    read_before: dict[str, tuple[Mentions, Wanting]] = {}
    for text, label, before in (one for line in lines(folder) for one in said(json.loads(line))):
        if text not in read_before:
            m = read(_filled(text), _Slots(), moods)
            read_before[text] = m, wanting(m, taste, years)
        m, want = read_before[text]
        flags = Signals(m, want, hints(before)).flags()
        found.append(Example(masked(m), tuple(grams(m)), tuple(flags), label))
    return found


def said(row: Any) -> Iterator[tuple[str, str, Sequence[str]]]:
    """The text, the label and the labels before it of each utterance in a line.

    A conversation is a list of [label, text]; the text is null where it is not to be learnt.
    """
    if isinstance(row, list):
        labels = [label for label, _ in row]
        yield from ((text, _label(*_parted(label)), labels[:i]) for i, (label, text) in enumerate(row) if text)
    else:
        label = _label(row["intent"], row.get("field"))
        for before in [row["after"].split()] if "after" in row else _ANY_TIME:
            yield row["text"], label, before


def _parted(label: str) -> tuple[str, str]:
    """The intent of a label, and what of it, or ""."""
    intent, _, field = label.partition(".")
    return intent, field


def _filled(text: str) -> str:
    return text.replace("{film}", _FILM).replace("{person}", _PERSON).replace("{character}", _HERO)


def _label(intent: str, field: str | None) -> str:
    if (intent, field) == ("smalltalk", "personal"):
        return "wish"  # who tells how they are wants to be entertained
    return f"{intent}.{_SAME.get(field, field)}" if field and intent in FINER else intent


def hints(before: Sequence[str]) -> Hints:
    """What is on the table after turns of these labels ("fact.year", "wish"), as the state would have it."""
    found = Hints()
    for label in before:
        found = replace(found, **_changes(*_parted(label)))
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


def fit(encoder: TextEncoder, taste: Taste, years: tuple[int, int], folder: Path = UTTERANCES) -> Head:
    """The head of intents for a folder of utterances; the same every time."""
    import numpy as np

    rows = examples(taste, years, folder)
    vectors = np.hstack([_embedded(encoder, rows), np.array([row.flags for row in rows], np.float32)])
    return fitted(rows, vectors, [row.label for row in rows], _INTENTS, _DRAWS)


def fit_moods(encoder: TextEncoder, taste: Taste, path: Path = MOODS_SAID) -> Head:
    """The head of moods for wishes with the moods that they ask for; the same every time."""
    import numpy as np

    said = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    moods = taste.phrases()
    texts = [read(_filled(row["text"]), _Slots(), moods) for row in said]
    rows = [Example(masked(m), tuple(grams(m)), (), "") for m in texts]
    names = sorted(taste.moods)
    asked = np.array([[name in row["moods"] for name in names] for row in said], int)
    return replace(fitted(rows, _embedded(encoder, rows), asked, _MOODS), labels=tuple(names))


def _embedded(encoder: TextEncoder, rows: Sequence[Example]) -> Any:
    import numpy as np

    texts = list(dict.fromkeys(row.text for row in rows))
    vectors = dict(zip(texts, np.asarray(encoder.encode(texts), np.float32), strict=True))
    return np.array([vectors[row.text] for row in rows])


def fitted(rows: Sequence[Example], vectors: Any, wanted: Any, how: Mapping[str, Any], draws: int = 1) -> Head:
    """A network for examples with their `vectors` [examples, dimensions], by Adam.

    `wanted` is a label for each, or a table [examples, labels] where several are right; `how` are the parameters. The
    scores of `draws` networks, which begin with other weights, are averaged: they are parts of one wider network.
    """
    import numpy as np
    from scipy.sparse import csr_matrix, hstack
    from sklearn.neural_network import MLPClassifier
    from threadpoolctl import threadpool_limits

    columns = _vocabulary(rows, vectors.shape[1])
    lines = [columns_of(row.grams, columns) for row in rows]
    starts = np.cumsum([0, *map(len, lines)])
    values = np.repeat(np.array([weight(line) for line in lines], np.float32), np.diff(starts))
    at = np.array([column - vectors.shape[1] for line in lines for column in line], np.int64)
    x = hstack([csr_matrix(vectors), csr_matrix((values, at, starts), (len(rows), len(columns)))], "csr")
    networks = [  # all epochs
        MLPClassifier((_UNITS,), random_state=draw, tol=0.0, n_iter_no_change=how["max_iter"], **how)
        for draw in range(draws)
    ]
    # One thread: the products are so small that several threads mostly wait for each other.
    with np.errstate(all="ignore"), threadpool_limits(1):
        for network in networks:
            network.fit(x, wanted)
    layers = [
        np.concatenate([n.coefs_[0].T for n in networks]),
        np.concatenate([n.intercepts_[0] for n in networks]),
        np.concatenate([n.coefs_[1].T for n in networks], axis=1) / draws,
        np.mean([n.intercepts_[1] for n in networks], axis=0),
    ]
    names = tuple(map(str, networks[0].classes_))
    return Head(names, columns, *(np.ascontiguousarray(layer, np.float32) for layer in layers))


def _vocabulary(rows: Sequence[Example], first: int) -> dict[str, int]:
    """The words and pairs of enough texts, each with its column from `first` on."""
    said = {row.text: row.grams for row in rows}
    texts = Counter(gram for grams in said.values() for gram in grams)
    return {gram: at for at, gram in enumerate(sorted(g for g, n in texts.items() if n >= _TEXTS), first)}
