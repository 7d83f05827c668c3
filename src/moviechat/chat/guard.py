"""What a language model wrote, as far as it may be said: whole sentences that the record supports."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from moviechat.schema import NOT_SAID
from moviechat.words import STOP, fold, sentences, stem, tokens

if TYPE_CHECKING:
    from moviechat.grounding.check import Checker
    from moviechat.grounding.record import Record

_SAME = 3  # times that a telling word may not stand in one sentence
_NAME = re.compile(r"\b[A-ZÀ-Þ][\w'’]+(?:[ -][A-ZÀ-Þ][\w'’]+)+")
_ENDED = (".", "!", "?", "…")


def degenerate(text: str, record: Record) -> str | None:
    """What is broken in a text: a word said again and again, a cut word, a name made of two; None if nothing is."""
    words = [stem(w) for w in tokens(text) if fold(w) not in STOP]
    word, times = Counter(words).most_common(1)[0] if words else ("", 0)
    if times >= _SAME and times > _most(word, record):
        return f"{word} {times} times"
    return _cut_word(text, record) or _mixed_name(text, record)


def _most(word: str, record: Record) -> int:
    """How often a sentence of the record itself has the word."""
    return max((sum(stem(w) == word for w in tokens(s)) for s in record.sentences), default=0)


def _cut_word(text: str, record: Record) -> str | None:
    """A last word that only begins one of the record's words."""
    if text.rstrip("\"'”’)").endswith(_ENDED) or not tokens(text):
        return None
    last = fold(tokens(text)[-1])
    told = {fold(w) for t in record.texts for w in tokens(t)}
    whole = next((w for w in sorted(told) if w.startswith(last) and w != last), None)
    return f"{last}, cut from {whole}" if last not in told and whole else None


def _mixed_name(text: str, record: Record) -> str | None:
    """A name whose parts the record has, but never beside each other: half one name and half another."""
    joined = " ".join(fold(" ".join(tokens(t))) for t in record.texts)
    for name in _NAME.findall(text):
        parts = [fold(w) for w in tokens(name)]
        told = [f" {joined} ".count(f" {part} ") for part in parts]
        pairs = pairwise(parts)
        if all(told) and any(f" {a} {b} " not in f" {joined} " for a, b in pairs):
            return f"{name}, a name made of two"
    return None


def supported(question: str, written: Iterable[str], record: Record, checker: Checker) -> Iterator[str]:
    """The written sentences, up to the first that is degenerate or that the record does not support."""
    for sentence in written:
        if sentence == NOT_SAID:
            yield sentence
            return
        if degenerate(sentence, record) or not checker.check(question, sentence, record).supported:
            return
        yield sentence


def whole_sentences(pieces: Iterable[str]) -> Iterator[str]:
    """The sentences of a text that comes in pieces, each once; a last one that was cut off is left out."""
    text, said = "", list[str]()
    for piece in pieces:
        text += piece
        for sentence in sentences(text)[len(said) : -1]:
            if sentence in said:
                return  # a model that repeats itself goes on for ever
            said.append(sentence)
            yield sentence
    last = (sentences(text) or [""])[-1]
    if last and last not in said and last.rstrip("\"'”’)").endswith(_ENDED):
        yield last
