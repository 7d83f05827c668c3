from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
_STAGE = """
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
    command = [sys.executable, "-c", _STAGE.format(error=error)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == code
    assert "training:" in done.stderr and done.stderr.splitlines()[-1] == last
