"""A killed save leaves half a checkpoint, and disks damage whole ones: neither is gone on from."""

from __future__ import annotations

from pathlib import Path

import pytest

from moviechat.checkpoints import newest, seal


def checkpoint(folder: Path, step: int, *, sealed: bool = True) -> Path:
    path = folder / f"checkpoint-{step}"
    path.mkdir(parents=True)
    (path / "adapter_model.safetensors").write_bytes(bytes(range(200)))
    (path / "trainer_state.json").write_text("{}", encoding="utf-8")
    if sealed:
        seal(path)
    return path


def test_the_highest_whole_checkpoint_is_the_newest(tmp_path: Path) -> None:
    for step in (8, 16, 100):
        checkpoint(tmp_path, step)
    assert newest(tmp_path) == tmp_path / "checkpoint-100"
    assert len(list(tmp_path.iterdir())) == 3


def test_halves_are_removed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole = checkpoint(tmp_path, 4)
    checkpoint(tmp_path, 8, sealed=False)
    (tmp_path / "checkpoint-12").mkdir()
    assert newest(tmp_path) == whole
    assert [p.name for p in tmp_path.iterdir()] == ["checkpoint-4"]
    assert "checkpoint-8 is deleted: " in capsys.readouterr().out


@pytest.mark.parametrize("damage", ["bit", "cut", "gone", "seal"])
def test_a_damaged_one_is_removed_with_those_that_may_rest_on_it(tmp_path: Path, damage: str) -> None:
    whole, damaged, _ = (checkpoint(tmp_path, step) for step in (4, 8, 12))
    weights = damaged / "adapter_model.safetensors"
    if damage == "gone":
        weights.unlink()
    elif damage == "seal":
        (damaged / "whole.json").write_text("[" * 100_000, encoding="utf-8")
    else:
        weights.write_bytes(weights.read_bytes()[:-1] + b"\0" * (damage == "bit"))
    assert newest(tmp_path) == whole
    assert [p.name for p in tmp_path.iterdir()] == ["checkpoint-4"]


def test_another_process_may_add_its_own_file(tmp_path: Path) -> None:
    whole = checkpoint(tmp_path, 4)
    (whole / "rng_state_1.pth").write_bytes(b"x")
    assert newest(tmp_path) == whole


def test_a_folder_of_another_name_is_no_checkpoint(tmp_path: Path) -> None:
    whole = checkpoint(tmp_path, 4)
    (tmp_path / "checkpoint-old").mkdir()
    assert newest(tmp_path) == whole and (tmp_path / "checkpoint-old").exists()


def test_there_may_be_none(tmp_path: Path) -> None:
    assert newest(tmp_path / "nowhere") is None
