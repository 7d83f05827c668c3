"""Prefect server, MLflow server and worker on loopback: `python -m flows.services up | down | status | gpu`.

Each is healthy before the next starts. Their state is in .services/ of the current repository; `down` ends exactly what
`up` started there, with all child processes.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil  # type: ignore[import-untyped, unused-ignore]

from flows.workspace import STATE
from moviechat import paths
from moviechat.errors import MoviechatError
from moviechat.proxies import spare_loopback

_PORTS = {"prefect": ("MOVIECHAT_PREFECT_PORT", 4200), "mlflow": ("MOVIECHAT_MLFLOW_PORT", 5000)}
_START = 180.0  # seconds until a service must be healthy
_END = 15.0  # seconds between SIGTERM and SIGKILL


class ServiceError(MoviechatError):
    """A service did not start, or another process has its port."""


@dataclass(frozen=True, slots=True)
class Service:
    """A process that `up` starts, and how to tell that it is healthy."""

    name: str
    command: tuple[str, ...]
    healthy: Callable[[], bool]
    address: str


def up(root: Path) -> None:
    """Start what is not running yet and print the addresses; ServiceError names what did not start, and its log."""
    _initialise(root)
    for service in services(root):
        if _running(root, service.name) and service.healthy():
            print(f"{service.name:<8} runs      {service.address}")
            continue
        _start(root, service)
        print(f"{service.name:<8} started   {service.address}", flush=True)
        if service.name == "prefect":
            _register(root)
    print(f"\nPrefect from your shell: export PREFECT_API_URL={environment(root)['PREFECT_API_URL']}")
    print(f"Runs tracked there:      export MLFLOW_TRACKING_URI={environment(root)['MLFLOW_TRACKING_URI']}")
    if spared := environment(root).get("NO_PROXY"):
        print(f"Past your proxy:         export NO_PROXY={spared} no_proxy={spared}")


def down(root: Path) -> None:
    """End what `up` started here, last first."""
    for service in reversed(services(root)):
        process = _running(root, service.name)
        if process is None:
            print(f"{service.name:<8} was not running")
            continue
        _end(process)
        print(f"{service.name:<8} stopped")
        _record(root, service.name).unlink(missing_ok=True)


def status(root: Path) -> bool:
    """Print the state of each service; True if all are healthy."""
    all_well = True
    for service in services(root):
        process = _running(root, service.name)
        well = process is not None and service.healthy()
        said = "healthy" if well else "not healthy" if process else "not running"
        print(f"{service.name:<8} {said:<12} {service.address if well else _log(root, service.name)}")
        all_well = all_well and well
    return all_well


def gpu(root: Path) -> None:
    """Run the worker of the pool `gpu` in the foreground: in another machine's clone, with a tunnel to the servers."""
    _initialise(root)
    _register(root, "gpu")
    os.execve(sys.executable, (sys.executable, *_worker(root, "gpu")), environment(root))


def services(root: Path) -> list[Service]:
    """The three services, in starting order."""
    prefect, mlflow = (_url(name) for name in ("prefect", "mlflow"))
    python = sys.executable
    database = (root / paths.MLRUNS).resolve()
    return [
        Service(
            "prefect",
            (python, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(_port("prefect"))),
            lambda: _answers(f"{prefect}/api/health"),
            prefect,
        ),
        Service(
            "mlflow",
            (
                *(python, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(_port("mlflow"))),
                *("--backend-store-uri", f"sqlite:///{database / 'mlflow.db'}"),
                # Files by their own address: what the server's address would name is lost with the server.
                *("--default-artifact-root", (database / "artifacts").as_uri(), "--workers", "1"),
            ),
            lambda: _answers(f"{mlflow}/health"),
            mlflow,
        ),
        Service(
            "worker",
            (*(python, *_worker(root, "moviechat"), "--with-healthcheck"),),
            lambda: _answers(f"http://127.0.0.1:{_worker_port()}/health"),
            f"{prefect}/work-pools/work-pool/moviechat",
        ),
    ]


def _worker(root: Path, pool: str) -> tuple[str, ...]:
    command = ("-m", "prefect", "worker", "start", "--pool", pool, "--type", "process")
    return (*command, "--name", f"worker of {root.resolve().name}")


def environment(root: Path) -> dict[str, str]:
    """The environment of the services and everything they start."""
    seen = {
        **os.environ,
        "PREFECT_HOME": str((root / STATE / "prefect").resolve()),
        "PREFECT_API_URL": f"{_url('prefect')}/api",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "PREFECT_WORKER_QUERY_SECONDS": "2",
        # Seconds after which a waiting run checks again whether the one before it has ended.
        "PREFECT_SERVER_DEPLOYMENTS_CONCURRENCY_SLOT_WAIT_SECONDS": "3",
        # Waits of 2, 4, ... 128 s: runs and worker survive a server that is away for four minutes.
        "PREFECT_CLIENT_MAX_RETRIES": "7",
        "PREFECT_WORKER_WEBSERVER_HOST": "127.0.0.1",
        "PREFECT_WORKER_WEBSERVER_PORT": str(_worker_port()),
        "MLFLOW_TRACKING_URI": _url("mlflow"),
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
        "DO_NOT_TRACK": "true",
    }
    spare_loopback(seen)
    return seen


def _initialise(root: Path) -> None:
    (root / STATE / "logs").mkdir(parents=True, exist_ok=True)
    (root / paths.MLRUNS / "artifacts").mkdir(parents=True, exist_ok=True)


def _register(root: Path, *pool: str) -> None:
    code = Path(__file__).resolve().parents[1]
    env = environment(root) | {"PYTHONPATH": f"{code}{os.pathsep}{code / 'src'}"}
    command = [sys.executable, "-m", "flows.deployments", *pool]
    done = subprocess.run(command, cwd=root, env=env, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise ServiceError(f"the deployments were not registered: {done.stderr.strip()}")
    for name in done.stdout.split():
        print(f"         offers    {name}")


def _start(root: Path, service: Service) -> None:
    if service.healthy():
        raise ServiceError(
            f"something else answers for {service.name} at {service.address}: "
            "stop it, or set another port (see .env.example)"
        )
    with _log(root, service.name).open("ab") as log:
        process = subprocess.Popen(
            service.command,
            cwd=root,
            env=environment(root),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    started = psutil.Process(process.pid).create_time()
    _record(root, service.name).write_text(json.dumps({"pid": process.pid, "started": started}), encoding="utf-8")
    _wait(root, service, process)


def _wait(root: Path, service: Service, process: subprocess.Popen[bytes]) -> None:
    limit = time.monotonic() + _START
    while not service.healthy():
        if process.poll() is not None or time.monotonic() > limit:
            said = "ended at once" if process.poll() is not None else f"is not healthy after {_START:.0f} s"
            raise ServiceError(f"{service.name} {said}: {_log(root, service.name)} says why")
        time.sleep(0.3)


def _running(root: Path, name: str) -> psutil.Process | None:
    """The process that was started here, unless the system has reused its number since."""
    try:
        record: Mapping[str, float] = json.loads(_record(root, name).read_text(encoding="utf-8"))
        process = psutil.Process(int(record["pid"]))
        same = process.create_time() == record["started"] and process.status() != psutil.STATUS_ZOMBIE
    except (OSError, ValueError, KeyError, psutil.NoSuchProcess):
        return None
    return process if same else None


def _end(process: psutil.Process) -> None:
    """SIGTERM to the process group, then SIGKILL to it and to descendants in other groups."""
    descendants = process.children(recursive=True)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    _, left = psutil.wait_procs([process, *descendants], timeout=_END)
    for one in left:
        with suppress(psutil.NoSuchProcess):
            one.kill()
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=3) as reply:
            return bool(reply.status == 200)
    except OSError:
        return False


def _port(name: str) -> int:
    variable, default = _PORTS[name]
    return int(os.environ.get(variable, default))


def _worker_port() -> int:
    return _port("prefect") + 1


def _url(name: str) -> str:
    return f"http://127.0.0.1:{_port(name)}"


def _record(root: Path, name: str) -> Path:
    return root / STATE / f"{name}.json"


def _log(root: Path, name: str) -> Path:
    return root / STATE / "logs" / f"{name}.log"


def main() -> None:
    """`up`, `down` or `status` of the repository in the current folder."""
    # A script's background job ignores interrupts, and Prefect's worker ends by one: it would survive every SIGTERM.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    spare_loopback()
    commands: dict[str, Callable[[Path], bool | None]] = {"up": up, "down": down, "status": status, "gpu": gpu}
    if len(sys.argv) != 2 or sys.argv[1] not in commands:
        sys.exit("usage: python -m flows.services up|down|status|gpu")
    try:
        sys.exit(commands[sys.argv[1]](Path.cwd()) is False)
    except MoviechatError as error:
        print(error, file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
