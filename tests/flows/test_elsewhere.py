"""`make remote` and the pool `gpu`, on one machine: a second clone, a local DVC remote, a second worker."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from flows.elsewhere import DEPLOYMENT

ROOT = Path(__file__).parents[2]
TOOLS = Path(sys.executable).parent


def _remote(repository: Any, url: str) -> str:
    # What is installed already is not installed again.
    tools = ("-o", ".venv/.installed", f"BIN={TOOLS}")
    told: str = repository.run(
        "make", "--no-print-directory", "-f", str(ROOT / "Makefile"), *tools, "remote", f"url={url}"
    )
    return told


def test_one_command_sets_a_remote_and_a_fresh_clone_pulls_the_outputs(repository: Any, tmp_path: Path) -> None:
    repository.run("dvc", "repro")
    repository.commit()
    assert _remote(repository, str(tmp_path / "first")).startswith("dvc push sends to")
    _remote(repository, str(tmp_path / "second"))  # the last one counts
    repository.run("dvc", "push")
    assert repository.run("git", "status", "--porcelain") == "" and not (tmp_path / "first").exists()

    clone = repository.clone(tmp_path / "clone")
    _remote(clone, str(tmp_path / "second"))
    clone.run("dvc", "pull")
    for out in ("data/generate_qa", "models/train", "data/evaluate"):
        assert (clone.root / out / "out.json").read_bytes() == (repository.root / out / "out.json").read_bytes()
    assert "up to date" in clone.run("dvc", "status", "train", "evaluate")


@pytest.fixture(scope="module")
def elsewhere(operation: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A clone on 'another machine' and its worker."""
    folder = tmp_path_factory.mktemp("elsewhere")
    clone = operation.repository.clone(folder / "clone")
    for repository in (operation.repository, clone):
        _remote(repository, str(folder / "remote"))
    command = [sys.executable, "-m", "flows.services", "gpu"]
    worker = subprocess.Popen(command, cwd=clone.root, env={**clone.env, **operation.env})
    operation.until(lambda: operation.offers(DEPLOYMENT), "the other machine offers nothing")
    yield clone
    worker.terminate()
    worker.wait()


def test_train_on_another_machine_gives_the_lock_that_it_gives_here(operation: Any, elsewhere: Any) -> None:
    repository = operation.repository
    run = operation.start(changes={"generate_qa": {"seed": 70}, "train": {"seed": 70}}, gpu=True)["id"]
    state = operation.ended(run)
    assert state["message"].startswith("ran generate_qa, train, evaluate; experiment ")
    log = operation.log(run)
    assert "generate_qa begins" in log and "train begins" not in log
    assert not (elsewhere.root / ".services/workspace/data/evaluate").exists()
    assert len(list((elsewhere.root / "data/cache/train").iterdir())) == 1

    ref = repository.experiment(state["message"].rpartition(" ")[2])
    lock = repository.run("git", "show", f"{ref}:dvc.lock")
    repository.run("git", "restore", f"--source={ref}", "params.yaml")
    repository.run("dvc", "repro", "--force")
    assert (repository.root / "dvc.lock").read_text(encoding="utf-8").strip() == lock.strip()
    repository.run("git", "restore", ".")


def test_cancelling_here_ends_the_stage_there(operation: Any, elsewhere: Any) -> None:
    repository = operation.repository
    repository.tell("train", "wait")
    run = operation.start(changes={"train": {"seed": 80}}, gpu=True)["id"]
    operation.until(repository.waiting, "train does not begin elsewhere")
    stage = [psutil.Process(pid) for pid in repository.waiting()]
    operation.set_state(run, "CANCELLING")
    assert operation.ended(run)["type"] == "CANCELLED"
    gone, left = psutil.wait_procs(stage, timeout=60)
    assert gone and not left
    repository.untell()
