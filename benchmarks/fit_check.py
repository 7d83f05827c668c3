"""Fit the cost of each penalty of the grounding check, and its two thresholds, on labelled pairs; write weights.json.

    python benchmarks/fit_check.py [--write] [--more PAIRS.jsonl] [--measure GROUND.jsonl]

Five-fold by film: each pair is scored with weights fitted on the other four folds. `--more` adds pairs to the fit
that contain their own record (in the format of `moviechat ground`, with "gold"). `--measure` only scores such a file.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from moviechat import paths
from moviechat.catalogue import load_movies, load_passages
from moviechat.grounding import unsaid
from moviechat.grounding.check import PENALTIES, Checker
from moviechat.grounding.record import Record
from moviechat.schema import NOT_SAID
from moviechat.serve.grounds import record as record_of
from moviechat.serve.lines import read

WEIGHTS = Path(__file__).parents[1] / "src" / "moviechat" / "grounding" / "weights.json"
LABELLED, HARD = Path("tests/data/grounding.jsonl"), Path("tests/data/grounding_hard.jsonl")
WRITTEN = Path("data/sample/pairs/pairs.jsonl")
# Prior costs: a conflict costs more than a word that is only not found.
PRIOR = dict.fromkeys(PENALTIES, 1.2) | {
    "short": 0.5, "lacking": 0.5, "weakest": 0.3, "thing": 0.3, "deed": 0.3, "strange": 0.2, "unlike": 0.1,
    "loose": 0.3, "loosest": 0.5, "empty": 0.3, "apart": 0.5, "rival": 0.7, "kin_moved": 0.5, "cause": 0.7,
    "credit": 3.0,
}  # fmt: skip
PULL = 20.0
FOLDS = 5
STRICT = 0.9  # target precision of `strict`
FAIR = 0.95  # share of the labelled answers, right and in the record's words, that `fair` must keep


@dataclass(frozen=True)
class Pair:
    """A labelled answer."""

    film: str
    part: str
    question: str
    answer: str
    record: Record
    supported: bool


def main() -> None:
    """Fit, print, and write if requested."""
    args = _arguments()
    checker = Checker.load(args.parser, args.encoder)
    pairs = [p for p in _shipped() if not unsaid.says_so(p.answer)]
    pairs += [p for path in args.more for p in _given(path) if not unsaid.says_so(p.answer)]
    x, y = _table(checker, pairs)
    weight = np.array([0.25 if p.part == "written" else 1.0 for p in pairs])
    films = sorted({p.film for p in pairs})
    fold = {f: n % FOLDS for n, f in enumerate(np.random.default_rng(0).permutation(films))}
    of = np.array([fold[p.film] for p in pairs])
    held_out = np.zeros(len(pairs))
    for k in range(FOLDS):
        held_out[of == k] = _odds(_fit(x[of != k], y[of != k], weight[of != k]), x[of == k])
    for part in sorted({p.part for p in pairs}):
        rows = np.array([p.part == part for p in pairs])
        print(_line(part, held_out[rows], y[rows]))
    costs = _fit(x, y, weight)
    rows = np.array([p.part in ("hard", "labelled") for p in pairs])
    words = [PENALTIES.index(name) for name in ("words", "short", "credit")]
    right = np.array([p.part == "labelled" for p in pairs]) & (y > 0)
    kept = np.sort(held_out[right & (x[:, words] == 0).all(1)])[::-1]
    limits = [_limit(held_out[rows], y[rows], STRICT), float(kept[int(FAIR * right.sum()) - 1])]
    said = {
        "costs": dict(zip(PENALTIES, costs[:-1].round(3).tolist(), strict=True)),
        "bias": round(float(costs[-1]), 3),
    }
    said |= {"strict": round(limits[0], 3), "fair": round(limits[1], 3)}
    print(json.dumps(said))
    if args.table:
        np.savez(args.table, x=x, y=y, held_out=held_out, part=[p.part for p in pairs])
    if args.write:
        WEIGHTS.write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")
    for path in args.measure:
        _measure(checker, costs, limits, list(_given(path)))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Fit the weights of the check.")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--table", type=Path, help="file for the penalties of all pairs, to try other fits")
    parser.add_argument("--more", type=Path, action="append", default=[])
    parser.add_argument("--measure", type=Path, action="append", default=[])
    parser.add_argument("--parser", type=Path, default=paths.PARSER)
    parser.add_argument("--encoder", type=Path, default=paths.BASE_ENCODER)
    return parser.parse_args()


def _shipped() -> Iterator[Pair]:
    movies = {m.tconst: m for m in load_movies(paths.MOVIES)}
    passages = load_passages(paths.PASSAGES)
    records = {t: Record.of(m, [p.text for p in passages.get(t, ())]) for t, m in movies.items()}
    for part, path in (("labelled", LABELLED), ("hard", HARD), ("written", WRITTEN)):
        for line in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
            if line["answer"] != NOT_SAID:
                supported = bool(line.get("supported", True))
                yield Pair(line["tconst"], part, line["question"], line["answer"], records[line["tconst"]], supported)


def _given(path: Path) -> Iterator[Pair]:
    for line in read(path):
        film = str(line.value["record"]["title"])
        yield Pair(
            film, path.stem, line.text("question"), line.text("answer"), record_of(line), bool(line.value["gold"])
        )


def _table(checker: Checker, pairs: Sequence[Pair]) -> tuple[np.ndarray, np.ndarray]:
    """Penalties [pairs, penalties] and labels."""
    rows = []
    for p in pairs:
        found = checker.penalties(p.question, p.answer, p.record)
        rows.append([min(2.0, found.penalties.get(name, 0.0)) for name in PENALTIES])
    return np.array(rows), np.array([p.supported for p in pairs], float)


def _odds(costs: np.ndarray, x: np.ndarray) -> np.ndarray:
    return np.asarray(costs[-1] - x @ costs[:-1])


def _fit(x: np.ndarray, y: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Costs (not negative) and bias, by logistic regression with the prior PRIOR."""
    prior = np.array([PRIOR[name] for name in PENALTIES])

    def loss(costs: np.ndarray) -> tuple[float, np.ndarray]:
        odds = _odds(costs, x)
        p = 1 / (1 + np.exp(-odds))
        value = -(weight * (y * np.log(p + 1e-9) + (1 - y) * np.log(1 - p + 1e-9))).sum()
        away = costs[:-1] - prior
        slope = weight * (p - y)
        return float(value + PULL * (away**2).sum()), np.append(-(x.T @ slope) + 2 * PULL * away, slope.sum())

    bounds = [(0, None)] * len(PENALTIES) + [(None, None)]
    return np.asarray(minimize(loss, np.append(prior, 1.0), jac=True, method="L-BFGS-B", bounds=bounds).x)


def _limit(odds: np.ndarray, y: np.ndarray, precision: float) -> float:
    """The lowest threshold above which at least `precision` of the answers are supported."""
    order = np.argsort(-odds, kind="stable")
    right = np.cumsum(y[order]) / np.arange(1, len(y) + 1)
    good = np.flatnonzero(right >= precision)
    return float(odds[order][good[-1]]) if len(good) else float(odds.max())


def _line(name: str, odds: np.ndarray, y: np.ndarray) -> str:
    order = np.argsort(-odds, kind="stable")
    right = np.cumsum(y[order]) / np.arange(1, len(y) + 1)
    area = float(right[y[order] > 0].mean())
    recall = {p: round(_recall(right, y[order], p), 2) for p in (0.93, 0.9, 0.85)}
    return f"{name}: {len(y)} pairs, area {area:.3f}, recall at a precision of {recall}"


def _recall(right: np.ndarray, y: np.ndarray, precision: float) -> float:
    good = np.flatnonzero(right >= precision)
    return float(np.cumsum(y)[good[-1]] / y.sum()) if len(good) else 0.0


def _measure(checker: Checker, costs: np.ndarray, limits: Sequence[float], pairs: Sequence[Pair]) -> None:
    x, y = _table(checker, pairs)
    odds = np.where([unsaid.says_so(p.answer) for p in pairs], 3.0, _odds(costs, x))
    print(_line(pairs[0].part, odds, y))
    words = (x[:, [PENALTIES.index(name) for name in ("words", "short", "credit")]] == 0).all(1)
    for name, taken in (("strict", odds >= limits[0]), ("fair", (odds >= limits[1]) & words)):
        print(f"  {name}: precision {y[taken].mean():.3f}, recall {y[taken].sum() / y.sum():.3f}")


if __name__ == "__main__":
    main()
