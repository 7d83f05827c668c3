"""All quality figures of the bundle: answers with and without the adapter, talk, retrieval; and their times."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from moviechat import files, jsonl, params, paths, tracking
from moviechat.bundle import open_bundle
from moviechat.chat import Chat
from moviechat.chat.shelf import BundleShelf
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

if TYPE_CHECKING:
    from moviechat.generation.protocol import LanguageModel
    from moviechat.generation.vllm import Served

_ELSEWHERE = "MOVIECHAT_LLM_URL"


@dataclass(frozen=True, slots=True)
class Measured:
    """The measurements: figures, one row per question, one row per missed turn, and this machine's seconds."""

    figures: dict[str, Any]
    rows: list[dict[str, Any]]
    misses: list[dict[str, Any]]
    seconds: dict[str, list[float]]


class ServedShelf(BundleShelf):
    """A bundle whose language model answers through vLLM: the card holds it once."""

    def __init__(self, folder: Path, served: Served) -> None:
        super().__init__(folder)
        self._served = served

    @cached_property
    def model(self) -> LanguageModel:
        """The base with its LoRA."""
        return self._served.model(adapter=True)


def run(
    p: params.Evaluate,
    *,
    bundle: Path = paths.BUNDLE,
    split: Path = paths.SPLIT,
    out: Path = paths.EVALUATE,
    vllm: bool = False,
) -> None:
    """Measure the bundle on the test part of `split`, write figures, plots and report into `out`, log them to MLflow.

    With `vllm` its language model answers through vLLM instead of its own engine.
    Raises BundleError, ModelError, and DataError for a test part or conversations of another catalogue, for an
    empty test part and for an invalid conversation.
    """
    if os.environ.pop(_ELSEWHERE, None):
        print(f"{_ELSEWHERE} is ignored: evaluate measures the bundle's own model")
    pairs = _test_pairs(split / "test.parquet")
    spoken = cases.read(jsonl.files(Path(p.talk_folder)))
    served = _served(bundle) if vllm else None
    chat = Chat(ServedShelf(bundle, served)) if served else Chat.load(bundle)
    together = p.qa_pairs if served else answers.TOGETHER
    measured = measure(p, chat, _models(bundle, served), pairs, spoken, known(chat, bundle), together)
    seconds = latency.summarise(measured.seconds)
    with files.whole(out) as partial:
        curves = report.read_curves(open_bundle(bundle).peft_adapter / "history.jsonl")
        through = served.version if served else None
        report.write(partial, measured.figures, measured.rows, measured.misses, curves, through)
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


def _served(bundle: Path) -> Served:
    from moviechat.generation.vllm import Served

    return Served(open_bundle(bundle))


def _models(bundle: Path, served: Served | None) -> dict[str, Complete]:
    limit, kept = open_bundle(bundle).max_new_tokens, paths.CACHE / "evaluate"
    through = served.version if served else None

    def asked(adapter: bool) -> Complete:
        model = served.model(adapter=adapter) if served else load(bundle, adapter=adapter)
        complete = partial(complete_all, model, max_new_tokens=limit)
        return keeping(complete, kept, fingerprint(bundle, adapter=adapter, through=through))

    return {"base": asked(False), "adapter": asked(True)}


def measure(
    p: params.Evaluate,
    chat: Chat,
    models: Mapping[str, Complete],
    pairs: Sequence[QAPair],
    spoken: Sequence[Case],
    catalogue: Catalogue,
    together: int = answers.TOGETHER,
) -> Measured:
    """Ask the models (`base`, `adapter`; `together` questions at once), the whole chat and the search.

    Raises DataError for an unknown film.
    """
    _refuse_unfair(spoken, catalogue)
    movies, drawn = list(chat.shelf.movies.values()), {"resamples": p.bootstrap, "seed": p.seed}
    records = {m.tconst: Record.of(m, [x.text for x in chat.shelf.passages.get(m.tconst, ())]) for m in movies}
    answers.refuse_unknown(pairs, records)
    check = chat.shelf.checker.check
    chosen = answers.choose(pairs, p.qa_pairs, p.seed)
    base, adapter = (
        answers.score(chosen, answers.ask(models[m], chosen, m, together), records, check) for m in ("base", "adapter")
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


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m moviechat.stages.evaluate", description=__doc__)
    parser.add_argument(
        "--engine",
        choices=("bundle", "vllm"),
        default="bundle",
        help="what the language model answers through: the bundle's own engine (default), or vLLM for thousands of "
        "questions on a GPU",
    )
    return parser.parse_args()


if __name__ == "__main__":
    launch("evaluate", partial(run, vllm=_arguments().engine == "vllm"))
