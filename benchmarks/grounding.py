"""Precision and recall of the grounding check on labelled pairs, by kind of planted error.

    python benchmarks/grounding.py [--pairs tests/data/grounding.jsonl] [--asked data/sample/pairs/pairs.jsonl] [--show]
                                   [--fair]

It reads the catalogue that the pipeline built (data/filter, data/describe). Each line is a JSON object:
{"tconst", "question", "answer", "supported": true or false, "error": null or the kind of the planted error}.
Precision is the share of supported pairs among the accepted ones, recall the share of accepted pairs among the
supported ones. A second table is about questions that people answered from the record or marked as unanswerable: for
how many unsaid.telling finds an answer. Films are split into two halves; unsaid.py was tuned on the first.
"""

from __future__ import annotations

import argparse
import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from moviechat import jsonl, paths
from moviechat.catalogue import load_movies, load_passages
from moviechat.grounding.check import Checker, Strength
from moviechat.grounding.record import Record
from moviechat.grounding.unsaid import telling
from moviechat.schema import NOT_SAID, Movie

# Two names of the film exchanged: every word of the answer is in the record, so this kind is listed separately.
APART = "swap"
_ROW = "{:<26}{:>8}{:>10}{:>10}"


def main() -> None:
    """Print the table: one row per kind of pair, precision and recall, then the unsupported answers."""
    asked = _arguments()
    passages = {t: [p.text for p in some] for t, some in load_passages(paths.PASSAGES).items()}
    movies = {m.tconst: m for m in load_movies(paths.MOVIES)}
    checker = Checker.load(paths.PARSER, paths.BASE_ENCODER)
    strength: Strength = "fair" if asked.fair else "strict"
    pairs, accepted = Counter[tuple[int, str]](), Counter[tuple[int, str]]()
    for row in jsonl.read(asked.pairs):
        question, answer, kind = row.text("question"), row.text("answer"), _kind(row)
        tconst = row.text("tconst")
        verdict = checker.check(question, answer, Record.of(movies[tconst], passages.get(tconst, [])), strength)
        pairs[_half(tconst), kind] += 1
        accepted[_half(tconst), kind] += verdict.supported
        if asked.show and verdict.supported != (kind == "supported"):
            print(f"{kind}: {question} | {answer} {' '.join(verdict.unsupported)}")
    print(_ROW.format("pairs", "number", "accepted", "rejected"))
    for kind in sorted({kind for _, kind in pairs}, key=lambda kind: (kind != "supported", kind)):
        number, taken = (sum(count[half, kind] for half in (0, 1)) for count in (pairs, accepted))
        print(_ROW.format(kind, number, taken, number - taken))
    for name, halves in (("all films", (0, 1)), ("first half", (0,)), ("other half", (1,))):
        print(f"{name}: {_rates(pairs, accepted, halves)}")
    for half, name in enumerate(("first half", "other half")):
        rows = [row for row in jsonl.read(asked.asked) if _half(row.text("tconst")) == half]
        told, unsaid = (_found(rows, movies, passages, said) for said in (True, False))
        print(f"{name}: answers found to {told} questions that the record answers, to {unsaid} that it does not")


def _kind(row: jsonl.Line) -> str:
    """The kind of error in the answer; "supported" for none."""
    return "supported" if row.value["supported"] else row.optional("error") or row.text("kind")


def _half(tconst: str) -> int:
    return hashlib.md5(tconst.encode(), usedforsecurity=False).digest()[-1] % 2


def _rates(pairs: Counter[tuple[int, str]], accepted: Counter[tuple[int, str]], halves: Sequence[int]) -> str:
    right = sum(accepted[half, "supported"] for half in halves)
    taken = {k: n for k, n in accepted.items() if k[0] in halves}
    apart = sum(n for (_, kind), n in taken.items() if kind != APART)
    recall = right / sum(pairs[half, "supported"] for half in halves)
    return f"precision {right / sum(taken.values()):.3f} ({right / apart:.3f} without swaps), recall {recall:.3f}"


def _found(
    rows: Sequence[jsonl.Line], movies: Mapping[str, Movie], passages: Mapping[str, list[str]], said: bool
) -> str:
    asked = [(row.text("question"), row.text("tconst")) for row in rows if (row.text("answer") != NOT_SAID) == said]
    return f"{sum(telling(q, movies[t], passages.get(t, [])) is not None for q, t in asked)} of {len(asked)}"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Precision and recall of the grounding check on labelled pairs.")
    parser.add_argument("--pairs", type=Path, default=Path("tests/data/grounding.jsonl"))
    parser.add_argument("--asked", type=Path, default=Path("data/sample/pairs/pairs.jsonl"))
    parser.add_argument("--show", action="store_true", help="print every misjudged pair")
    parser.add_argument("--fair", action="store_true", help="use the threshold for training pairs")
    return parser.parse_args()


if __name__ == "__main__":
    main()
