"""Where MLflow keeps runs and the registry: the repository's own database, or MLFLOW_TRACKING_URI."""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from moviechat import paths

if TYPE_CHECKING:
    from mlflow import MlflowClient

EXPERIMENT = "moviechat"

_URI = "MLFLOW_TRACKING_URI"
_SETTINGS = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "DO_NOT_TRACK": "true",
    # A server that is away must not hold the evaluation for MLflow's default of many minutes.
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "20",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
}


def address() -> str:
    """Where runs are kept: MLFLOW_TRACKING_URI, or the repository's own database."""
    return os.environ.get(_URI) or _own()


def _own() -> str:
    # MLflow keeps one store an address: a relative one would be another folder's after a change of folder.
    return f"sqlite:///{(paths.MLRUNS / 'mlflow.db').resolve()}"


def connect() -> MlflowClient:
    """A client of `address()`; a local database is made first, by one process at a time."""
    for name, value in _SETTINGS.items():
        os.environ.setdefault(name, value)
    from mlflow import MlflowClient, set_tracking_uri

    for noisy in ("mlflow", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    set_tracking_uri(address())  # traces know no other place
    with alone() if address() == _own() else nullcontext():
        client = MlflowClient(address(), address())
        client.search_experiments(max_results=1)
    return client


@contextmanager
def alone(folder: Path = paths.MLRUNS) -> Iterator[None]:
    """Hold the repository's MLflow folder: of two processes that create its database at once, one dies."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def experiment(client: MlflowClient) -> str:
    """The id of the experiment that all runs are of; made if it is not there."""
    from mlflow.exceptions import MlflowException

    own = (paths.MLRUNS / "artifacts").resolve().as_uri() if address() == _own() else None
    if (there := client.get_experiment_by_name(EXPERIMENT)) is None:
        try:
            return str(client.create_experiment(EXPERIMENT, artifact_location=own))
        except MlflowException:  # another process was quicker
            there = client.get_experiment_by_name(EXPERIMENT)
            if there is None:
                raise
    return str(there.experiment_id)
