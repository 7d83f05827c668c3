"""`train` on another machine: a second clone with a worker of the pool `gpu` and the same DVC remote.

This side pushes the stage's inputs and hands over its state as a commit and a patch. The other side pulls, runs the
stage and pushes. Here DVC finds the run in its run cache, and writes dvc.lock as if the stage had run here.
"""

from __future__ import annotations

import base64
import time
import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.exceptions import ObjectNotFound
from prefect.states import Cancelling

from flows import dag
from flows.process import stream
from flows.workspace import Workspace
from moviechat.errors import DataError

if TYPE_CHECKING:
    from uuid import UUID

    from prefect.client.schemas import State

STAGE = "train"
POOL = "gpu"
DEPLOYMENT = "train-elsewhere/train-elsewhere"
_LOOK = 2.0  # seconds between checks of the run there


def ask(workspace: Workspace, run: str, told: Callable[[str], None], check: Callable[[], None]) -> None:
    """Have STAGE of the retrain `run` run elsewhere with the workspace's inputs; DataError if that fails."""
    _dvc(workspace, ["push", *_inputs(workspace)], told, check)
    patch = base64.b64encode(zlib.compress(workspace.difference())).decode("ascii")
    handed = {"base": workspace.base, "patch": patch, "run": run}
    with get_client(sync_client=True) as client:
        try:
            there = client.read_deployment_by_name(DEPLOYMENT)
        except ObjectNotFound:
            raise DataError(f"no machine offers to run {STAGE}: run `make gpu` in a clone there") from None
        job = client.create_flow_run_from_deployment(there.id, parameters=handed)
        told(f"{STAGE} is asked of the pool {POOL}: flow run {job.name}")
        state = _ended(client, job.id, check)
    if not state.is_completed():
        raise DataError(f"{STAGE} on the pool {POOL} ended as {state.name} ({state.message}): see flow run {job.name}")


def receive(workspace: Workspace, told: Callable[[str], None], check: Callable[[], None]) -> None:
    """On the other machine: fetch STAGE's inputs into the workspace."""
    _dvc(workspace, ["pull", *_inputs(workspace)], told, check)


def give_back(workspace: Workspace, told: Callable[[str], None], check: Callable[[], None]) -> None:
    """On the other machine: send STAGE's outputs, and the run cache entry for DVC."""
    _dvc(workspace, ["push", "--run-cache", STAGE], told, check)


def patch_of(text: str) -> bytes:
    """The patch that `ask` handed over."""
    return zlib.decompress(base64.b64decode(text))


def _inputs(workspace: Workspace) -> list[str]:
    """The outputs of other stages, or parts of them, that STAGE reads."""
    stages = dag.read(workspace.folder)
    given = dag.inputs(stages)
    return [dep for stage in stages if stage.name == STAGE for dep in stage.deps if dep not in given]


def _dvc(workspace: Workspace, arguments: list[str], told: Callable[[str], None], check: Callable[[], None]) -> None:
    last: list[str] = []

    def both(line: str) -> None:
        told(line)
        last.append(line)

    status = stream(["dvc", *arguments], both, cwd=workspace.folder, env=workspace.environment(), check=check)
    if status != 0:
        raise DataError(
            f"dvc {' '.join(arguments)} failed ({' '.join(last[-3:])}): both clones need the same DVC remote, "
            "`make remote url=...` sets it"
        )


def _ended(client: SyncPrefectClient, run: UUID, check: Callable[[], None]) -> State[Any]:
    """The final state of the run there; if the waiting here ends, that run is cancelled."""
    try:
        while True:
            state = client.read_flow_run(run).state
            if state is not None and state.is_final():
                return state
            check()
            time.sleep(_LOOK)
    except BaseException:
        client.set_flow_run_state(run, Cancelling())
        raise
