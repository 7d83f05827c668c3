"""The flow: the stages of dvc.yaml, one Prefect task each, on a copy of the checkout, kept as a DVC experiment.

No `from __future__ import annotations` here: Prefect reads the annotations of served flows as they stand.
"""

import os
import re
import time
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from prefect import flow, get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas import State
from prefect.runtime import flow_run
from prefect.states import Completed, Failed
from pydantic import BaseModel

from flows import dag
from flows.changes import Changes, EvaluateOnly, Profile, asked
from flows.dag import Stage
from flows.process import stream
from flows.report import Outcome, publish
from flows.workspace import STATE, Workspace, alone, prepare
from moviechat import paths
from moviechat.errors import DataError, MoviechatError

RETRY_DELAY = 5  # seconds
_MISTAKE = "exited with 2"  # how DVC tells that a stage ended on a user's mistake


class StageFailedError(Exception):
    """A stage ended with an error; `again` says whether trying once more could help."""

    def __init__(self, said: str, *, again: bool) -> None:
        super().__init__(said)
        self.again = again


class WorkerGoneError(Exception):
    """The process that started this flow run has ended, so the run ends too."""


@flow(name="retrain", validate_parameters=True)
def retrain(changes: Changes = Changes(), profile: Profile | None = None) -> State[Any]:  # noqa: B008
    """Run every stage that `changes` of params.yaml (or of `profile`, put in its place) call for."""
    return _run(changes, profile, only=None)


@flow(name="evaluate-only", validate_parameters=True)
def evaluate_only(changes: EvaluateOnly = EvaluateOnly()) -> State[Any]:  # noqa: B008
    """Measure the bundle as it is: the stage `evaluate` and no other."""
    return _run(changes, None, only="evaluate")


def _run(changes: BaseModel, profile: str | None, only: str | None) -> State[Any]:
    root = Path.cwd()
    check = _watch(root)
    try:
        with alone(root, _waiting(check)):
            workspace = prepare(root)
            workspace.set_params(profile, asked(changes))
            workspace.fill()
            return _stages(workspace, _chosen(workspace, only), check)
    except (MoviechatError, WorkerGoneError) as error:
        return Failed(message=str(error))


def _chosen(workspace: Workspace, only: str | None) -> list[Stage]:
    stages = dag.read(workspace.folder)
    if only is None:
        return stages
    # `dvc exp save` would write the others down as done.
    if stale := [s.name for s in stages if s.name != only and dag.is_changed(workspace.folder, s.name)]:
        raise DataError(f"{only} alone would measure what is out of date ({', '.join(stale)} changed): start retrain")
    return [s for s in stages if s.name == only]


def _stages(workspace: Workspace, stages: Sequence[Stage], check: Callable[[], None]) -> State[Any]:
    outcomes: list[Outcome] = []
    for stage in stages:
        check()
        outcomes.append(_one(workspace, stage, check))
        if outcomes[-1].state not in {"Completed", "Cached"}:
            publish(outcomes, workspace.folder / paths.METRICS, None)
            return Failed(message=f"{stage.name} failed: {outcomes[-1].said}")
    kept = workspace.save(name := experiment_name())
    publish(outcomes, workspace.folder / paths.METRICS, name if kept else None)
    ran = [o.stage.name for o in outcomes if o.state == "Completed"]
    return Completed(message=f"ran {', '.join(ran) or 'nothing'}" + (f"; experiment {name}" if kept else ""))


def _one(workspace: Workspace, stage: Stage, check: Callable[[], None]) -> Outcome:
    configured = run_stage.with_options(
        name=stage.name,
        task_run_name=stage.name,
        description=stage.desc,
        retries=stage.retries,
        retry_delay_seconds=RETRY_DELAY,
        timeout_seconds=stage.timeout,
    )
    start = time.monotonic()
    state = configured(stage.name, workspace, check, return_state=True)
    error = state.result(raise_on_failure=False) if state.is_failed() else None
    said = str(error) if isinstance(error, StageFailedError | WorkerGoneError) else str(state.message)
    return Outcome(stage, state.name or state.type.value, time.monotonic() - start, said)


def _can_help(_task: Any, _run: Any, state: State[Any]) -> bool:
    error = state.result(raise_on_failure=False)
    return not isinstance(error, WorkerGoneError) and getattr(error, "again", True)


@task(cache_policy=NO_CACHE, persist_result=False, retry_condition_fn=_can_help)
def run_stage(stage: str, workspace: Workspace, check: Callable[[], None]) -> State[Any]:
    """`dvc repro --single-item`, its lines in the log; the state is called Cached if there was nothing to do."""
    if not dag.is_changed(workspace.folder, stage):
        return Completed(name="Cached", message="nothing it reads has changed")
    log, last = get_run_logger(), deque[str](maxlen=50)

    def told(line: str) -> None:
        log.info("%s", line)
        last.append(line)
        ran.append(line) if line.startswith("Running stage") else None

    ran: list[str] = []
    status = stream(
        ["dvc", "repro", "--single-item", stage],
        told,
        cwd=workspace.folder,
        env=workspace.environment(),
        check=check,
    )
    if status != 0:
        raise StageFailedError(_reason(last, status), again=not any(_MISTAKE in line for line in last))
    return Completed(message="ran") if ran else Completed(name="Cached", message="DVC had this result already")


def _reason(last: Sequence[str], status: int) -> str:
    """The last line before DVC's own summary: a MoviechatError's sentence, or the end of a traceback."""
    own = [line for line in last if not line.startswith("ERROR: failed to reproduce")]
    return own[-1] if own else f"dvc repro exited with {status} and said nothing"


def _watch(root: Path) -> Callable[[], None]:
    """Under a worker: raises WorkerGoneError once it is dead; a person's own flow run may outlive its shell."""
    worker = os.getppid() if "PREFECT__FLOW_RUN_ID" in os.environ else None
    if worker is not None:
        _own_output(root / STATE / "logs/runs.log")

    def check() -> None:
        if worker is not None and os.getppid() != worker:
            raise WorkerGoneError("the worker that started this run is gone; what was finished is kept: start it again")

    return check


def _own_output(path: Path) -> None:
    """Print to a file from here on: a dead worker's pipe is broken, and rich ends a process that prints into it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as log:
        for stream_number in (1, 2):
            os.dup2(log.fileno(), stream_number)


def _waiting(check: Callable[[], None]) -> Callable[[], None]:
    told: list[bool] = []

    def waiting() -> None:
        check()
        if not told:
            get_run_logger().info("another run has this repository; waiting until it ends")
            told.append(True)

    return waiting


def experiment_name() -> str:
    """This flow run's name and the start of its id, as git allows it in a ref: `brave-otter-1a2b3c4d`."""
    name = re.sub(r"[^A-Za-z0-9]+", "-", str(flow_run.name or "")).strip("-") or "run"
    return f"{name}-{str(flow_run.id or '')[:8]}".rstrip("-")


if __name__ == "__main__":
    retrain()
