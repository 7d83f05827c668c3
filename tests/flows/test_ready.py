from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from flows.ready import mend_lock

ROOT = Path(__file__).parents[2]
WHOLE = "schema: '2.0'\nstages:\n  train:\n    cmd: python train.py\n"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "dvc.lock").write_text(WHOLE, encoding="utf-8")
    shutil.copy(ROOT / "params.yaml", tmp_path)
    who = ["-c", "user.name=tester", "-c", "user.email=tester@localhost"]
    for command in (["init", "--quiet"], ["add", "--all"], [*who, "commit", "--quiet", "--message", "state"]):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    return tmp_path


@pytest.mark.parametrize("left", ["", "\0" * 50, "schema: '2.0'\nstages:\n  train:\n    cmd: 'pyth", "schema: '2.0'\n"])
def test_a_lock_that_a_kill_left_empty_or_half_comes_back_from_git(checkout: Path, left: str) -> None:
    (checkout / "dvc.lock").write_text(left, encoding="utf-8")
    assert "the committed one is restored" in str(mend_lock(checkout))
    assert (checkout / "dvc.lock").read_text(encoding="utf-8") == WHOLE
    assert mend_lock(checkout) is None


def test_a_lock_that_has_moved_on_stays(checkout: Path) -> None:
    moved = WHOLE + "  evaluate:\n    cmd: python evaluate.py\n"
    (checkout / "dvc.lock").write_text(moved, encoding="utf-8")
    assert mend_lock(checkout) is None
    assert (checkout / "dvc.lock").read_text(encoding="utf-8") == moved


def test_without_a_commit_that_has_one_dvc_begins_anew(tmp_path: Path) -> None:
    assert mend_lock(tmp_path) is None
    (tmp_path / "dvc.lock").touch()
    assert "writes a new one" in str(mend_lock(tmp_path))
    assert not (tmp_path / "dvc.lock").exists()


def test_both_are_looked_at_before_dvc_is_started(checkout: Path) -> None:
    command = [sys.executable, "-m", "flows.ready"]
    env = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}"}

    def ready() -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, cwd=checkout, env=env, capture_output=True, text=True, check=False)

    (checkout / "dvc.lock").write_text("", encoding="utf-8")
    first = ready()
    assert first.returncode == 0 and "the committed one is restored" in first.stdout
    (checkout / "params.yaml").write_text("train:\n  rank: 1\n  rank: 2\n", encoding="utf-8")
    second = ready()
    assert second.returncode == 2 and "train.rank (line 3): stands there twice" in second.stderr
    assert "Traceback" not in second.stderr
