"""The benchmark of training, on bases small enough for a test: every side runs, and to the same loss."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from moviechat.frames import frame, write_parquet
from moviechat.schema import QAPair

ROOT = Path(__file__).parents[2]


@pytest.fixture
def checkout(tiny_llama: Any, tmp_path: Path) -> Path:
    """A folder laid out as the repository after `dvc repro split fetch_models`."""
    for part, films in (("train", 12), ("validation", 3)):
        rows = [
            QAPair(f"tt{part}{i}", "about", f"What is film {i}?", "A bus.", f"Description: Bus {i}.", "t")
            for i in range(films)
        ]
        write_parquet(frame(QAPair, rows), tmp_path / "data" / "split" / f"{part}.parquet")
    (tmp_path / "models" / "fetch_models").mkdir(parents=True)
    (tmp_path / "models" / "fetch_models" / "language_model").symlink_to(tiny_llama.folder)
    (tmp_path / "profiles").symlink_to(ROOT / "profiles")
    default = yaml.safe_load((ROOT / "params.yaml").read_text())
    default["train"] |= {"layers": 1, "precision": "fp32"}
    (tmp_path / "params.yaml").write_text(yaml.safe_dump(default))
    return tmp_path


def table(checkout: Path, *arguments: str, hide: str = "") -> list[str]:
    environment = {**os.environ, "PYTHONPATH": f"{hide}:{ROOT / 'src'}:{os.environ.get('PYTHONPATH', '')}"}
    command = [sys.executable, str(ROOT / "benchmarks" / "train.py"), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=checkout, env=environment)
    return done.stdout.splitlines()[1:]


def test_both_loops_come_to_the_same_loss(checkout: Path) -> None:
    plain, ours = (line.split() for line in table(checkout, "--steps", "4", "--sides", "plain", "moviechat"))
    assert plain[:4] == ["transformers'", "Trainer", "+", "peft"] and ours[0] == "moviechat"
    assert float(ours[-2]) == pytest.approx(float(plain[-2]), abs=0.002)


def test_without_trl_the_table_says_so(checkout: Path, tmp_path: Path) -> None:
    (tmp_path / "hidden").mkdir()
    blocker = "import sys\nsys.modules['trl'] = None\n"
    (tmp_path / "hidden" / "sitecustomize.py").write_text(blocker)
    (line,) = table(checkout, "--steps", "4", "--sides", "trl", hide=str(tmp_path / "hidden"))
    assert "did not run: TRL is not installed" in line


def test_what_make_bench_gpu_runs_runs_on_a_tiny_base(checkout: Path) -> None:
    rows = table(checkout, "--tiny", "--steps", "7", "--set-ups", "6", "8")  # both loops, both ways to quantise
    assert len(rows) == 2 and not [row for row in rows if "did not run" in row]
    assert json.loads((checkout / "data/cache/bench/llama-64x2/config.json").read_text())["num_hidden_layers"] == 2
