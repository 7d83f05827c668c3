"""A killed save leaves half a checkpoint: it is not gone on from."""

from __future__ import annotations

import json
from pathlib import Path

from moviechat.checkpoints import newest


def checkpoint(folder: Path, step: int, state: str) -> Path:
    path = folder / f"checkpoint-{step}"
    path.mkdir(parents=True)
    (path / "trainer_state.json").write_text(state, encoding="utf-8")
    return path


def test_the_highest_whole_checkpoint_is_the_newest(tmp_path: Path) -> None:
    for step in (8, 16, 100):
        checkpoint(tmp_path, step, json.dumps({"global_step": step}))
    assert newest(tmp_path) == tmp_path / "checkpoint-100"


def test_halves_are_removed(tmp_path: Path) -> None:
    whole = checkpoint(tmp_path, 4, json.dumps({"global_step": 4}))
    checkpoint(tmp_path, 8, '{"global_step": ')
    (tmp_path / "checkpoint-12").mkdir()
    assert newest(tmp_path) == whole
    assert [p.name for p in tmp_path.iterdir()] == ["checkpoint-4"]


def test_there_may_be_none(tmp_path: Path) -> None:
    assert newest(tmp_path / "nowhere") is None
