"""What the networks learn from: utterances in their place of a conversation, and wishes with their moods."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from moviechat.chat.heads import grams, masked
from moviechat.chat.mentions import Mentions, read
from moviechat.chat.signals import Hints, Signals
from moviechat.chat.understand import FINER
from moviechat.chat.wanting import Wanting, wanting
from moviechat.linking import FilmMention, PersonMention

if TYPE_CHECKING:
    from moviechat.chat.taste import Taste

UTTERANCES, MOODS_SAID = Path(__file__).with_name("utterances"), Path(__file__).with_name("moods.jsonl")
_FILM, _PERSON, _HERO = "Qzfilm", "Qzperson", "Hero"  # stand in the utterances' slots
_YEARS = (2019, 2022)  # of the catalogue that the utterances speak of
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


def examples(taste: Taste, said: Sequence[str]) -> list[Example]:
    """The examples of lines of utterances; one that can be said at any time becomes several."""
    moods, found = taste.phrases(), list[Example]()
    read_before: dict[str, tuple[Mentions, Wanting]] = {}
    for text, label, before in (one for line in said for one in parts(json.loads(line))):
        if text not in read_before:
            m = read(_filled(text), _Slots(), moods)
            read_before[text] = m, wanting(m, taste, _YEARS)
        m, want = read_before[text]
        flags = Signals(m, want, hints(before)).flags()
        found.append(Example(masked(m), tuple(grams(m)), tuple(flags), label))
    return found


def parts(row: Any) -> Iterator[tuple[str, str, Sequence[str]]]:
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


def wished(taste: Taste, said: Sequence[str]) -> tuple[list[Example], list[list[str]]]:
    """The examples of lines of wishes, without flags and labels, and the moods that each asks for."""
    rows, phrases = [json.loads(line) for line in said], taste.phrases()
    texts = [read(_filled(row["text"]), _Slots(), phrases) for row in rows]
    return [Example(masked(m), tuple(grams(m)), (), "") for m in texts], [row["moods"] for row in rows]


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
