"""One process a stage: the second is told which runs, and what a killed one held is free."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from moviechat.errors import DataError
from moviechat.launch import alone, launch

ROOT = Path(__file__).parents[1]
_STAGE = """
import sys
from moviechat.launch import alone
with alone("bundle"):
    print("begun", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Another process that runs the stage `bundle` in this checkout."""
    monkeypatch.chdir(tmp_path)
    child = subprocess.Popen([sys.executable, "-c", _STAGE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert child.stdin and child.stdout and child.stdout.readline() == "begun\n"
    yield child
    child.kill()
    child.wait()
    child.stdin.close()
    child.stdout.close()


def test_a_second_process_of_a_stage_is_refused_and_told_which_runs(other: Any) -> None:
    with pytest.raises(DataError, match=rf"process {other.pid} still runs this stage here"), alone("bundle"):
        pass
    with alone("train"):
        pass


def test_a_copy_of_the_checkout_that_shares_its_cache_is_another_place(
    other: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "copy"
    (copy / "data").mkdir(parents=True)
    (copy / "data" / "cache").symlink_to(tmp_path / "data" / "cache")
    monkeypatch.chdir(copy)
    with alone("bundle"):
        pass


def test_what_a_killed_process_held_is_free(other: Any) -> None:
    other.kill()
    other.wait()
    with alone("bundle"), alone("bundle"):  # what it starts for the same stage shares it
        pass


def test_the_stage_ends_with_the_sentence(other: Any, capsys: Any) -> None:
    (other_params := Path("params.yaml")).write_text((ROOT / "params.yaml").read_text(encoding="utf-8"))
    ran: list[Any] = []
    with pytest.raises(SystemExit) as ended:
        launch("bundle", lambda p, **_: ran.append(p))
    assert ended.value.code == 2 and ran == [] and other_params.is_file()
    told = capsys.readouterr().err
    assert told.startswith(f"bundle: process {other.pid} still runs this stage here") and "dvc repro" in told


def test_passwords_are_not_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.chdir(tmp_path)
    Path("params.yaml").write_text((ROOT / "params.yaml").read_text(encoding="utf-8"))

    def fail(_: Any) -> None:
        raise DataError("http://alice:secret@host/v1 is away")

    with pytest.raises(SystemExit):
        launch("bundle", fail)
    assert capsys.readouterr().err == "bundle: http://host/v1 is away\n"


_TRAIN = """
from tqdm import tqdm
from moviechat.errors import ModelError
from moviechat.launch import launch

def run(p):
    bar = tqdm(total=100, desc="training", unit="step", mininterval=0)
    bar.update(3)
    raise {error}

launch("train", run)
"""


@pytest.mark.parametrize(
    ("error", "code", "last"),
    [
        ("ModelError('the loss is nan at step 3: lower it')", 2, "train: the loss is nan at step 3: lower it"),
        ("OSError('no space')", 2, "train: no space: free space or mend the path, then `dvc repro` goes on"),
        ("KeyboardInterrupt", 130, "train: interrupted; `dvc repro` goes on from here"),
        ("RuntimeError('a fault of ours')", 1, "RuntimeError: a fault of ours"),
    ],
)
def test_the_reason_is_the_last_line_and_no_progress_bar(tmp_path: Path, error: str, code: int, last: str) -> None:
    shutil.copy(ROOT / "params.yaml", tmp_path)
    command = [sys.executable, "-c", _TRAIN.format(error=error)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == code
    assert "training:" in done.stderr and done.stderr.splitlines()[-1] == last
