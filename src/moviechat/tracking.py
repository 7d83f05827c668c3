"""MLflow: one run a pipeline, with its parameters, figures, loss curves, answers, pictures and adapter.

`python -m moviechat.tracking` logs data/evaluate again, after a failure or to another server.
"""

from __future__ import annotations

import csv
import fcntl
import hashlib
import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from moviechat import params, paths, prompts
from moviechat.errors import DataError, MoviechatError
from moviechat.launch import USAGE_ERROR

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities import Metric

EXPERIMENT = "moviechat"
AGAIN = "python -m moviechat.tracking"

_URI = "MLFLOW_TRACKING_URI"
_SETTINGS = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "DO_NOT_TRACK": "true",
    # A server that is away must not hold the evaluation for MLflow's default of many minutes.
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "20",
}
_BATCH = 90  # parameters a request; MLflow takes 100
_LONGEST = 6000  # characters of a parameter's value; MLflow takes no more
_REASON = 300  # characters of a server's error that are told
_ARTIFACTS = ("metrics.json", "report.md", "answers.jsonl", "pictures")

Curve = list[tuple[int, float]]  # (step, loss)


@dataclass(frozen=True, slots=True)
class Pipeline:
    """What is written down of one run of the pipeline: flat parameters, figures and tags, and losses by step."""

    parameters: Mapping[str, str]
    figures: Mapping[str, float]
    curves: Mapping[str, Curve]
    tags: Mapping[str, str]


def try_log(out: Path = paths.EVALUATE, *, bundle: Path = paths.BUNDLE) -> bool:
    """Log what evaluate wrote and say where; where that fails, one sentence tells why, and nothing is lost."""
    from rich.console import Console

    try:
        with Console(stderr=True).status("MLflow takes the run down (the first time it makes its database)"):
            run = log(out, bundle=bundle)
    except MoviechatError as error:
        print(f"not logged: {error}", file=sys.stderr)
        return False
    except Exception as error:  # whatever MLflow, its database or its server raise
        reason = " ".join(str(error).split())[:_REASON]
        print(
            f"not logged: MLflow at {address()} did not take {out} ({reason}): {out} is complete; mend that and "
            f"`{AGAIN}` logs it again",
            file=sys.stderr,
        )
        return False
    print(f"MLflow run {run} is in {address()}")
    return True


def log(out: Path = paths.EVALUATE, *, bundle: Path = paths.BUNDLE) -> str:
    """Log the evaluation in `out` of `bundle` as a new run and return its id; DataError if there is none."""
    pipeline = collect(out, bundle)
    client = connect()
    run: str = client.create_run(_experiment(client), tags=dict(pipeline.tags)).info.run_id
    try:
        _write(client, run, pipeline)
        _attach(client, run, out, bundle)
    except BaseException:
        client.set_terminated(run, "FAILED")
        raise
    client.set_terminated(run, "FINISHED")
    return run


def address() -> str:
    """Where runs are kept: MLFLOW_TRACKING_URI, or the repository's own database."""
    return os.environ.get(_URI) or f"sqlite:///{paths.MLRUNS / 'mlflow.db'}"


def collect(out: Path, bundle: Path) -> Pipeline:
    """Read everything that is logged from the outputs, the bundle and params.yaml; DataError if a part is missing."""
    figures = flat(_json(out / "metrics.json"))
    manifest = _json(bundle / "bundle.json")
    clock = {f"latency.{name}": value for name, value in recall_clock(out).items()}
    # params.yaml may have moved on since the bundle was made.
    parameters = flat(params.load().model_dump()) | flat({"bundle": manifest.get("parameters", {})})
    return Pipeline(
        {name: str(value)[:_LONGEST] for name, value in parameters.items()},
        {name: float(value) for name, value in (figures | clock).items()},
        {name: _curve(out / "plots" / f"{name}.csv") for name in ("train_loss", "validation_loss")},
        _tags(manifest),
    )


def flat(tree: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """A tree of dicts as one dict of dotted names: {"train": {"rank": 8}} -> {"train.rank": 8}."""
    found: dict[str, Any] = {}
    for key, value in tree.items():
        found |= flat(value, f"{prefix}{key}.") if isinstance(value, Mapping) else {f"{prefix}{key}": value}
    return found


def keep_clock(figures: Mapping[str, float], out: Path) -> None:
    """Keep seconds that belong to `out`'s metrics in the cache: outputs are deterministic, a clock is not."""
    path = _clock(out)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(figures) + "\n", encoding="utf-8")


def recall_clock(out: Path) -> dict[str, float]:
    """The seconds kept for `out`'s metrics; empty if these were measured on another machine."""
    path = _clock(out)
    return dict(_json(path)) if path.exists() else {}


def _clock(out: Path) -> Path:
    digest = hashlib.sha256((out / "metrics.json").read_bytes()).hexdigest()
    return paths.CACHE / "tracking" / f"{digest}.json"


def _json(path: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise DataError(f"{path} cannot be read ({error}): `dvc repro` makes it") from None


def _curve(path: Path) -> Curve:
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [(int(row["step"]), float(row["loss"])) for row in csv.DictReader(file)]


def _tags(manifest: Mapping[str, Any]) -> dict[str, str]:
    tags = {"stages": ",".join(params.Params.model_fields), "prompt_version": str(prompts.VERSION)}
    tags |= {name: str(manifest[name]) for name in ("engine", "model") if name in manifest}
    return tags | ({"mlflow.source.git.commit": commit} if (commit := _commit()) else {})


def _commit() -> str | None:
    try:
        done = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=False)
    except FileNotFoundError:  # no git on this machine
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def connect() -> MlflowClient:
    """A client of `address()`; a local database is made first, by one process at a time."""
    for name, value in _SETTINGS.items():
        os.environ.setdefault(name, value)
    from mlflow import MlflowClient

    for noisy in ("mlflow", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    with nullcontext() if os.environ.get(_URI) else _alone(paths.MLRUNS):
        client = MlflowClient(address())
        client.search_experiments(max_results=1)
    return client


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    # Two processes that create the database at once: one of them dies.
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _experiment(client: MlflowClient) -> str:
    from mlflow.exceptions import MlflowException

    own = None if os.environ.get(_URI) else (paths.MLRUNS / "artifacts").resolve().as_uri()
    if (there := client.get_experiment_by_name(EXPERIMENT)) is None:
        try:
            return str(client.create_experiment(EXPERIMENT, artifact_location=own))
        except MlflowException:  # another process was quicker
            there = client.get_experiment_by_name(EXPERIMENT)
            if there is None:
                raise
    return str(there.experiment_id)


def _write(client: MlflowClient, run: str, pipeline: Pipeline) -> None:
    from mlflow.entities import Param

    named = [Param(name, value) for name, value in pipeline.parameters.items()]
    for start in range(0, len(named), _BATCH):
        client.log_batch(run, params=named[start : start + _BATCH])
    points = _points(pipeline)
    for start in range(0, len(points), _BATCH):
        client.log_batch(run, metrics=points[start : start + _BATCH])


def _points(pipeline: Pipeline) -> list[Metric]:
    from mlflow.entities import Metric

    now = int(time.time() * 1000)
    points = [Metric(name, value, now, 0) for name, value in pipeline.figures.items()]
    return points + [Metric(name, y, now, step) for name, curve in pipeline.curves.items() for step, y in curve]


def _attach(client: MlflowClient, run: str, out: Path, bundle: Path) -> None:
    for name in _ARTIFACTS:
        if (out / name).is_dir():
            client.log_artifacts(run, str(out / name), name)
        elif (out / name).exists():
            client.log_artifact(run, str(out / name))
    client.log_artifact(run, str(bundle / "bundle.json"))
    if (adapter := bundle / "model" / "adapter").is_dir():
        client.log_artifacts(run, str(adapter), "adapter")


if __name__ == "__main__":
    sys.exit(0 if try_log() else USAGE_ERROR)
