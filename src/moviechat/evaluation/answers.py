"""Base model against base + adapter: the same held-out questions and records, four scores."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tqdm import tqdm

from moviechat import metrics, prompts
from moviechat.errors import DataError
from moviechat.grounding.check import Verdict
from moviechat.grounding.record import Record
from moviechat.schema import NOT_SAID, QAPair

SCORES = ("exact_match", "token_f1", "rouge_l", "grounded")
KIND_SCORES = ("token_f1", "grounded")
ANSWERABLE = ("token_f1", "supported")

Check = Callable[[str, str, Record], Verdict]  # (question, answer, record) -> is the answer supported?
Complete = Callable[[Sequence[str]], list[str]]  # prompts -> completions
TOGETHER = 16  # prompts per call of the model: what is answered is kept after each


@dataclass(frozen=True, slots=True)
class Scored:
    """One answer to a pair's question, with its scores (each 0-1)."""

    pair: QAPair
    text: str
    exact_match: float
    token_f1: float
    rouge_l: float
    grounded: float

    @property
    def scores(self) -> dict[str, float]:
        """The four scores by name."""
        return {name: getattr(self, name) for name in SCORES}

    @property
    def supported(self) -> float:
        """1.0 if the record supports the answer and it says something (a refusal is grounded, but says nothing)."""
        return self.grounded if self.text != NOT_SAID else 0.0


def choose(pairs: Sequence[QAPair], limit: int, seed: int) -> list[QAPair]:
    """Up to `limit` pairs: films in turn, each time the least asked kind; `seed` breaks ties."""
    left: dict[str, list[QAPair]] = {}
    for pair in sorted(pairs, key=lambda p: _draw(seed, p.tconst, p.question)):
        left.setdefault(pair.tconst, []).append(pair)
    asked: Counter[str] = Counter()
    chosen: list[QAPair] = []
    while left and len(chosen) < limit:
        for tconst in sorted(left, key=lambda t: _draw(seed, t))[: limit - len(chosen)]:
            pair = min(left[tconst], key=lambda p: asked[p.kind])
            left[tconst].remove(pair)
            asked[pair.kind] += 1
            chosen.append(pair)
        left = {t: rest for t, rest in left.items() if rest}
    return chosen


def _draw(seed: int, *parts: str) -> bytes:
    return hashlib.sha256("\0".join((str(seed), *parts)).encode()).digest()


def ask(complete: Complete, pairs: Sequence[QAPair], label: str, together: int = TOGETHER) -> list[str]:
    """The model's answer to each pair's question over its record, in order, `together` in a call.

    Shows a progress bar named `label`.
    """
    prompts_of = [prompts.render(pair.question, pair.input) for pair in pairs]
    texts: list[str] = []
    with tqdm(total=len(pairs), desc=label, unit="answer") as bar:
        for start in range(0, len(pairs), together):
            texts += complete(prompts_of[start : start + together])
            bar.update(len(texts) - bar.n)
    return [text.strip() for text in texts]


def refuse_unknown(pairs: Sequence[QAPair], records: Container[str]) -> None:
    """Raise DataError if a pair's film has no record: pairs and bundle are then of different catalogues."""
    unknown = next((p.tconst for p in pairs if p.tconst not in records), None)
    if unknown is not None:
        raise DataError(
            f"the test pairs ask about {unknown}, which is not a film of the bundle: run `dvc repro`, so that both are "
            "from one catalogue"
        )


def score(pairs: Sequence[QAPair], texts: Sequence[str], records: Mapping[str, Record], check: Check) -> list[Scored]:
    """Score each text against its pair's answer and its film's record."""
    return [_score(pair, text, records[pair.tconst], check) for pair, text in zip(pairs, texts, strict=True)]


def _score(pair: QAPair, text: str, record: Record, check: Check) -> Scored:
    return Scored(
        pair,
        text,
        exact_match=metrics.exact_match(text, pair.answer),
        token_f1=metrics.token_f1(text, pair.answer),
        rouge_l=metrics.rouge_l(text, pair.answer),
        grounded=float(check(pair.question, text, record).supported),
    )


def summarise(base: Sequence[Scored], adapter: Sequence[Scored], *, resamples: int, seed: int) -> dict[str, Any]:
    """Means, paired gains and their intervals, overall and by kind; films, not answers, are resampled."""
    kinds = sorted({s.pair.kind for s in base})
    by_kind = {kind: ([s for s in base if s.pair.kind == kind], _of(kind, adapter)) for kind in kinds}
    return {
        "pairs": len(base),
        "films": len({s.pair.tconst for s in base}),
        **_compare(base, adapter, SCORES, resamples, seed),
        "kinds": {
            kind: {"pairs": len(left), **_compare(left, right, KIND_SCORES, resamples, seed)}
            for kind, (left, right) in by_kind.items()
        },
        **_answerable(base, adapter, resamples, seed),
        "not_said": {"base": _not_said(base), "adapter": _not_said(adapter)},
        "empty": {"base": _empty(base), "adapter": _empty(adapter)},
    }


def _of(kind: str, answers: Sequence[Scored]) -> list[Scored]:
    return [s for s in answers if s.pair.kind == kind]


def _compare(
    base: Sequence[Scored], adapter: Sequence[Scored], names: Sequence[str], resamples: int, seed: int
) -> dict[str, dict[str, float]]:
    films = [s.pair.tconst for s in base]
    parts: dict[str, dict[str, float]] = {"base": {}, "adapter": {}, "gain": {}}
    for name in names:
        left, right = ([float(getattr(s, name)) for s in many] for many in (base, adapter))
        mean_of = {"resamples": resamples, "seed": seed}
        parts["base"] |= spread(name, metrics.mean_interval(left, clusters=films, **mean_of))
        parts["adapter"] |= spread(name, metrics.mean_interval(right, clusters=films, **mean_of))
        parts["gain"] |= spread(name, metrics.paired_interval(right, left, clusters=films, **mean_of))
    return parts


def spread(name: str, interval: metrics.Interval) -> dict[str, float]:
    """An interval as three numbers: `name`, `name_low`, `name_high`."""
    return {name: interval.mean, f"{name}_low": interval.low, f"{name}_high": interval.high}


def _answerable(
    base: Sequence[Scored], adapter: Sequence[Scored], resamples: int, seed: int
) -> dict[str, dict[str, Any]]:
    """The same for questions that the description answers; a model that only refuses gains nothing here."""
    left, right = ([s for s in many if s.pair.answer != NOT_SAID] for many in (base, adapter))
    return {"answerable": {"pairs": len(left), **_compare(left, right, ANSWERABLE, resamples, seed)}} if left else {}


def _not_said(answers: Sequence[Scored]) -> dict[str, float]:
    """`told`: the share of unanswerable questions that are refused; `refused`: the share of the answerable ones."""
    silent = [float(s.text == NOT_SAID) for s in answers if s.pair.answer == NOT_SAID]
    others = [float(s.text == NOT_SAID) for s in answers if s.pair.answer != NOT_SAID]
    return {
        "pairs": len(silent),
        **({"told": metrics.mean(silent)} if silent else {}),
        **({"refused": metrics.mean(others)} if others else {}),
    }


def _empty(answers: Sequence[Scored]) -> float:
    return metrics.mean([float(not s.text) for s in answers])


def row(base: Scored, adapter: Scored, chat: Mapping[str, Any] | None) -> dict[str, Any]:
    """A question with its gold answer, all answers (the chat's reply if it was asked), and both models' scores."""
    return {
        "tconst": base.pair.tconst,
        "kind": base.pair.kind,
        "question": base.pair.question,
        "gold": base.pair.answer,
        "base": base.text,
        "adapter": adapter.text,
        "chat": chat,
        "base_scores": {name: round(value, 4) for name, value in base.scores.items()},
        "adapter_scores": {name: round(value, 4) for name, value in adapter.scores.items()},
    }
