"""Where MLflow stores runs and the registry: the repository's own database, or MLFLOW_TRACKING_URI."""

from __future__ import annotations

import fcntl
import itertools
import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from moviechat import paths, proxies
from moviechat.addresses import scrubbed
from moviechat.errors import MoviechatError, RegistryError

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities import Experiment

EXPERIMENT = "moviechat"

_URI = "MLFLOW_TRACKING_URI"
_REASON = 200  # characters of a server's error that are told
_SETTINGS = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "DO_NOT_TRACK": "true",
    # A server that is away must not block the evaluation for MLflow's default of many minutes.
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "20",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
}


def address() -> str:
    """The address of the store: MLFLOW_TRACKING_URI, or the repository's own database."""
    return os.environ.get(_URI) or _own()


@contextmanager
def telling() -> Iterator[None]:
    """Tells in one sentence what MLflow, its database or its server raise; raises RegistryError."""
    try:
        yield
    except MoviechatError:
        raise
    except Exception as error:  # requests', sqlalchemy's, alembic's and MLflow's own
        raise RegistryError(
            f"MLflow at {scrubbed(address())} cannot be asked ({reason(error)}): {_way_out()}, or set {_URI} to another"
        ) from error


def _way_out() -> str:
    return "start it (`make up`)" if address().startswith("http") else "see that this is MLflow's database"


def reason(error: Exception) -> str:
    """What an error says, short, and without the passwords of addresses."""
    said = scrubbed(" ".join(str(error).split())) or type(error).__name__
    return said if len(said) <= _REASON else f"{said[:_REASON]}..."


def local() -> bool:
    """Whether runs are kept in the repository's own database."""
    return address() == _own()


def _own() -> str:
    # MLflow caches one store per address: after a change of folder, a relative one would be another folder's.
    return f"sqlite:///{(paths.MLRUNS / 'mlflow.db').resolve()}"


def connect() -> MlflowClient:
    """A client of `address()`; a local database is created first, by one process at a time."""
    for name, value in _SETTINGS.items():
        os.environ.setdefault(name, value)
    proxies.spare_loopback()
    from mlflow import MlflowClient, set_tracking_uri

    for noisy in ("mlflow", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    set_tracking_uri(address())  # traces use this address only
    with alone() if address() == _own() else nullcontext():
        client = MlflowClient(address(), address())
        client.search_experiments(max_results=1)
    return client


@contextmanager
def alone(folder: Path = paths.MLRUNS) -> Iterator[None]:
    """Lock the repository's MLflow folder: if two processes create its database at once, one fails."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def link(client: MlflowClient, run: str) -> str:
    """The run's page if a server shows it, otherwise the database."""
    shown = scrubbed(address())
    if not shown.startswith("http"):
        return shown
    return f"{shown.rstrip('/')}/#/experiments/{client.get_run(run).info.experiment_id}/runs/{run}"


def experiment(client: MlflowClient) -> str:
    """The id of the experiment that all runs are of, made if it is not there.

    Its name is EXPERIMENT, or with a number where that one takes no runs: somebody deleted it (`mlflow experiments
    restore` brings it back), or its artifacts lie behind a server's address and no server is asked.
    """
    own = (paths.MLRUNS / "artifacts").resolve().as_uri() if address() == _own() else None
    for name in itertools.chain([EXPERIMENT], (f"{EXPERIMENT}-{n}" for n in itertools.count(2))):
        there = client.get_experiment_by_name(name) or _made(client, name, own)
        served = there.artifact_location.startswith("mlflow-artifacts:")
        if there.lifecycle_stage == "active" and not (served and own):
            break
    return str(there.experiment_id)


def _made(client: MlflowClient, name: str, artifacts: str | None) -> Experiment:
    from mlflow.exceptions import MlflowException

    try:
        return client.get_experiment(client.create_experiment(name, artifact_location=artifacts))
    except MlflowException:  # another process was faster
        there = client.get_experiment_by_name(name)
        if there is None:
            raise
        return there


@contextmanager
def run(client: MlflowClient, name: str | None, tags: Mapping[str, str], parent: str | None = None) -> Iterator[str]:
    """The id of a new run, FINISHED if the block succeeds and FAILED otherwise."""
    own = dict(tags) | ({"mlflow.parentRunId": parent} if parent else {})
    made: str = client.create_run(experiment(client), tags=own, run_name=name).info.run_id
    mark = _unfinished() / made
    mark.touch()
    try:
        yield made
    except BaseException:
        client.set_terminated(made, "FAILED")
        mark.unlink()
        raise
    client.set_terminated(made, "FINISHED")
    mark.unlink()


def close_unfinished(client: MlflowClient) -> None:
    """Mark runs as FAILED that this checkout started to log and could not finish, being killed, or its server."""
    from mlflow.exceptions import MlflowException

    for mark in sorted(_unfinished().iterdir()):
        try:
            client.set_terminated(mark.name, "FAILED")
        except MlflowException as error:
            if error.error_code != "RESOURCE_DOES_NOT_EXIST":  # started on another server than today's
                raise
        mark.unlink()


def _unfinished() -> Path:
    """A folder with an empty file for each run that is being logged."""
    folder = paths.CACHE / "tracking" / "unfinished"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
