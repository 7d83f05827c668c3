"""Figures as `evaluate` gathers them, made by the same functions from a handful of answers."""

from __future__ import annotations

from typing import Any

import pytest

from moviechat.evaluation import answers, report, retrieval
from moviechat.grounding import Record
from moviechat.schema import NOT_SAID, QAPair

Measured = tuple[dict[str, Any], list[dict[str, Any]]]


@pytest.fixture(scope="session")
def measured() -> Measured:
    """Figures and rows of eight questions on four films."""
    golds = {"setting": "In an old bus.", "ending": NOT_SAID}
    pairs = [QAPair(f"tt{f}", k, f"{k} of tt{f} | <b>?", g, "", "file") for f in range(4) for k, g in golds.items()]
    records = {p.tconst: Record.of_texts(["They hide in an old bus."]) for p in pairs}
    base = answers.score(pairs, ["In a bus, in\nBrussels."] * 8, records)
    adapter = answers.score(pairs, [p.answer if p.tconst != "tt3" else "In a bus." for p in pairs], records)
    sought = [retrieval.Sought("q", frozenset({"tt1"}), g) for g in ("exact", "questions")]
    found = [retrieval.Found(s, ("tt0", "tt1"), 0.1) for s in sought]
    figures = {
        "answers": answers.summarise(base, adapter, resamples=100, seed=0),
        "chat": {"questions": 2, "film": 1.0, "unknown": 0.0, "grounded": 0.5, "token_f1": 0.25},
        "facts": {
            "questions": 3, "films": 1, "correct": 2 / 3, "correct_low": 0.0, "correct_high": 1.0,
            "value": 1.0, "source": 2 / 3, "fields": {"runtime": 1.0, "year": 0.5},
        },
        "retrieval": retrieval.summarise(found, resamples=100, seed=0),
    }  # fmt: skip
    return report.rounded(figures), [answers.row(b, a, None) for b, a in zip(base, adapter, strict=True)]
