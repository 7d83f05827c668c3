"""A small repository of three real stage names, and the real services around it, started once a session."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

ROOT = Path(__file__).parents[2]
TOOLS = Path(sys.executable).parent
PATIENCE = 180.0  # seconds until a test gives up on something that has to happen

_STAGE = """
import hashlib, pathlib, subprocess, sys, yaml
name, out = sys.argv[1], pathlib.Path(sys.argv[2])
values = yaml.safe_load(open("params.yaml", encoding="utf-8"))[name]
text = repr(sorted(values.items(), key=str))
told = pathlib.Path({told!r}) / name
what = told.read_text() if told.exists() else ""
print(name, "begins", flush=True)
if what == "mistake":
    print(f"{{name}}: the rank is odd: give an even one", file=sys.stderr)
    sys.exit(2)
if what == "flaky":
    told.unlink()
    raise RuntimeError("the network went away")
if what == "fill":
    with told.with_name("filler").open("wb", buffering=0) as filler:
        while True:
            filler.write(bytes(4096))
steps = pathlib.Path("data/cache", name, hashlib.sha256(text.encode()).hexdigest())
steps.mkdir(parents=True, exist_ok=True)
for number in range(3):
    if what == "wait" and number == 2:
        wait = f"while pathlib.Path({{str(told)!r}}).exists(): time.sleep(0.1)"
        subprocess.run([sys.executable, "-c", "import pathlib, time\\n" + wait, {mark!r}], check=True)
    print(name, "step", number, "kept" if (steps / str(number)).exists() else "done", flush=True)
    (steps / str(number)).touch()
out.mkdir(parents=True)
(out / "out.json").write_text(text)
if name == "evaluate":
    (out / "metrics.json").write_text('{{"answers": {{"f1": 0.5}}, "rank": 8}}')
    verdict = pathlib.Path("data/cache/tracking/comparison.md")
    verdict.parent.mkdir(exist_ok=True)
    verdict.write_text("**Promoted**")
    print("MLflow run 1a2b is in http://127.0.0.1/#/runs/1a2b", "champion: this bundle", sep="\\n")
"""

_DVC = """
stages:
  generate_qa:
    desc: write the pairs
    cmd: python src/stage.py generate_qa data/generate_qa
    deps: [src/stage.py, given]
    params: [generate_qa]
    outs: [data/generate_qa]
    meta: {retries: 1}
  train:
    cmd: python src/stage.py train models/train
    deps: [data/generate_qa, src/stage.py]
    params: [train]
    outs: [models/train]
    meta: {timeout: 3000}
  evaluate:
    cmd: python src/stage.py evaluate data/evaluate
    deps: [models/train]
    params: [evaluate]
    outs: [data/evaluate]
"""


def until(happened: Callable[[], bool], otherwise: str) -> None:
    """Wait for something that has to happen; a limit only so that a broken test ends."""
    limit = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < limit, otherwise
        time.sleep(0.2)


class Repository:
    """A git and DVC repository of three quick stages, told by files how to behave."""

    def __init__(self, root: Path) -> None:
        self.root, self.mark = root, f"waits in {root}"
        root.mkdir()
        self.run("git", "init", "--quiet", "--initial-branch=main")
        self.run("git", "config", "user.name", "tester")
        self.run("git", "config", "user.email", "tester@localhost")
        self.run("dvc", "init", "--quiet")
        shutil.copyfile(ROOT / "params.yaml", root / "params.yaml")
        shutil.copytree(ROOT / "profiles", root / "profiles")
        self.write("src/stage.py", _STAGE.format(told=str(root / "told"), mark=self.mark))
        self.write("dvc.yaml", _DVC)
        self.write(".gitignore", "/data/\n/models/\n/mlruns/\n/.services/\n/told/\n/given/\n")
        self.write("given/films.txt", "Parasite\n")
        self.commit()

    def clone(self, root: Path) -> Repository:
        """Another clone, as it would be on another machine; what git does not hold is not in it."""
        self.run("git", "clone", "--quiet", ".", str(root))
        other = Repository.__new__(Repository)
        other.root, other.mark = root, self.mark
        other.run("git", "config", "user.name", "tester")
        other.run("git", "config", "user.email", "tester@localhost")
        return other

    def write(self, name: str, text: str) -> None:
        """Write a file of the repository."""
        (self.root / name).parent.mkdir(parents=True, exist_ok=True)
        (self.root / name).write_text(text, encoding="utf-8")

    def commit(self) -> None:
        """Commit everything that git does not ignore."""
        self.run("git", "add", "--all")
        self.run("git", "commit", "--quiet", "--message", "state")

    def run(self, *command: str, env: dict[str, str] | None = None) -> str:
        """A command's output, in the repository, with the tests' own tools."""
        done = subprocess.run(
            command,
            cwd=self.root,
            env={**self.env, **(env or {})},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, (command, done.stdout, done.stderr)
        return done.stdout

    @property
    def env(self) -> dict[str, str]:
        """An environment with the tests' own tools first."""
        return {**os.environ, "PATH": f"{TOOLS}{os.pathsep}{os.environ['PATH']}"}

    def experiment(self, name: str) -> str:
        """The git ref of a DVC experiment."""
        return self.run("git", "for-each-ref", "--format=%(refname)", f"refs/exps/**/{name}").strip()

    def params(self, old: str, new: str) -> None:
        """Edit params.yaml of the checkout."""
        text = (self.root / "params.yaml").read_text(encoding="utf-8")
        assert old in text
        self.write("params.yaml", text.replace(old, new))

    def waiting(self) -> set[int]:
        """The processes that a stage of this repository waits for right now."""
        done = subprocess.run(["pgrep", "-f", self.mark], capture_output=True, text=True, check=False)
        return {int(pid) for pid in done.stdout.split()}

    def tell(self, stage: str, what: str) -> None:
        """Make the stage misbehave: "mistake", "flaky" (once), "fill" the disk, or "wait" until `untell`."""
        self.write(f"told/{stage}", what)

    def untell(self) -> None:
        """Let every stage go on."""
        for file in (self.root / "told").glob("*"):
            file.unlink()


class Operation:
    """The services of a repository, and Prefect's API as the UI uses it."""

    def __init__(self, repository: Repository, port: int, mlflow_port: int) -> None:
        self.repository = repository
        self.api = f"http://127.0.0.1:{port}/api"
        self.mlflow = f"http://127.0.0.1:{mlflow_port}"
        self.env = {
            "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}",
            "MOVIECHAT_PREFECT_PORT": str(port),
            "MOVIECHAT_MLFLOW_PORT": str(mlflow_port),
            "HTTP_PROXY": "http://127.0.0.1:9",  # nobody is there: what is on this machine is asked without it
        }

    until = staticmethod(until)

    def services(self, command: str) -> str:
        """`make up`, `make down`, `make status`."""
        return self.repository.run(sys.executable, "-m", "flows.services", command, env=self.env)

    def start(self, deployment: str = "retrain/retrain", **parameters: Any) -> dict[str, Any]:
        """A run, as the button `Run` makes it of the form's values."""
        reply = self.ask(deployment, **parameters)
        assert reply.status_code == 201, reply.text
        run: dict[str, Any] = reply.json()
        return run

    def ask(self, deployment: str = "retrain/retrain", **parameters: Any) -> requests.Response:
        """The server's reply to the form's values."""
        found = requests.get(f"{self.api}/deployments/name/{deployment}", timeout=30).json()
        body = {"parameters": parameters, "state": {"type": "SCHEDULED"}}
        while True:
            reply = requests.post(f"{self.api}/deployments/{found['id']}/create_flow_run", json=body, timeout=30)
            if reply.status_code != 503:  # its database is busy for a moment
                return reply

    def offers(self, deployment: str) -> bool:
        """Whether a worker offers a deployment."""
        return requests.get(f"{self.api}/deployments/name/{deployment}", timeout=30).status_code == 200

    def state(self, run: str) -> dict[str, Any]:
        """The state of a flow run."""
        state: dict[str, Any] = requests.get(f"{self.api}/flow_runs/{run}", timeout=30).json()["state"]
        return state

    def ended(self, run: str) -> dict[str, Any]:
        """The state of a flow run once it is final."""
        final = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}
        until(lambda: self.state(run)["type"] in final, "the flow run has not ended")
        return self.state(run)

    def set_state(self, run: str, kind: str) -> None:
        """What the button `Cancel` does."""
        requests.post(f"{self.api}/flow_runs/{run}/set_state", json={"state": {"type": kind}}, timeout=30)

    def tasks(self, run: str) -> dict[str, str]:
        """The state's name of every task of a run, by the task's name."""
        body = {"flow_runs": {"id": {"any_": [run]}}}

        def found() -> dict[str, str]:
            rows = requests.post(f"{self.api}/task_runs/filter", json=body, timeout=30).json()
            return {row["name"]: row["state"]["name"] for row in rows}

        # Prefect writes task states down a moment after the run's own.
        until(lambda: not set(found().values()) & {"Pending", "Running"}, "a task has not ended")
        return found()

    def log(self, run: str) -> list[str]:
        """What the log of a run that has ended says."""
        body = {"logs": {"flow_run_id": {"any_": [run]}}, "limit": 200, "sort": "TIMESTAMP_ASC"}

        def rows() -> list[dict[str, Any]]:
            found: list[dict[str, Any]] = requests.post(f"{self.api}/logs/filter", json=body, timeout=30).json()
            return found

        # The last lines are sent a moment after the run's state.
        last = "Finished in state"
        until(lambda: any(r["message"].startswith(last) and not r["task_run_id"] for r in rows()), "the log has no end")
        return [row["message"] for row in rows()]

    def artifacts(self, run: str) -> dict[str, Any]:
        """The data of the run's artifacts by key."""
        body = {"artifacts": {"flow_run_id": {"any_": [run]}}}
        rows = requests.post(f"{self.api}/artifacts/filter", json=body, timeout=30).json()
        return {row["key"]: row for row in rows}


def _free_ports() -> tuple[int, int]:
    # Prefect's and the worker's stand side by side.
    while True:
        with socket.socket() as first, socket.socket() as second, socket.socket() as other:
            first.bind(("127.0.0.1", 0))
            other.bind(("127.0.0.1", 0))
            try:
                second.bind(("127.0.0.1", first.getsockname()[1] + 1))
            except OSError:
                continue
            return first.getsockname()[1], other.getsockname()[1]


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "repository")


@pytest.fixture(scope="session")
def operation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Operation]:
    running = Operation(Repository(tmp_path_factory.mktemp("flows") / "repository"), *_free_ports())
    running.repository.run("dvc", "repro")
    running.repository.commit()
    try:
        running.services("up")
        yield running
    finally:
        running.services("down")
