"""What in a film's texts answers a question: its sentences and their clauses, each with how well it fits."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from moviechat.grounding import words as closed
from moviechat.grounding.lexical import among
from moviechat.words import STOP, fold, number, stem, tokens

if TYPE_CHECKING:
    from moviechat.grounding.reading import Reader, Reading

FEATURES = tuple("likeness coverage around fits new length short whole first last pronoun alike least deed".split())
_KINDS = (
    ("count", re.compile(r"\bhow (?:many|much|old|long|far|big|tall|often)\b|\bwhat (?:age|year)\b|\btally\b", re.I)),
    ("why", re.compile(r"\bwhy\b|\bhow come\b|\bwhat .{0,40}\bfor\W*$|\breason\b", re.I)),
    ("where", re.compile(r"\bwhere\b|\bwhich (?:city|town|country|place|state|island)\b", re.I)),
    ("when", re.compile(r"\bwhen\b|\bwhat time\b|\bwhich year\b|\bhow soon\b", re.I)),
    ("who", re.compile(r"\bwh(?:o|om|ose)(?:['’]s)?\b|\bwhos\b", re.I)),
)
_REASON = frozenset("because since so due reason to for after".split())
_SHORTEST = 4  # words of a clause
_FRAME = closed.FRAMING | frozenset(map(stem, "happen does did actually exactly thing do know really".split()))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A text that may answer, the sentence that it is cut from, and that sentence's number."""

    text: str
    sentence: str
    number: int


@dataclass(frozen=True)
class Evidence:
    """A question's candidates with their features, float [candidates, FEATURES]."""

    candidates: tuple[Candidate, ...]
    features: np.ndarray


def asks(question: str) -> str:
    """The kind of a question: who, where, when, why, count, or "" for any other."""
    return next((kind for kind, pattern in _KINDS if pattern.search(question)), "")


def own_words(question: str) -> frozenset[str]:
    """The stems of the words of a question that say what is asked, not how."""
    return frozenset(stem(w) for w in tokens(question) if fold(w) not in STOP) - _FRAME


def candidates(reading: Reading) -> Iterator[Candidate]:
    """Every sentence of a text, then its clauses that stand by themselves."""
    for n, sentence in enumerate(reading.sentences):
        yield Candidate(sentence, sentence, n)
    for n, text in _clauses(reading):
        sentence = reading.sentences[n]
        if len(tokens(text)) >= _SHORTEST and len(text) < 0.85 * len(sentence):
            yield Candidate(text, sentence, n)


def _clauses(reading: Reading) -> Iterator[tuple[int, str]]:
    """Finite clauses with a subject of their own that is no pronoun; "who" gives way to whom it means."""
    for w in reading.words:
        if w.pos not in ("VERB", "AUX") or w.dep in ("aux", "auxpass"):
            continue
        subject = next((c for c in reading.children[w.at] if reading.words[c].dep in ("nsubj", "nsubjpass")), None)
        if subject is None and w.dep != "conj":
            continue
        inside = sorted(_inside(reading, w.at))
        if not inside:
            continue
        text = reading.text[reading.words[inside[0]].start : reading.words[inside[-1]].end].strip(" ,;:–—-")
        if subject is not None and reading.words[subject].lemma in ("who", "which", "that") and w.dep == "relcl":
            whom = _noun(reading, w.head)
            text = (
                f"{whom} {text[len(reading.words[subject].text) :].strip()}"
                if text.lower().startswith(reading.words[subject].text.lower())
                else ""
            )
        elif subject is None:
            first = w
            while first.dep == "conj" and first.head != first.at:
                first = reading.words[first.head]
            owner = next(
                (c for c in reading.children[first.at] if reading.words[c].dep in ("nsubj", "nsubjpass")), None
            )
            if owner is None:
                continue
            text = f"{_noun(reading, owner)} {text}"
        if text:
            yield w.sentence, _finished(text)


def _inside(reading: Reading, at: int) -> set[int]:
    """The words of a clause, without clauses that are joined to it and what stands before its subject."""
    found, todo = set[int](), [at]
    while todo:
        n = todo.pop()
        found.add(n)
        for c in reading.children[n]:
            w = reading.words[c]
            if n == at and (
                w.dep in ("cc", "punct", "mark", "advcl", "parataxis") or (w.dep == "conj" and w.pos in ("VERB", "AUX"))
            ):
                continue
            todo.append(c)
    first, last = min(found), max(found)
    return found if len(found) > 0.7 * (last - first + 1) else set()


def _noun(reading: Reading, at: int) -> str:
    """A noun with what stands before it."""
    left = [at]
    for c in reading.children[at]:
        if reading.words[c].dep in ("det", "amod", "compound", "poss", "nummod") and c < at:
            left.append(c)
    first = min(left)
    return reading.text[reading.words[first].start : reading.words[at].end]


def _finished(text: str) -> str:
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


class Finder:
    """Finds what answers a question in texts, with the encoder and the parser of `reader`."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def find(self, question: str, reading: Reading, all_texts: Sequence[str] = ()) -> Evidence:
        """The candidates of a text with their features; `question` is without the film's title."""
        found = tuple(dict.fromkeys(candidates(reading)))
        vectors = self._reader.encode([question, *(c.text for c in found)])
        likeness = vectors[1:] @ vectors[0]
        alike = _alike(self._reader.read(question), reading)
        asked, kind = own_words(question), asks(question)
        bags = [_bag(c.text) for c in found]
        sentences = {c.number: _bag(c.sentence) for c in found}
        weight = {
            w: math.log((1 + len(sentences)) / (0.5 + sum(among(w, b) for b in sentences.values()))) + 0.2
            for w in asked
        }
        total = sum(weight.values()) or 1.0
        last = max(sentences)
        rows = []
        for c, bag, like in zip(found, bags, likeness, strict=True):
            around = sentences[c.number] | sentences.get(c.number - 1, frozenset())
            new = {s for s in bag if s not in asked} - _FRAME
            length = len(tokens(c.text))
            rows.append(
                [
                    float(like),
                    sum(weight[w] for w in asked if among(w, bag)) / total,
                    sum(weight[w] for w in asked if among(w, around)) / total,
                    float(_fits(kind, c.text, asked)),
                    min(1.0, len(new) / 8),
                    math.log1p(length) / 4,
                    float(length < 6),
                    float(c.text == c.sentence),
                    float(c.number == 0),
                    float(c.number == last),
                    float(tokens(c.text)[0].lower() in closed.PRONOUN if tokens(c.text) else 0),
                    *alike[c.number],
                ]
            )
        return Evidence(found, np.array(rows))


def _alike(question: Reading, reading: Reading) -> list[tuple[float, float, float]]:
    """For each sentence how far it has the question's words, or words that mean the same: mean, least, least verb."""
    own = [w for w in question.content if w.root not in _FRAME]
    likeness = question.vectors @ reading.vectors.T if own else np.zeros((0, 0))
    rows = []
    for n in range(len(reading.sentences)):
        here = [w for w in reading.words if w.sentence == n]
        roots = {w.root for w in here}
        at = [w.at for w in here if w.content]
        scores = [(w, 1.0 if w.root in roots else float(likeness[w.at, at].max()) if at else 0.0) for w in own]
        verbs = [s for w, s in scores if w.pos == "VERB"]
        rows.append(
            (float(np.mean([s for _, s in scores])), min(s for _, s in scores), min(verbs, default=1.0))
            if scores
            else (1.0, 1.0, 1.0)
        )
    return rows


def _bag(text: str) -> frozenset[str]:
    return frozenset(stem(w) for w in tokens(text) if fold(w) not in STOP)


def _fits(kind: str, text: str, asked: frozenset[str]) -> bool:
    """Whether the text has what a question of this kind asks for, and the question has not."""
    new = [w for w in tokens(text) if stem(w) not in asked]
    if kind == "who":
        return any(w[0].isupper() for w in new[1:]) or any(stem(w) in _PEOPLE for w in new)
    if kind == "where":
        return re.search(r"\b(?:in|at|on|to|from|near|inside|behind|under|into|across|off)\b", text) is not None
    if kind in ("when", "count"):
        return any(number(w) is not None for w in new) or any(fold(w) in _TIMES for w in new)
    if kind == "why":
        return any(fold(w) in _REASON for w in new)
    return True


_PEOPLE = frozenset(map(stem, closed.PEOPLE))
_TIMES = frozenset(
    "before after while until day week month year night morning evening summer winter spring autumn years days".split()
)
