"""The sentences of a film's texts that come nearest to a question."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from moviechat.grounding import words as closed
from moviechat.grounding.lexical import among
from moviechat.words import STOP, TOKEN, fold, number, stem, tokens

if TYPE_CHECKING:
    from moviechat.grounding.reading import Reader, Reading

READ = 12  # sentences that are read closely
# What each counts for: fitted to questions of people on the sample (the likeness of the sentence that answers best
# against that of the others), and rounded. Coverage counts twice: with and without the names of the question, which
# most sentences about these people hold.
_LIKENESS, _DEED, _LEAST, _COVERAGE, _NAMELESS, _FITS = 1.0, 0.2, 0.2, 0.2, 0.2, 0.13
_LATE, _LAST = 0.3, 3  # what becomes of somebody stands near the end: for the last sentence, and how many are read
_ONLY_FITS = 0.6  # where the question names nothing but the sort of thing that it asks for: "which year is it in"
_FRAME = closed.FRAMING | frozenset(map(stem, "happen actually exactly thing know really".split()))
_PLACE = re.compile(r"\b(?:in|at|on|to|from|near|inside|behind|under|into|across|off)\b", re.IGNORECASE)
_TIME, _SPOT = "year|month|day|date|time|decade|century|season", "city|town|country|place|state|island|planet|village"
_SORTS = frozenset(map(stem, f"{_TIME}|{_SPOT}|set".split("|")))
_FATE = (
    r"dies?|survives?|alive|makes? it|gets? (?:away|caught|out|together)|escapes?|ends? up|(?:in|at) the end|ending|"
    r"the end|wins?|what (?:happens|happened) (?:to|with)|becomes? of"
)
_KINDS = (
    ("when", re.compile(rf"\bwhen\b|\b(?:what|which) (?:{_TIME})\b", re.IGNORECASE)),
    ("count", re.compile(r"\bhow (?:many|much|old|long|far|big|tall|often)\b|\bwhat age\b", re.IGNORECASE)),
    ("why", re.compile(r"\bwhy\b|\bhow come\b|\breason\b", re.IGNORECASE)),
    ("where", re.compile(rf"\bwhere\b|\bsetting\b|\b(?:what|which) (?:{_SPOT})\b", re.IGNORECASE)),
    ("fate", re.compile(rf"\b(?:{_FATE})\b", re.IGNORECASE)),
    ("who", re.compile(r"\bwh(?:o|om|ose)s?\b", re.IGNORECASE)),
)
_REASON = frozenset("because since so due reason to for after".split())
_TIMES = frozenset("before after while until day days week month year years night morning evening".split())
_REPEATED = re.compile(r"they(?: they)+")
_PEOPLE = frozenset(map(stem, closed.PEOPLE))


@dataclass(frozen=True, slots=True)
class Near:
    """A sentence of the texts, how near it comes to the question, and how alike they are: -1 to 1, 1 if it has the sort
    of thing that is all that is asked for.
    """

    sentence: str
    score: float
    likeness: float


def asks(question: str) -> str:
    """The kind of a question: who, where, when, why, count, fate (what becomes of somebody), or "" for any other."""
    return next((kind for kind, pattern in _KINDS if pattern.search(question)), "")


def nearest(question: str, told: Sequence[str], reader: Reader) -> list[Near]:
    """The sentences of a film, the nearest to the question first; `question` is without the film's title."""
    names, read = _names(question, told), reader.read(question)
    asked = frozenset(w.root for w in read.words if fold(w.text) not in STOP and w.text[:1].isalnum()) - _FRAME
    nameless = asked - frozenset(map(stem, names))
    kind, plain = asks(question), not nameless - _SORTS
    at = _most(asked, told, _LAST if kind == "fate" else 1)
    closely = [told[n] for n in at]
    readings = reader.read_all(closely, [""] * len(closely))
    bags = [_bag(s) | {w.root for w in r.content} for s, r in zip(closely, readings, strict=True)]
    alike, likeness = _alike(read, readings), _likeness(question, closely, names, reader)
    found = []
    for n, covered, bare in zip(range(len(closely)), _coverage(asked, bags), _coverage(nameless, bags), strict=True):
        fits = _fits(kind, closely[n], asked)
        score = _LIKENESS * sum(likeness[n]) / 2 + _DEED * alike[n][0] + _LEAST * alike[n][1]
        score += _COVERAGE * covered + _NAMELESS * bare + (_ONLY_FITS if plain else _FITS) * fits
        score += _LATE * at[n] / len(told) if kind == "fate" else 0.0
        found.append(Near(closely[n], score, 1.0 if plain and kind and fits else likeness[n][0]))
    return sorted(found, key=lambda near: -near.score)


def _most(asked: Set[str], told: Sequence[str], last: int) -> list[int]:
    """The places of the sentences that are read closely: the first, the `last` ones, those with most of the words."""
    coverage = _coverage(asked, [_bag(s) for s in told])
    ends = dict.fromkeys([0, *range(max(0, len(told) - last), len(told))]) if told else {}
    chosen = sorted(range(len(told)), key=lambda n: (-coverage[n], n))[: READ - 1 - last]
    return sorted({*chosen, *ends})


def _names(question: str, told: Sequence[str]) -> frozenset[str]:
    """The words of the question that the texts only write with a capital: whom and where they are all about."""
    inside = [w for s in told for w in tokens(s)[1:]]
    small = {fold(w) for s in told for w in tokens(s) if w[0].islower()}
    names = {fold(w) for w in inside if w[0].isupper()} - small - STOP
    return frozenset(names & {fold(w) for w in tokens(question)})


def _likeness(question: str, read: Sequence[str], names: Set[str], reader: Reader) -> list[tuple[float, float]]:
    """How alike question and sentences are, as they stand and without the question's names."""
    texts = [question, *read]
    bare = [_nameless(t, names) for t in texts] if names else texts
    vectors = dict(zip(unique := list(dict.fromkeys((*texts, *bare))), reader.encode(unique), strict=True))
    pairs = zip(read, bare[1:], strict=True)
    return [(float(vectors[s] @ vectors[question]), float(vectors[b] @ vectors[bare[0]])) for s, b in pairs]


def _nameless(text: str, names: Set[str]) -> str:
    """With "they" for names, those that stand beside each other in one."""
    said = TOKEN.sub(lambda m: "they" if fold(_bare(m.group())) in names else m.group(), text)
    return _REPEATED.sub("they", said)


def _bare(word: str) -> str:
    return (tokens(word) or [word])[0]


def _coverage(asked: Set[str], bags: Sequence[frozenset[str]]) -> list[float]:
    """For each sentence the share of the question's words that it has, by how telling they are here: 0 to 1."""
    raw = {w: math.log((1 + len(bags)) / (0.5 + sum(among(w, b) for b in bags))) + 0.2 for w in sorted(asked)}
    total = sum(raw.values()) or 1.0
    return [sum(value for w, value in raw.items() if among(w, bag)) / total for bag in bags]


def _alike(question: Reading, sentences: Sequence[Reading]) -> list[tuple[float, float]]:
    """How far each sentence has the question's verbs, and its other words, or words that mean the same: 0 to 1."""
    own = [w for w in question.content if w.root not in _FRAME]
    rows = []
    for sentence in sentences:
        roots = {w.root for w in sentence.content}
        at = [w.at for w in sentence.content]
        likeness = question.vectors @ sentence.vectors[at].T if at else np.zeros((len(question.words), 1))
        scores = [(w, 1.0 if w.root in roots else float(likeness[w.at].max())) for w in own]
        verbs = [value for w, value in scores if w.pos == "VERB"]
        rows.append((min(verbs, default=1.0), min((value for _, value in scores), default=1.0)))
    return rows


def _bag(text: str) -> frozenset[str]:
    return frozenset(stem(w) for w in tokens(text) if fold(w) not in STOP)


def _fits(kind: str, text: str, asked: frozenset[str]) -> bool:
    """Whether the text has what a question of this kind asks for, and the question has not."""
    new = [w for w in tokens(text) if stem(w) not in asked]
    match kind:
        case "who":
            return any(w[0].isupper() for w in new[1:]) or any(stem(w) in _PEOPLE for w in new)
        case "where":
            return _PLACE.search(text) is not None
        case "when" | "count":
            return any(number(w) is not None or fold(w) in _TIMES for w in new)
        case "why":
            return any(fold(w) in _REASON for w in new)
        case _:
            return True
