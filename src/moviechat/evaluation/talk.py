"""Conversations with the chat, judged turn by turn: the share that is right, by family."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tqdm import tqdm

from moviechat import metrics
from moviechat.evaluation.answers import spread
from moviechat.evaluation.bounds import Catalogue
from moviechat.evaluation.cases import Case
from moviechat.evaluation.conversation import Conversation
from moviechat.evaluation.judging import Said, wrong

ALL = "all"  # all families together


@dataclass(frozen=True, slots=True)
class Judged:
    """One turn: the reply as JSON, its faults, and the seconds it took."""

    case: Case
    turn: int
    reply: Mapping[str, Any]
    faults: tuple[str, ...]
    seconds: float


def converse(
    cases: Sequence[Case], start: Callable[[], Conversation], catalogue: Catalogue, clock: Callable[[], float]
) -> list[Judged]:
    """Hold each conversation in a new session, with a progress bar; `clock` returns seconds."""
    bar = tqdm(cases, desc="talk", unit="conversation")
    return [judged for case in bar for judged in _held(case, start(), catalogue, clock)]


def _held(case: Case, session: Conversation, catalogue: Catalogue, clock: Callable[[], float]) -> list[Judged]:
    earlier: set[str] = set()
    held: list[Judged] = []
    for number, turn in enumerate(case.turns):
        begun = clock()
        reply = session.ask(turn.say).to_json()
        taken = clock() - begun
        said = Said.of(reply, earlier)
        held.append(Judged(case, number, reply, tuple(wrong(turn.expect, said, catalogue)), taken))
        earlier |= set(said.shown)
    return held


def summarise(judged: Sequence[Judged]) -> dict[str, Any]:
    """By family: the share of right turns and of fully right `scripts`, with Wilson intervals, and the counts."""
    families = [*sorted({j.case.family for j in judged}), ALL]
    turns = {name: [not j.faults for j in judged if name in (ALL, j.case.family)] for name in families}
    whole = {name: _scripts([j for j in judged if name in (ALL, j.case.family)]) for name in families}
    return {
        **_shares(turns),
        "scripts": _shares(whole),
        "turns": {name: len(right) for name, right in turns.items()},
        "cases": {name: len(right) for name, right in whole.items()},
    }


def _scripts(judged: Sequence[Judged]) -> list[bool]:
    right: dict[str, bool] = {}
    for j in judged:
        right[j.case.id] = right.get(j.case.id, True) and not j.faults
    return list(right.values())


def _shares(groups: Mapping[str, Sequence[bool]]) -> dict[str, float]:
    return {
        key: value
        for name, right in groups.items()
        for key, value in spread(name, metrics.wilson_interval(sum(right), len(right))).items()
    }


def misses(judged: Sequence[Judged]) -> list[dict[str, Any]]:
    """One row per wrong turn: the conversation so far, the reply, and its faults."""
    return [
        {
            "case": f"{j.case.id}.{j.turn + 1}",
            "family": j.case.family,
            "said": [turn.say for turn in j.case.turns[: j.turn + 1]],
            "kind": j.reply.get("kind"),
            "answer": j.reply.get("answer"),
            "wrong": "; ".join(j.faults),
        }
        for j in judged
        if j.faults
    ]


def seconds(judged: Sequence[Judged]) -> dict[str, list[float]]:
    """Seconds of the replies of each kind, as `fact_reply`, ..."""
    kinds = sorted({str(j.reply["kind"]) for j in judged})
    return {f"{kind}_reply": [j.seconds for j in judged if j.reply["kind"] == kind] for kind in kinds}
