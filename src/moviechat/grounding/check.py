"""Is this answer supported by that record? Used by generate_qa, evaluate and the chat's guard.

The answer is read (spaCy's parse, the encoder's word vectors), each of its claims is compared with the record, and each
mismatch is a penalty. Fitted weights sum the penalties to one score, with thresholds `strict` and `fair`. `fair` also
needs every name, number and credit to be right and enough of the words to be there; `words` needs only that.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Literal

from moviechat.grounding import belonging, deeds, kin, lacking, lexical, parts, unsaid
from moviechat.grounding.compare import Comparison, Found, Source
from moviechat.grounding.reading import Reader
from moviechat.grounding.record import Record
from moviechat.words import STOP, fold, tokens

# strict: to show to a person; fair: to train a model on; words: only names, numbers, credits and words.
Strength = Literal["strict", "fair", "words"]

PENALTIES = tuple(
    """words short credit strange unlike name lacking weakest deed thing empty apart kin kin_moved number number_moved
    denied held swapped role loose loosest rival moved order direction bearer time universal cause twisted""".split()
)
_MOST = 2.0  # maximum value of a penalty
_CONFLICTS = "denied held swapped role number_moved moved order direction bearer universal".split()
_YES_NO = re.compile(r"\A\s*(yes|no)\b[\s,.:;!-]*", re.IGNORECASE)
_BY_WORDS = ("words", "short", "credit")
_LONGEST = 10_000  # maximum characters of a question or an answer
_RECORD = 100_000  # characters of a record that are parsed: spaCy needs a gigabyte per million
_UNSAID = 3.0  # of an answer that says that something is not said
# Wording of unsupported claims.
_SAID = {
    "words": "{}: not in the record",
    "short": "{}: not in the record",
    "credit": "{}: had another part in the film",
    "name": "{}: this name is not in the record",
    "number": "{}: this number is not in the record",
    "number_moved": "{}: the record counts something else",
    "time": "{}: another time in the record",
    "deed": "{}: nobody does that in the record",
    "weakest": "{}: nothing like it in the record",
    "kin": "{}: no such relation in the record",
    "kin_moved": "{}: the relation of others in the record",
    "denied": "{}: the record says the contrary",
    "held": "{}: only wanted, feared or said in the record",
    "swapped": "{}: the other way round in the record",
    "role": "{}: somebody else in the record",
    "rival": "{}: another belongs there in the record",
    "moved": "{}: another belongs there in the record",
    "order": "{}: another order in the record",
    "direction": "{}: another way in the record",
    "bearer": "{}: said of somebody else in the record",
    "universal": "{}: the record does not say that of all",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a text is supported, what is not (in words), and a score between 0 and 1."""

    supported: bool
    unsupported: tuple[str, ...] = ()
    score: float = 1.0


@dataclass(frozen=True)
class Weights:
    """The cost of each penalty, the score without any, and the two thresholds (in log-odds)."""

    costs: Mapping[str, float]
    bias: float
    strict: float
    fair: float

    @classmethod
    def shipped(cls) -> Weights:
        """The weights in the package, written by `benchmarks/fit_check.py`."""
        said = json.loads(files("moviechat.grounding").joinpath("weights.json").read_text(encoding="utf-8"))
        return cls(said["costs"], said["bias"], said["strict"], said["fair"])

    def odds(self, penalties: Mapping[str, float]) -> float:
        """The log-odds that an answer with these penalties is supported."""
        return self.bias - sum(cost * min(_MOST, penalties.get(name, 0.0)) for name, cost in self.costs.items())


class Checker:
    """Checks answers; the models of `reader` are loaded at the first answer."""

    def __init__(self, reader: Reader, weights: Weights | None = None) -> None:
        self.reader = reader
        self._given = weights
        self._source = lru_cache(maxsize=64)(self._make_source)
        self._asked = lru_cache(maxsize=256)(lambda question: reader.read(question))

    @classmethod
    def load(cls, parser: Path, encoder: Path) -> Checker:
        """A checker with the spaCy pipeline and the sentence encoder in two folders."""
        return cls(Reader(parser, encoder))

    @cached_property
    def _weights(self) -> Weights:
        return self._given or Weights.shipped()

    def check(self, question: str, answer: str, record: Record, strength: Strength = "strict") -> Verdict:
        """Whether the record supports the answer to the question; an answer that is too long to be read is not."""
        if len(answer) > _LONGEST:
            return Verdict(False, (f"an answer of {len(answer):,} characters: too long to be checked",), 0.0)
        question = question[:_LONGEST]
        if unsaid.says_so(answer):
            return _verdict(_UNSAID, True, Found())
        if not _claims(answer):
            return Verdict(False, (answer.strip(),), 0.0)
        if strength == "words":
            return self._check_words(question, answer, record)
        found = self.penalties(question, answer, record)
        odds = self._weights.odds(found.penalties)
        if strength == "strict":
            supported = odds >= self._weights.strict
        else:
            supported = odds >= self._weights.fair and not any(map(found.penalties.get, _BY_WORDS))
        return _verdict(odds, supported, found, self._weights.costs)

    def _check_words(self, question: str, answer: str, record: Record) -> Verdict:
        found = Found()
        _by_words(found, question, _particle(answer)[1] or answer, record)
        odds = self._weights.odds(found.penalties)
        return _verdict(odds, not any(map(found.penalties.get, _BY_WORDS)), found, self._weights.costs)

    def penalties(self, question: str, answer: str, record: Record) -> Found:
        """The penalties of the answer."""
        yes, rest = _particle(answer)
        source = self._source(record.texts, record.facts, record.numbers)
        cmp = Comparison(self._asked(question), self.reader.read(rest, question), source, yes)
        _by_words(cmp.found, question, rest or answer, record)
        for penalties in _READ:
            penalties(cmp)
        _twisted(cmp)
        return cmp.found

    def _make_source(self, texts: tuple[str, ...], facts: frozenset[str], numbers: frozenset[str]) -> Source:
        return Source(self.reader.read(" ".join(texts)[:_RECORD]), facts, numbers)


_READ = (
    lacking.words,
    kin.kin,
    lacking.numbers,
    deeds.polarity,
    deeds.roles,
    belonging.rivals,
    belonging.order,
    belonging.bearers,
    lacking.universal,
    lacking.cause,
)


def _particle(answer: str) -> tuple[bool | None, str]:
    """A leading yes or no, and the answer without it."""
    found = _YES_NO.match(answer)
    return (None, answer) if found is None else (found.group(1).lower() == "yes", answer[found.end() :])


def _claims(answer: str) -> bool:
    """Whether the answer says anything: a content word, or yes or no."""
    return _particle(answer)[0] is not None or any(fold(w) not in STOP for w in tokens(answer))


def _by_words(found: Found, question: str, answer: str, record: Record) -> None:
    for word in lexical.hard(question, answer, record):
        found.add("words", 1, word)
    missing, over = lexical.lacking(question, answer, record)
    if over > 0:
        found.add("short", 1)
        found.said["short"] = list(missing)
    for name in parts.wrong(question, answer, record.credits, record.sentences):
        found.add("credit", 1, name)


def _twisted(cmp: Comparison) -> None:
    """A conflict counts more in an answer that copies the source's words: it is not a misread paraphrase."""
    got = cmp.found.penalties
    conflicts = sum(got.get(name, 0.0) for name in _CONFLICTS)
    cmp.add("twisted", min(_MOST, conflicts) * max(0.0, 1 - 2 * got.get("lacking", 0.0)))


def _verdict(odds: float, supported: bool, found: Found, costs: Mapping[str, float] | None = None) -> Verdict:
    score = 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))
    if supported:
        return Verdict(True, (), score)
    return Verdict(False, tuple(_told(found, costs or {})) or ("not enough of it is in the record",), score)


def _told(found: Found, costs: Mapping[str, float]) -> Sequence[str]:
    """The penalties in words, the most expensive first; each word once."""
    order = sorted(found.said, key=lambda n: -costs.get(n, 0.0) * min(_MOST, found.penalties[n]))
    told: dict[str, str] = {}
    for name in order:
        for said in found.said[name]:
            if name in _SAID:
                told.setdefault(said.lower(), _SAID[name].format(said))
    return list(told.values())
