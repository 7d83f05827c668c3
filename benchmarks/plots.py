"""How near is what the chat says of plots to what people answer? Token F1, by way of answering and by kind of question.

    python benchmarks/plots.py GROUND.jsonl [--parser DIR] [--encoder DIR] [--show]

Input is that of `moviechat ground` with "gold": only answers that are right are looked at, and neither those from the
table nor those that say that the text does not tell ("kind": table_fact, unsaid_right). Beside the chat's answer stand
the nearest sentence as it is, and the sentence that would be best if one knew the answer.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from moviechat import paths
from moviechat.chat import plots
from moviechat.chat.evidence import asks
from moviechat.grounding.check import Checker
from moviechat.jsonl import Line
from moviechat.metrics import mean_interval, token_f1
from moviechat.schema import Movie, Passage
from moviechat.serve.lines import read
from moviechat.words import sentences

_LEFT_OUT = ("table_fact", "unsaid_right")
_ROW = "{:<14}{:>6}{:>10}{:>10}{:>10}{:>10}"


@dataclass(frozen=True)
class Asked:
    """A question on a film, with a person's answer."""

    question: str
    gold: str
    kind: str
    movie: Movie
    passages: tuple[Passage, ...]


def main() -> None:
    """Print the table: a row a kind of question, then all."""
    args = _arguments()
    checker = Checker.load(args.parser, args.encoder)
    asked = [a for a in map(_asked, read(args.given)) if a is not None]
    rows = [_scores(a, checker, show=args.show) for a in asked]
    print(_ROW.format("asks", "number", "chat", "nearest", "best", "words"))
    kinds = [asks(a.question) or "other" for a in asked]
    for kind in (*sorted(set(kinds)), "all"):
        of = np.array([row for k, row in zip(kinds, rows, strict=True) if kind in (k, "all")])
        print(_ROW.format(kind, len(of), *(f"{v:.3f}" for v in of[:, :3].mean(0)), f"{of[:, 3].mean():.1f}"))
    spread = mean_interval([row[0] for row in rows], resamples=2000, seed=0, clusters=[a.movie.title for a in asked])
    print(f"chat {spread.mean:.3f} [{spread.low:.3f}, {spread.high:.3f}] over {len(rows)} questions")


def _asked(line: Line) -> Asked | None:
    value = line.value
    if not value["gold"] or value["kind"] in _LEFT_OUT:
        return None
    told = value["record"]
    fields = ("genres", "directors", "cast", "writers", "characters")
    names: dict[str, Any] = {field: tuple(told.get(field, ())) for field in fields}
    movie = Movie("tt1", told["title"], told["title"], told["year"], None, votes=0, rating=None, **names)
    passages = [Passage("tt1", n, text, None, "test", "", None, "") for n, text in enumerate(told["passages"])]
    return Asked(value["question"], value["answer"], value["kind"], movie, tuple(passages))


def _scores(asked: Asked, checker: Checker, *, show: bool) -> Sequence[float]:
    """F1 of the chat's answer, of the nearest sentence, of the best one; words of the answer."""
    shelf: Any = SimpleNamespace(checker=checker, worded=False)
    said = " ".join(s.text for s in plots.answer(asked.question, asked.movie, asked.passages, shelf))
    told = [s for p in asked.passages for s in sentences(p.text)]
    vectors = checker.reader.encode([asked.question, *told])
    nearest = told[int((vectors[1:] @ vectors[0]).argmax())]
    f1 = [token_f1(said, asked.gold), token_f1(nearest, asked.gold), max(token_f1(s, asked.gold) for s in told)]
    if show:
        print(f"{f1[0]:.2f} {asked.kind} | {asked.movie.title}: {asked.question}\n     = {asked.gold}\n     > {said}")
    return (*f1, float(len(said.split())))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Token F1 of what is said of plots against people's answers.")
    parser.add_argument("given", type=Path, metavar="GROUND.jsonl")
    parser.add_argument("--parser", type=Path, default=paths.PARSER)
    parser.add_argument("--encoder", type=Path, default=paths.BASE_ENCODER)
    parser.add_argument("--show", action="store_true", help="print every answer beside the person's")
    return parser.parse_args()


if __name__ == "__main__":
    main()
