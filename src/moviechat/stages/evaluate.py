"""All quality figures of the bundle: answers with and without the adapter, talk, retrieval; and their times."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

from moviechat import files, jsonl, params, paths, tracking
from moviechat.bundle import open_bundle
from moviechat.chat import Chat
from moviechat.errors import DataError
from moviechat.evaluation import answers, cases, conversation, latency, report, retrieval, talk
from moviechat.evaluation.answers import Complete
from moviechat.evaluation.bounds import Catalogue, by_film
from moviechat.evaluation.cases import Case
from moviechat.evaluation.kept import fingerprint, keeping
from moviechat.frames import read_parquet
from moviechat.generation.load import load
from moviechat.generation.protocol import complete_all
from moviechat.grounding.record import Record
from moviechat.launch import launch
from moviechat.reply import Reply
from moviechat.schema import Fact, QAPair

_ELSEWHERE = "MOVIECHAT_LLM_URL"


@dataclass(frozen=True, slots=True)
class Measured:
    """The measurements: figures, one row per question, one row per missed turn, and this machine's seconds."""

    figures: dict[str, Any]
    rows: list[dict[str, Any]]
    misses: list[dict[str, Any]]
    seconds: dict[str, list[float]]


def run(
    p: params.Evaluate, *, bundle: Path = paths.BUNDLE, split: Path = paths.SPLIT, out: Path = paths.EVALUATE
) -> None:
    """Measure the bundle on the test part of `split`, write figures, plots and report into `out`, log them to MLflow.

    Raises BundleError, ModelError, and DataError for a test part or conversations of another catalogue, for an
    empty test part and for an invalid conversation.
    """
    if os.environ.pop(_ELSEWHERE, None):
        print(f"{_ELSEWHERE} is ignored: evaluate measures the bundle's own model")
    pairs = _test_pairs(split / "test.parquet")
    spoken = cases.read(jsonl.files(Path(p.talk_folder)))
    chat = Chat.load(bundle)
    catalogue = known(chat, bundle)
    measured = measure(p, chat, _models(bundle), pairs, spoken, catalogue)
    seconds = latency.summarise(measured.seconds)
    with files.whole(out) as partial:
        curves = report.read_curves(open_bundle(bundle).peft_adapter / "history.jsonl")
        report.write(partial, measured.figures, measured.rows, measured.misses, curves)
    report.show([*report.tables(measured.figures), latency.table(seconds)])
    tracking.keep_clock(seconds, out)
    tracking.try_log(out, bundle=bundle, gate=tracking.Gate(p.floors, p.guarded))


def _test_pairs(path: Path) -> list[QAPair]:
    table = read_parquet(path, QAPair, "split")
    if table.is_empty():
        raise DataError(f"{path} holds no pair: raise split.test, then `dvc repro`")
    return [QAPair.from_row(row) for row in table.iter_rows(named=True)]


def known(chat: Chat, bundle: Path) -> Catalogue:
    """The films that the chat knows, with the bundle's facts: conversations are judged against them."""
    rows = read_parquet(open_bundle(bundle).facts, Fact, "bundle").iter_rows(named=True)
    return Catalogue(chat.shelf.movies, by_film(Fact.from_row(row) for row in rows))


def _models(bundle: Path) -> dict[str, Complete]:
    limit, kept = open_bundle(bundle).max_new_tokens, paths.CACHE / "evaluate"
    return {
        name: keeping(
            partial(complete_all, load(bundle, adapter=adapter), max_new_tokens=limit),
            kept,
            fingerprint(bundle, adapter=adapter),
        )
        for name, adapter in (("base", False), ("adapter", True))
    }


def measure(
    p: params.Evaluate,
    chat: Chat,
    models: Mapping[str, Complete],
    pairs: Sequence[QAPair],
    spoken: Sequence[Case],
    catalogue: Catalogue,
) -> Measured:
    """Ask the models (`base`, `adapter`), the whole chat and the search; DataError for an unknown film."""
    _refuse_unfair(spoken, catalogue)
    movies, drawn = list(chat.shelf.movies.values()), {"resamples": p.bootstrap, "seed": p.seed}
    records = {m.tconst: Record.of(m, [x.text for x in chat.shelf.passages.get(m.tconst, ())]) for m in movies}
    answers.refuse_unknown(pairs, records)
    check = chat.shelf.checker.check
    chosen = answers.choose(pairs, p.qa_pairs, p.seed)
    base, adapter = (
        answers.score(chosen, answers.ask(models[m], chosen, m), records, check) for m in ("base", "adapter")
    )
    told = conversation.ask(chosen[: p.chat_pairs], chat.session, perf_counter)
    judged = talk.converse(spoken, chat.session, catalogue, perf_counter)
    sought = [*retrieval.questions(pairs, movies), *retrieval.title_queries(movies, p.title_queries, p.seed)]
    found = retrieval.ask(chat.shelf.finder, sought, perf_counter)
    figures = {
        "answers": answers.summarise(base, adapter, **drawn),
        "chat": conversation.summarise(told, records, retrieval.twins(movies), check),
        **({"talk": talk.summarise(judged)} if judged else {}),
        "retrieval": retrieval.summarise(found, **drawn),
    }
    seconds = {
        "search": [f.seconds for f in found],
        "held_out_reply": [t.seconds for t in told],
        **talk.seconds(judged),
    }
    return Measured(report.rounded(figures), _rows(base, adapter, told), talk.misses(judged), seconds)


def _refuse_unfair(spoken: Sequence[Case], catalogue: Catalogue) -> None:
    if unfair := cases.faults(spoken, catalogue):
        raise DataError(
            f"{unfair[0]}: they are about another catalogue; set evaluate.talk_folder to conversations about this one"
        )


def _rows(
    base: Sequence[answers.Scored], adapter: Sequence[answers.Scored], told: Sequence[conversation.Told]
) -> list[dict[str, Any]]:
    chat = [_said(t.reply) for t in told] + [None] * (len(base) - len(told))
    return [answers.row(b, a, c) for b, a, c in zip(base, adapter, chat, strict=True)]


def _said(reply: Reply) -> dict[str, Any]:
    return {name: value for name, value in reply.to_json().items() if name not in {"seconds", "model"}}


if __name__ == "__main__":
    launch("evaluate", run)
