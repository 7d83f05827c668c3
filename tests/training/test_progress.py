"""What is seen of a run: the moving line, the machine's figures, TensorBoard files on request."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from transformers import TrainerControl, TrainerState, TrainingArguments

from moviechat.errors import ModelError
from moviechat.training import progress


def shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    arguments, state, control = TrainingArguments(output_dir=str(tmp_path)), TrainerState(max_steps=4), TrainerControl()
    moving = progress.Moving()
    moving.on_train_begin(arguments, state, control)
    for step in range(1, 4):
        moving.tokens += 500
        state.global_step = step
        moving.on_step_end(arguments, state, control)
        moving.on_log(arguments, state, control, logs={"loss": 2.5 / step, "learning_rate": 0.1})
    moving.on_train_end(arguments, state, control)
    assert [row["step"] for row in moving.machine] == [3]
    return capsys.readouterr().err


def test_the_line_has_steps_loss_tokens_a_second_and_the_time_left(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    last = shown(tmp_path, capsys).splitlines()[-1]
    assert re.search(r"3/4 \[\d\d:\d\d<\d\d:\d\d,.*loss=0\.833, tokens/s=\d+", last), last


def test_the_machine_says_its_memory_and_use() -> None:
    seen = progress.machine()
    assert 0.05 < seen["memory_gb"] < 1000 and 0 <= seen["cpu_percent"] <= 100


def test_the_gpus_are_added_up() -> None:
    assert progress.gpus("10240, 90\n20480, 70\n") == {"gpu_memory_gb": 32.212, "gpu_percent": 80.0}


def test_tensorboard_is_written_on_request(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MOVIECHAT_TENSORBOARD", raising=False)
    assert progress.tensorboard() == []
    monkeypatch.setenv("MOVIECHAT_TENSORBOARD", str(tmp_path / "tb"))
    (board,) = progress.tensorboard()
    state = TrainerState(max_steps=2, global_step=1, is_world_process_zero=True)
    board.on_log(TrainingArguments(output_dir=str(tmp_path)), state, TrainerControl(), logs={"loss": 1.5})
    board.on_train_end(TrainingArguments(output_dir=str(tmp_path)), state, TrainerControl())
    (written,) = (tmp_path / "tb").iterdir()
    assert b"train/loss" in written.read_bytes()


def test_without_the_library_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOVIECHAT_TENSORBOARD", str(tmp_path / "tb"))
    monkeypatch.setitem(__import__("sys").modules, "tensorboardX", None)
    with pytest.raises(ModelError, match="pip install tensorboardX"):
        progress.tensorboard()
