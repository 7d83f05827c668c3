"""Figures as `evaluate` gathers them, made by the same functions from a handful of answers."""

from __future__ import annotations

from typing import Any

import pytest

from moviechat.evaluation import answers, report, retrieval, talk
from moviechat.evaluation.cases import Case, Turn
from moviechat.evaluation.talk import Judged
from moviechat.grounding.check import Verdict
from moviechat.grounding.record import Record
from moviechat.schema import NOT_SAID, QAPair
from moviechat.words import STOP, fold, stem, tokens


def by_words(question: str, answer: str, record: Record) -> Verdict:
    """A check that reads no sentence: every word of the answer stands in the record, or nothing is claimed."""
    held = {stem(w) for text in record.texts for w in tokens(text)}
    said = {stem(w) for w in tokens(answer) if fold(w) not in STOP}
    return Verdict(answer == NOT_SAID or (bool(said) and said <= held))


CASE = Case("fact-1", "fact", (Turn("how long | <i> is it", {"facts": [["90"]]}),))
TALKED = [
    Judged(CASE, 0, {"kind": "fact", "answer": "Very long."}, ("lacks 90",), 0.1),
    Judged(Case("fact-2", "fact", CASE.turns), 0, {"kind": "fact", "answer": "90 minutes."}, (), 0.1),
]
Measured = tuple[dict[str, Any], list[dict[str, Any]], list[dict[str, Any]]]


@pytest.fixture(scope="session")
def measured() -> Measured:
    """Figures and rows of eight questions on four films, and a missed turn of a conversation."""
    golds = {"setting": "In an old bus.", "ending": NOT_SAID}
    pairs = [QAPair(f"tt{f}", k, f"{k} of tt{f} | <b>?", g, "", "file") for f in range(4) for k, g in golds.items()]
    records = {p.tconst: Record.of_texts(["They hide in an old bus."]) for p in pairs}
    base = answers.score(pairs, ["In a bus, in\nBrussels."] * 8, records, by_words)
    adapter = answers.score(pairs, [p.answer if p.tconst != "tt3" else "In a bus." for p in pairs], records, by_words)
    sought = [retrieval.Sought("q", frozenset({"tt1"}), g) for g in ("exact", "questions")]
    found = [retrieval.Found(s, ("tt0", "tt1"), 0.1) for s in sought]
    figures = {
        "answers": answers.summarise(base, adapter, resamples=100, seed=0),
        "chat": {"questions": 2, "film": 1.0, "unknown": 0.0, "grounded": 0.5, "token_f1": 0.25},
        "talk": talk.summarise(TALKED),
        "retrieval": retrieval.summarise(found, resamples=100, seed=0),
    }  # fmt: skip
    rows = [answers.row(b, a, None) for b, a in zip(base, adapter, strict=True)]
    return report.rounded(figures), rows, talk.misses(TALKED)


@pytest.fixture(scope="session")
def check() -> Any:
    """A check that reads no sentence."""
    return by_words
