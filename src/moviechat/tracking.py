"""MLflow: one run per pipeline, with nested runs for the stages with figures, and the gate.

Everything is written after evaluate has ended, from the stages' outputs, so a server that is away in between does not
matter. `python -m moviechat.tracking` logs data/evaluate again, after a failure or to another server.
"""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from moviechat import files, naming, params, paths, prompts, registry, runs
from moviechat.addresses import scrubbed
from moviechat.errors import DataError, MoviechatError
from moviechat.launch import USAGE_ERROR

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities import DatasetInput, Metric

AGAIN = "python -m moviechat.tracking"

_RUN_NAME = "MOVIECHAT_RUN"  # the flow's name of a retrain: its DVC experiment and its MLflow run share it
_BATCH = 90  # parameters per request; MLflow accepts 100
_LONGEST = 6000  # maximum characters of a parameter's value in MLflow
_ARTIFACTS = ("metrics.json", "report.md", "answers.jsonl", "misses.jsonl", "pictures")
_WORD = re.compile(r"[^\w .-]+")  # characters that MLflow accepts in a name
_SAMPLED = ("step", "question", "gold", "answer")  # columns of the table of samples
_ASKED = ("question", "gold", "base", "adapter", "chat")  # columns of the table of answers
_MISSED = ("case", "family", "said", "kind", "answer", "wrong")  # columns of the table of wrong turns

Curve = list[tuple[int, float]]  # (step, loss)


@dataclass(frozen=True, slots=True)
class Gate:
    """evaluate's `floors` and `guarded` figures, which decide about the champion."""

    floors: Mapping[str, float]
    guarded: Sequence[str]


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Everything that is logged of one run of the pipeline."""

    parameters: Mapping[str, str]
    figures: Mapping[str, float]
    curves: Mapping[str, Curve]
    tags: Mapping[str, str]
    datasets: Mapping[str, tuple[str, str]]  # name -> (digest, source)
    answers: Sequence[Mapping[str, Any]]
    misses: Sequence[Mapping[str, Any]]  # wrong turns of conversations
    samples: Sequence[Mapping[str, Any]]  # the model's answers during training, at every evaluation
    ledger: Mapping[str, float]  # pairs requested, accepted, and rejected by reason


def try_log(out: Path = paths.EVALUATE, *, bundle: Path = paths.BUNDLE, gate: Gate) -> bool:
    """Log evaluate's outputs, judge them, and say so; if that fails, a sentence says why, and nothing is lost."""
    from rich.console import Console

    try:
        with Console(stderr=True).status("MLflow takes the run down (the first time it makes its database)"):
            run, client = log(out, bundle=bundle), runs.connect()
            verdict = registry.consider(client, run, bundle, floors=gate.floors, guarded=gate.guarded)
            place = runs.link(client, run)
    except MoviechatError as error:
        print(scrubbed(f"not logged: {error}"), file=sys.stderr)
        return False
    except Exception as error:  # whatever MLflow, its database or its server raise
        print(
            f"not logged: MLflow at {scrubbed(runs.address())} did not take {out} ({runs.reason(error)}): {out} is "
            "complete; mend that and "
            f"`{AGAIN}` logs it again",
            file=sys.stderr,
        )
        return False
    print(f"MLflow run {run} is in {place}")
    print(f"champion: {'this bundle' if verdict.passed else 'not this bundle'} ({verdict.reason})")
    return True


def log(out: Path = paths.EVALUATE, *, bundle: Path = paths.BUNDLE) -> str:
    """Log the evaluation in `out` of `bundle` as a new run and return its id; DataError if there is none.

    Runs that an earlier call could not finish, because it or its server was killed, are marked FAILED first.
    """
    pipeline = collect(out, bundle)
    client = runs.connect()
    with runs.alone(paths.CACHE / "tracking"):
        runs.close_unfinished(client)
        return _log(client, pipeline, out, bundle)


def _log(client: MlflowClient, pipeline: Pipeline, out: Path, bundle: Path) -> str:
    what = naming.name(params.load().model_dump())
    with runs.run(client, os.environ.get(_RUN_NAME) or what, {**pipeline.tags, "pipeline": what}) as run:
        client.log_inputs(run, _datasets(pipeline.datasets))
        _write(client, run, pipeline.parameters, _points(pipeline.figures))
        with runs.run(client, "generate_qa", pipeline.tags, parent=run) as nested:
            _write(client, nested, _section(pipeline.parameters, "generate_qa"), _points(pipeline.ledger))
        with runs.run(client, "train", pipeline.tags, parent=run) as nested:
            _write(client, nested, _section(pipeline.parameters, "train"), _curves(pipeline.curves))
            _attach(client, nested, bundle / "model", ["adapter"])
            if pipeline.samples:
                client.log_table(nested, _table(pipeline.samples, _SAMPLED), "samples.json")
        with runs.run(client, "evaluate", pipeline.tags, parent=run) as nested:
            _write(client, nested, _section(pipeline.parameters, "evaluate"), _points(pipeline.figures))
            _attach(client, nested, out, _ARTIFACTS)
            client.log_table(nested, _table(pipeline.answers, _ASKED), "answers.json")
            if pipeline.misses:
                client.log_table(nested, _table(pipeline.misses, _MISSED), "misses.json")
            _trace(client, nested, pipeline.answers)
        _attach(client, run, out, ["metrics.json", "report.md"])
        _attach(client, run, bundle, ["bundle.json"])
    return run


def collect(out: Path, bundle: Path) -> Pipeline:
    """Read everything that is logged, from the outputs, the bundle and params.yaml; DataError if a part is missing."""
    figures = naming.flat(_json(out / "metrics.json"))
    manifest = _json(bundle / "bundle.json")
    clock = {f"latency.{name}": value for name, value in recall_clock(out).items()}
    # params.yaml may have changed since the bundle was made.
    parameters = naming.flat(params.load().model_dump()) | naming.flat({"bundle": manifest.get("parameters", {})})
    return Pipeline(
        {name: scrubbed(str(value))[:_LONGEST] for name, value in parameters.items()},
        {name: float(value) for name, value in (figures | clock).items()},
        {name: _curve(out / "plots" / f"{name}.csv") for name in ("train_loss", "validation_loss")}
        | _machine(bundle / "model" / "adapter" / "adapter_model.safetensors"),
        _tags(manifest),
        _versions(manifest, scrubbed(str(parameters["download.url"] or parameters["download.folder"]))),
        _rows(out / "answers.jsonl"),
        _rows(out / "misses.jsonl"),
        _rows(bundle / "model" / "adapter" / "samples.jsonl"),
        _ledger(paths.LEDGER),
    )


def keep_clock(figures: Mapping[str, float], out: Path) -> None:
    """Cache the seconds that belong to `out`'s metrics: outputs are deterministic, times are not."""
    path = _clock(out)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(figures) + "\n", encoding="utf-8")


def recall_clock(out: Path) -> dict[str, float]:
    """The cached seconds for `out`'s metrics; empty if these were measured on another machine."""
    path = _clock(out)
    return dict(_json(path)) if path.exists() else {}


def _clock(out: Path) -> Path:
    return paths.CACHE / "tracking" / f"{files.sha256(out / 'metrics.json')}.json"


def _json(path: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, RecursionError) as error:
        raise DataError(f"{path} cannot be read ({error}): `dvc repro` makes it") from None


def _curve(path: Path) -> Curve:
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [(int(row["step"]), float(row["loss"])) for row in csv.DictReader(file)]


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def _machine(adapter: Path) -> dict[str, Curve]:
    """The machine's figures while `adapter` was trained, if that was here; MLflow shows system/ on a separate page."""
    curves: dict[str, Curve] = {}
    for row in _rows(paths.CACHE / "train" / f"{files.sha256(adapter)}.jsonl") if adapter.exists() else []:
        for name, value in row.items():
            if name != "step":
                place = name if name == "tokens_per_second" else f"system/{name}"
                curves.setdefault(place, []).append((int(row["step"]), float(value)))
    return curves


def _tags(manifest: Mapping[str, Any]) -> dict[str, str]:
    stages = [name for name in params.Params.model_fields if name not in params.STAGELESS]
    tags = {"stages": ",".join(stages), "prompt_version": str(prompts.VERSION)}
    tags |= {name: str(manifest[name]) for name in ("engine", "model") if name in manifest}
    return tags | ({"mlflow.source.git.commit": commit} if (commit := _commit()) else {})


def _commit() -> str | None:
    try:
        done = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=False)
    except FileNotFoundError:  # no git on this machine
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def _versions(manifest: Mapping[str, Any], source: str) -> dict[str, tuple[str, str]]:
    """Digest and source of every data set: IMDb's tables, the bundle's two, and the parts of the split."""
    found = {
        name: (str(about["sha256"]), f"models/bundle/{name}")
        for name, about in manifest.get("files", {}).items()
        if name in {"movies.parquet", "passages.parquet"}
    }
    if (tables := paths.DOWNLOAD / "tables.json").is_file():
        dates = sorted({about["date"] for about in _json(tables).values() if about.get("date")})
        found["imdb"] = (files.sha256(tables), " ".join([source, *(f"as of {date}" for date in dates)]))
    for path in sorted(paths.SPLIT.glob("*.parquet")):
        found[path.name] = (files.sha256(path), path.as_posix())
    return found


def _ledger(path: Path) -> dict[str, float]:
    if not path.is_file():
        return {}
    import polars as pl

    table = pl.read_parquet(path, columns=["accepted", "reason"])
    rejected = table.filter(~pl.col("accepted"))["reason"].value_counts().iter_rows()
    counts = {f"ledger.rejected.{_WORD.sub('_', str(reason))}": float(count) for reason, count in sorted(rejected)}
    return {"ledger.asked": float(len(table)), "ledger.accepted": float(table["accepted"].sum()), **counts}


def _datasets(versions: Mapping[str, tuple[str, str]]) -> list[DatasetInput]:
    from mlflow.entities import Dataset, DatasetInput

    # MLflow's digests have at most 36 characters.
    return [
        DatasetInput(Dataset(name, digest[:32], "local", json.dumps({"uri": source})), [])
        for name, (digest, source) in sorted(versions.items())
    ]


def _section(parameters: Mapping[str, str], stage: str) -> dict[str, str]:
    return {name: value for name, value in parameters.items() if name.startswith(f"{stage}.")}


def _write(client: MlflowClient, run: str, parameters: Mapping[str, str], points: Sequence[Metric]) -> None:
    from mlflow.entities import Param

    named = [Param(name, value) for name, value in parameters.items()]
    for start in range(0, len(named), _BATCH):
        client.log_batch(run, params=named[start : start + _BATCH])
    for start in range(0, len(points), _BATCH):
        client.log_batch(run, metrics=points[start : start + _BATCH])


def _points(figures: Mapping[str, float]) -> list[Metric]:
    return _curves({name: [(0, value)] for name, value in figures.items()})


def _curves(curves: Mapping[str, Curve]) -> list[Metric]:
    from mlflow.entities import Metric

    now = int(time.time() * 1000)
    return [Metric(name, y, now, step) for name, curve in curves.items() for step, y in curve]


def _attach(client: MlflowClient, run: str, folder: Path, names: Sequence[str]) -> None:
    for name in names:
        if (folder / name).is_dir():
            client.log_artifacts(run, str(folder / name), name)
        elif (folder / name).exists():
            client.log_artifact(run, str(folder / name))


def _table(answers: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> dict[str, list[str]]:
    return {column: [_cell(row.get(column)) for row in answers] for column in columns}


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return " / ".join(map(str, value))
    return str(value["answer"]) if isinstance(value, Mapping) else "" if value is None else str(value)


def _trace(client: MlflowClient, run: str, answers: Sequence[Mapping[str, Any]]) -> None:
    """One trace per conversation with the whole chat: the question, both models' and the chat's answers, and why."""
    from mlflow import flush_trace_async_logging

    told, experiment = [row for row in answers if row.get("chat") is not None], runs.experiment(client)
    for row in told:
        asked = {"question": row["question"], "film": row["tconst"]}
        named: dict[str, Any] = {"tags": {"kind": row["kind"]}, "experiment_id": experiment, "run_id": run}
        root = client.start_trace(row["question"], inputs=asked, **named)
        for model in ("base", "adapter"):
            span = client.start_span(model, root.trace_id, root.span_id, span_type="LLM", inputs=asked)
            scores = {"scores": row[f"{model}_scores"]}
            client.end_span(root.trace_id, span.span_id, outputs=row[model], attributes=scores)
        client.end_trace(root.trace_id, outputs=row["chat"], attributes={"gold": row["gold"]})
    if told:
        flush_trace_async_logging()


def main() -> int:
    """Log data/evaluate; returns the exit code."""
    try:
        evaluate = params.load().evaluate
    except MoviechatError as error:
        print(scrubbed(str(error)), file=sys.stderr)
        return USAGE_ERROR
    return 0 if try_log(gate=Gate(evaluate.floors, evaluate.guarded)) else USAGE_ERROR


if __name__ == "__main__":
    sys.exit(main())
