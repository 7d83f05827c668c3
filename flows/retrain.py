"""The flow: the stages of dvc.yaml, one Prefect task each, on a copy of the checkout, saved as a DVC experiment.

No `from __future__ import annotations` here: Prefect evaluates the annotations of served flows.
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

from flows import dag, elsewhere
from flows.changes import Changes, EvaluateOnly, Profile, asked
from flows.dag import Stage
from flows.process import stream
from flows.ready import mend_lock
from flows.report import TOLD, Outcome, publish, reason
from flows.workspace import STATE, Workspace, alone, prepare, receive
from moviechat import paths
from moviechat.errors import DataError, MoviechatError

RETRY_DELAY = 5  # seconds
_DAMAGED = (
    "{path} was damaged in DVC's cache and is thrown away there: its stage runs again, unless you cancel this run and "
    "`dvc pull {path}` has it"
)
_DONE = {"Completed", "Cached"}
_MISTAKE = "exited with 2"  # how DVC tells that a stage ended on a user's mistake


class StageFailedError(Exception):
    """A stage ended with an error; `again` says whether a retry could help."""

    def __init__(self, said: str, *, again: bool) -> None:
        super().__init__(said)
        self.again = again


class WorkerGoneError(Exception):
    """The process that started this flow run has ended, so the run ends too."""


@flow(name="retrain", validate_parameters=True)
def retrain(changes: Changes = Changes(), profile: Profile | None = None, gpu: bool = False) -> State[Any]:  # noqa: B008
    """Run every stage that `changes` of params.yaml require.

    Args:
        changes: changes to params.yaml; empty fields stay unchanged
        profile: a complete alternative to params.yaml, applied before the changes
        gpu: run `train` on the worker of the pool `gpu`, wherever that is
    """
    return _run(changes, profile, only=None, gpu=gpu)


@flow(name="evaluate-only", validate_parameters=True)
def evaluate_only(changes: EvaluateOnly = EvaluateOnly()) -> State[Any]:  # noqa: B008
    """Measure the bundle as it is: run only the stage `evaluate`."""
    return _run(changes, None, only="evaluate")


@flow(name="train-elsewhere", validate_parameters=True)
def train_elsewhere(base: str, patch: str, run: str) -> State[Any]:
    """What a retrain with `gpu` starts on another machine: only `train`, on that retrain's state of the repository."""
    root = Path.cwd()
    check, told = _watch(root), _log_line
    try:
        with alone(root, _waiting(check)):
            workspace = receive(root, base, elsewhere.patch_of(patch))
            workspace.fill()
            elsewhere.receive(workspace, told, check)
            (stage,) = (s for s in dag.read(workspace.folder) if s.name == elsewhere.STAGE)
            outcome = _one(workspace, stage, check, run=run)
            if outcome.state not in _DONE:
                return Failed(message=outcome.said)
            elsewhere.give_back(workspace, told, check)
            return Completed(message=outcome.said)
    except (MoviechatError, WorkerGoneError) as error:
        return Failed(message=str(error))


def _run(changes: BaseModel, profile: str | None, only: str | None, gpu: bool = False) -> State[Any]:
    root = Path.cwd()
    check = _watch(root)
    try:
        with alone(root, _waiting(check)):
            if told := mend_lock(root):
                get_run_logger().warning("%s", told)
            workspace = prepare(root)
            workspace.set_params(profile, asked(changes))
            for path in workspace.fill():
                get_run_logger().warning("%s", _DAMAGED.format(path=path))
            return _stages(workspace, _chosen(workspace, only), check, gpu)
    except (MoviechatError, WorkerGoneError) as error:
        return Failed(message=str(error))


def _chosen(workspace: Workspace, only: str | None) -> list[Stage]:
    stages = dag.read(workspace.folder)
    if only is None:
        return stages
    # `dvc exp save` would record the others as done.
    if stale := [s.name for s in stages if s.name != only and dag.is_changed(workspace.folder, s.name)]:
        raise DataError(f"{only} alone would measure what is out of date ({', '.join(stale)} changed): start retrain")
    return [s for s in stages if s.name == only]


def _stages(workspace: Workspace, stages: Sequence[Stage], check: Callable[[], None], gpu: bool) -> State[Any]:
    outcomes: list[Outcome] = []
    for stage in stages:
        check()
        outcomes.append(_one(workspace, stage, check, gpu=gpu and stage.name == elsewhere.STAGE))
        if outcomes[-1].state not in _DONE:
            publish(outcomes, workspace.folder / paths.METRICS, None)
            return Failed(message=f"{stage.name} failed: {outcomes[-1].said}")
    kept = workspace.save(name := experiment_name())
    publish(outcomes, workspace.folder / paths.METRICS, name if kept else None)
    ran = [o.stage.name for o in outcomes if o.state == "Completed"]
    return Completed(message=f"ran {', '.join(ran) or 'nothing'}" + (f"; experiment {name}" if kept else ""))


def _one(workspace: Workspace, stage: Stage, check: Callable[[], None], *, gpu: bool = False, run: str = "") -> Outcome:
    configured = run_stage.with_options(
        name=stage.name,
        task_run_name=stage.name,
        description=stage.desc,
        retries=stage.retries,
        retry_delay_seconds=RETRY_DELAY,
        timeout_seconds=None if gpu else stage.timeout,  # the other side has a timeout, and does not count the waiting
    )
    start = time.monotonic()
    state = configured(stage.name, workspace, check, gpu, run or experiment_name(), return_state=True)
    error = state.result(raise_on_failure=False) if state.is_failed() else None
    said = str(error) if isinstance(error, StageFailedError | WorkerGoneError) else str(state.message)
    return Outcome(stage, state.name or state.type.value, time.monotonic() - start, said)


def _can_help(_task: Any, _run: Any, state: State[Any]) -> bool:
    error = state.result(raise_on_failure=False)
    return not isinstance(error, WorkerGoneError) and getattr(error, "again", True)


@task(cache_policy=NO_CACHE, persist_result=False, retry_condition_fn=_can_help)
def run_stage(stage: str, workspace: Workspace, check: Callable[[], None], gpu: bool, run: str) -> State[Any]:
    """`dvc repro --single-item` with its lines in the log; the state is Cached if there was nothing to do."""
    if not dag.is_changed(workspace.folder, stage):
        return Completed(name="Cached", message="its inputs did not change")
    last = deque[str](maxlen=50)

    def told(line: str) -> None:
        _log_line(line)
        last.append(line)
        worth.append(line) if line.startswith(TOLD) else None
        if line.startswith("Running stage"):
            ran.append(line)
            if gpu:
                raise StageFailedError(f"what the pool {elsewhere.POOL} made of {stage} did not arrive", again=True)

    ran: list[str] = []
    worth: list[str] = []
    if gpu:
        _elsewhere(workspace, run, check)
    status = stream(
        ["dvc", "repro", "--single-item", *(["--pull"] if gpu else []), stage],
        told,
        cwd=workspace.folder,
        env=workspace.environment() | {"MOVIECHAT_RUN": run},
        check=check,
    )
    if status != 0:
        raise StageFailedError(reason(stage, last, status), again=not any(_MISTAKE in line for line in last))
    if gpu:
        return Completed(message=f"ran on the pool {elsewhere.POOL}")
    return (
        Completed(message="; ".join(worth) or "ran")
        if ran
        else Completed(name="Cached", message="DVC already had this result")
    )


def _elsewhere(workspace: Workspace, run: str, check: Callable[[], None]) -> None:
    try:
        elsewhere.ask(workspace, run, _log_line, check)
    except DataError as error:
        raise StageFailedError(str(error), again=False) from error


def _log_line(line: str) -> None:
    get_run_logger().info("%s", line)


def _watch(root: Path) -> Callable[[], None]:
    """Under a worker: raises WorkerGoneError once it is dead; a run started by hand may outlive its shell."""
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
            get_run_logger().info("another run uses this repository; waiting until it ends")
            told.append(True)

    return waiting


def experiment_name() -> str:
    """This flow run's name and the start of its id, as a valid git ref: `brave-otter-1a2b3c4d`."""
    name = re.sub(r"[^A-Za-z0-9]+", "-", str(flow_run.name or "")).strip("-") or "run"
    return f"{name}-{str(flow_run.id or '')[:8]}".rstrip("-")


if __name__ == "__main__":
    retrain()
