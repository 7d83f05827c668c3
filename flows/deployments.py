"""The deployments in the Prefect UI: `retrain` (weekly, paused until switched on) and `evaluate-only`.

`python -m flows.deployments [POOL]` registers them for the current repository; a second time it updates their forms and
keeps their schedules. The work pool runs each as a process on the worker's machine.
"""

import os
import sys
from pathlib import Path
from typing import Any

from prefect import Flow
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.actions import DeploymentScheduleCreate, DeploymentUpdate, WorkPoolCreate
from prefect.client.schemas.objects import ConcurrencyLimitStrategy, ConcurrencyOptions
from prefect.client.schemas.schedules import CronSchedule
from prefect.exceptions import ObjectAlreadyExists, ObjectNotFound
from prefect.utilities.callables import parameter_schema

from flows import elsewhere
from flows.retrain import evaluate_only, retrain, train_elsewhere

POOL = "moviechat"
_CODE = Path(__file__).resolve().parents[1]
_WEEKLY = DeploymentScheduleCreate(
    schedule=CronSchedule(cron="0 3 * * 1", timezone="UTC"),  # Monday, 3 in the morning
    active=False,
)
_FLOWS: dict[str, dict[str, tuple[Flow[..., Any], list[DeploymentScheduleCreate]]]] = {
    POOL: {"retrain": (retrain, [_WEEKLY]), "evaluate-only": (evaluate_only, [])},
    elsewhere.POOL: {"train-elsewhere": (train_elsewhere, [])},
}


def register(root: Path, pool: str = POOL) -> list[str]:
    """Register `pool` and its deployments for the repository at `root`; returns their full names."""
    with get_client(sync_client=True) as client:
        _pool(client, pool)
        return [_register(client, pool, name, root.resolve()) for name in _FLOWS[pool]]


def _pool(client: SyncPrefectClient, pool: str) -> None:
    try:
        client.create_work_pool(WorkPoolCreate(name=pool, type="process"))
    except ObjectAlreadyExists:
        return


def _register(client: SyncPrefectClient, pool: str, name: str, root: Path) -> str:
    flow, schedules = _FLOWS[pool][name]
    full = f"{flow.name}/{name}"
    known = _specification(flow, root) | {"work_pool_name": pool}
    try:
        there = client.read_deployment_by_name(full)
    except ObjectNotFound:
        client.create_deployment(client.create_flow(flow), name, schedules=schedules, **known)
    else:
        client.update_deployment(there.id, DeploymentUpdate(**known))
    return full


def _specification(flow: Flow[..., Any], root: Path) -> dict[str, Any]:
    # Without the last one, only the run would notice a misspelt parameter.
    schema = parameter_schema(flow).model_dump_for_openapi() | {"additionalProperties": False}
    return {
        "description": flow.description,
        "entrypoint": f"{_CODE / 'flows/retrain.py'}:{flow.fn.__name__}",
        "pull_steps": [{"prefect.deployments.steps.set_working_directory": {"directory": str(root)}}],
        "parameter_openapi_schema": schema,
        "enforce_parameter_schema": True,
        "job_variables": {
            "command": f"{sys.executable} -m prefect.engine",
            "working_dir": str(root),
            "env": {"PYTHONPATH": f"{_CODE}{os.pathsep}{_CODE / 'src'}"},
        },
        "concurrency_limit": 1,
        "concurrency_options": ConcurrencyOptions(collision_strategy=ConcurrencyLimitStrategy.ENQUEUE),
    }


if __name__ == "__main__":
    print("\n".join(register(Path.cwd(), *sys.argv[1:])))
