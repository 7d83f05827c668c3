"""What goes wrong in a week of operation, on the real servers: nothing that was finished is lost, and runs go on."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
import yaml

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _behaves(operation: Any) -> Iterator[None]:
    yield
    operation.repository.untell()
    operation.repository.run("git", "checkout", "--quiet", ".")


def _service(operation: Any, name: str) -> psutil.Process:
    record = operation.repository.root / f".services/{name}.json"
    return psutil.Process(json.loads(record.read_text(encoding="utf-8"))["pid"])


def _up(operation: Any) -> list[str]:
    return [line.split()[1] for line in operation.services("up").splitlines() if "http" in line][:3]


def test_a_prefect_server_that_is_killed_and_comes_back_during_a_run(operation: Any) -> None:
    repository = operation.repository
    repository.tell("generate_qa", "wait")
    repository.tell("evaluate", "wait")
    run = operation.start(changes={"generate_qa": {"seed": 20}, "evaluate": {"seed": 20}})["id"]
    operation.until(repository.waiting, "the run does not get to its first stage")
    before = repository.waiting()
    os.killpg(_service(operation, "prefect").pid, signal.SIGKILL)
    (repository.root / "told/generate_qa").unlink()
    operation.until(lambda: repository.waiting() - before, "without a server the run does not go on to its last stage")

    assert _up(operation) == ["started", "runs", "runs"]
    repository.untell()
    assert operation.ended(run)["message"].startswith("ran generate_qa, train, evaluate; experiment ")


def test_a_hand_that_edits_params_yaml_and_starts_dvc_repro_twice_during_a_run(operation: Any) -> None:
    repository = operation.repository
    repository.tell("evaluate", "wait")
    run = operation.start(changes={"evaluate": {"bootstrap": 100}})["id"]
    operation.until(repository.waiting, "the run does not get to its last stage")
    repository.params("bootstrap: 2000", "bootstrap: 500")
    dvc = Path(sys.executable).with_name("dvc")
    by_hand = subprocess.Popen([dvc, "repro"], cwd=repository.root, env=repository.env)
    operation.until(lambda: len(repository.waiting()) == 2, "the run keeps a hand from working in the checkout")
    second = subprocess.run([dvc, "repro"], cwd=repository.root, capture_output=True, text=True, check=False)
    assert second.returncode != 0 and "is busy" in second.stderr

    repository.untell()
    assert by_hand.wait() == 0
    name = operation.ended(run)["message"].rpartition(" ")[2]
    params = repository.run("git", "show", f"{repository.experiment(name)}:params.yaml")
    assert yaml.safe_load(params)["evaluate"]["bootstrap"] == 100
    assert "('bootstrap', 500)" in (repository.root / "data/evaluate/out.json").read_text(encoding="utf-8")


def test_a_worker_killed_in_two_stages_takes_them_along_and_each_goes_on_where_it_was(operation: Any) -> None:
    repository, changes = operation.repository, {"generate_qa": {"seed": 30}, "train": {"seed": 30}}
    for stage in ("generate_qa", "train"):
        repository.tell(stage, "wait")
        run = operation.start(changes=changes)["id"]
        operation.until(repository.waiting, f"the run does not get to {stage}")
        _service(operation, "worker").kill()
        operation.until(lambda: not repository.waiting(), "the stage outlives its worker")
        assert "the worker that started this run is gone" in operation.ended(run)["message"]
        repository.untell()
        assert _up(operation) == ["runs", "runs", "started"]
    run = operation.start(changes=changes)["id"]
    operation.ended(run)
    assert operation.tasks(run) == {"generate_qa": "Cached", "train": "Completed", "evaluate": "Completed"}
    steps = [line for line in operation.log(run) if line.startswith("train step")]
    assert steps == ["train step 0 kept", "train step 1 kept", "train step 2 done"]


def test_a_stage_that_hangs_runs_out_of_its_time(operation: Any) -> None:
    repository = operation.repository
    text = (repository.root / "dvc.yaml").read_text(encoding="utf-8")
    repository.write("dvc.yaml", text.replace("timeout: 3000", "timeout: 4"))
    repository.tell("train", "wait")
    run = operation.start(changes={"train": {"seed": 40}})["id"]
    message = operation.ended(run)["message"]
    assert message.startswith("train failed: ") and "4.0 second" in message and not repository.waiting()
    assert operation.tasks(run)["train"] == "TimedOut"


def test_a_damaged_file_of_dvcs_cache_is_told_and_made_again(operation: Any) -> None:
    repository = operation.repository
    repository.run("dvc", "repro")
    good = (repository.root / "models/train/out.json").read_bytes()
    (cached,) = [f for f in (repository.root / ".dvc/cache/files").rglob("*") if f.is_file() and f.read_bytes() == good]
    cached.chmod(0o644)
    cached.write_bytes(b"rotten")
    cached.chmod(0o444)  # DVC looks no further at what is read-only
    run = operation.start(changes={"evaluate": {"seed": 50}})["id"]
    assert operation.ended(run)["message"].startswith("ran train, evaluate; experiment ")
    assert operation.tasks(run) == {"generate_qa": "Cached", "train": "Completed", "evaluate": "Completed"}
    assert any(line.startswith("models/train was damaged in DVC's cache") for line in operation.log(run))
    assert cached.read_bytes() == good


# A user name space of its own, where a small disk can be mounted and filled; the flow is a process of its own there.
_FULL = """
import pathlib, subprocess, sys
sys.path.insert(0, {tests!r})
from conftest import Repository
disk = pathlib.Path({disk!r})
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", disk], check=True)
repository = Repository(disk / "repository")
def retrain():
    code = "from flows.retrain import retrain; print(retrain(return_state=True).message)"
    done = subprocess.run([sys.executable, "-c", code], cwd=repository.root, capture_output=True, text=True)
    return done.stdout.splitlines()[-1]
repository.tell("train", "fill")
print(retrain())
repository.untell()
print(retrain())
"""


def test_a_full_disk_is_named_and_once_there_is_room_the_run_goes_on(operation: Any, tmp_path: Path) -> None:
    code = _FULL.format(tests=str(Path(__file__).parent), disk=str(tmp_path))
    env = {
        **os.environ,
        **operation.env,
        "PREFECT_API_URL": operation.api,
        "PREFECT_HOME": str(tmp_path.parent / "home"),
        "NO_PROXY": "127.0.0.1",  # as `make up` says
    }
    command = ["unshare", "--user", "--map-root-user", "--mount", sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    full, again = done.stdout.splitlines()
    assert full == "train failed: OSError: [Errno 28] No space left on device"
    assert again.startswith("ran train, evaluate; experiment ")
