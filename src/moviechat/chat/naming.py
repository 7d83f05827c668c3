"""Sentences that begin with "he" or "she", with the name of whom they mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from moviechat.grounding import coref
from moviechat.grounding import words as closed
from moviechat.words import sentences

if TYPE_CHECKING:
    from moviechat.grounding.reading import Reader, Reading, Word

_PRONOUN = ("he", "she")
_SUBJECT = ("nsubj", "nsubjpass")
_NO_PERSON = frozenset("( film movie documentary series".split())  # before an actor's name, or a title
_NEAR = 2  # sentences before, in which the name stands


@dataclass(frozen=True, slots=True)
class Named:
    """A sentence of a text as it stands, and with "[Name]" for the first "he" or "she" whose name it lacks."""

    sentence: str
    shown: str


def named(text: str, reader: Reader) -> list[Named]:
    """The sentences of a text, each with the name of its "he" or "she" where only one person can be meant."""
    told, found, start = sentences(text), list[Named](), 0
    reading = reader.parsed(" ".join(told))
    names = _names(reading)
    for sentence in told:
        end = start + len(sentence)
        at = next((n for n in names if start <= reading.words[n].start < end), None)
        shown = sentence if at is None else _put(sentence, reading.words[at], names[at], start)
        found.append(Named(sentence, shown))
        start = end + 1
    return found


def _put(sentence: str, pronoun: Word, name: str, start: int) -> str:
    return f"{sentence[: pronoun.start - start]}[{name}]{sentence[pronoun.end - start :]}"


def _names(reading: Reading) -> dict[int, str]:
    """By the place of a "he" or "she" the name of whom it means, where that is sure."""
    meant = coref.referents(reading)
    sexes: dict[frozenset[str], set[str]] = {}
    for w in reading.words:
        if w.text.lower() in _PRONOUN:
            sexes.setdefault(meant[w.at], set()).add(w.text.lower())
    found = {}
    for w in reading.words:
        if w.text.lower() in _PRONOUN and len(sexes[meant[w.at]]) == 1 and _leads(reading, w):
            bearer = _bearer(reading, w, meant)
            if bearer is not None:
                found[w.at] = _called(reading, bearer)
    return found


def _leads(reading: Reading, pronoun: Word) -> bool:
    """Whether a pronoun is the first subject of its sentence, and no other person that of its main clause."""
    subjects = [w for w in reading.words if w.sentence == pronoun.sentence and w.dep in _SUBJECT]
    others = [w for w in subjects if _is_main(reading, w) and (w.name or w.lemma in closed.PEOPLE)]
    return bool(subjects) and subjects[0].at == pronoun.at and not others


def _is_main(reading: Reading, subject: Word) -> bool:
    verb = reading.words[subject.head]
    return verb.head == verb.at


def _bearer(reading: Reading, pronoun: Word, meant: Sequence[frozenset[str]]) -> Word | None:
    """The last subject with a name before a pronoun, if it is who is meant and the only one named since."""
    before = [w for w in reading.words[: pronoun.at] if _is_person(w, reading)]
    near = [w for w in before if 0 < pronoun.sentence - w.sentence <= _NEAR and w.dep in _SUBJECT]
    if any(w.sentence == pronoun.sentence for w in before) or not near:
        return None
    others = {meant[w.at] for w in before if w.sentence == near[-1].sentence} - {meant[near[-1].at]}
    sure = len({meant[w.at] for w in near}) == 1 and (not others or _is_main(reading, near[-1]))
    return near[-1] if sure and meant[near[-1].at] == meant[pronoun.at] else None


def _is_person(w: Word, reading: Reading) -> bool:
    beside = reading.words[w.at - 1].text if w.at else ""
    return w.name and w.entity in ("PERSON", "") and beside not in _NO_PERSON and not any(map(str.isdigit, w.text))


def _called(reading: Reading, w: Word) -> str:
    """A name with the names that stand before it."""
    first = w.at
    while first and reading.words[first - 1].name and reading.words[first - 1].dep in ("compound", "nmod"):
        first -= 1
    return reading.text[reading.words[first].start : w.end]
