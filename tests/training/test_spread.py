"""Several processes take the steps that one would take with the same global batch."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from safetensors.torch import load_file

from moviechat import params
from moviechat.errors import ModelError
from moviechat.frames import frame, write_parquet
from moviechat.schema import QAPair
from moviechat.stages import train
from moviechat.training import spread
from tests.trainings import TINY as P


@pytest.fixture(scope="module")
def split(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("split")
    for part, films in (("train", 12), ("validation", 4)):
        made = [
            QAPair(
                f"tt{part}{i}",
                "particular",
                f"What is found in {part} {i}?",
                f"An old bus{' and more' * (i % 4)}.",
                f"Description: Film {i} is about an old bus{', and a bus' * (i % 3)}.\nRelease Year: 2019",
                "test",
            )
            for i in range(films)
        ]
        write_parquet(frame(QAPair, made), folder / f"{part}.parquet")
    return folder


def trained(p: params.Train, split: Path, base: Path, folder: Path) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    train.run(p, split=split, base=base, out=folder / "out", cache=folder / "cache")
    lines = (folder / "out" / "history.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines], load_file(folder / "out" / "adapter_model.safetensors")


@pytest.fixture(scope="module")
def alone(split: Path, tiny_llama: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    return trained(P, split, tiny_llama.folder, tmp_path_factory.mktemp("alone"))


def test_two_processes_take_the_steps_of_one(alone: Any, split: Path, tiny_llama: Any, tmp_path: Path) -> None:
    two = P.model_copy(update={"processes": 2, "accumulation": 1})
    curve, adapter = trained(two, split, tiny_llama.folder, tmp_path)
    assert [row["step"] for row in curve] == [row["step"] for row in alone[0]]
    for ours, theirs in zip(curve, alone[0], strict=True):
        assert ours == pytest.approx(theirs, rel=1e-4)
    assert adapter.keys() == alone[1].keys()
    for name, tensor in adapter.items():
        assert (tensor - alone[1][name]).abs().max() < 1e-4, name


def test_a_process_that_fails_is_said(split: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="one of 2 processes failed"):
        trained(P.model_copy(update={"processes": 2}), split, tmp_path / "nowhere", tmp_path)


def test_fsdp_without_a_gpu_is_refused(split: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    with pytest.raises(ModelError, match=r"train.sharding is fsdp, which needs one GPU per process"):
        trained(P.model_copy(update={"processes": 2, "sharding": "fsdp"}), split, tmp_path, tmp_path)


def test_a_job_outside_the_launcher_starts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WORLD_SIZE", raising=False)
    job = json.dumps({"p": P.model_copy(update={"processes": 2}).model_dump(), "out": "nowhere"})
    with pytest.raises(ModelError, match="2 processes were requested but not started"):
        spread.share(train.run, [job])
    assert spread.share(train.run, []) is train.run


# A group of one process, in which fully_shard keeps a linear layer's weights as DTensors.
SHARDED = """
import os, torch
from torch.distributed.fsdp import fully_shard
from torch.distributed.device_mesh import init_device_mesh
from moviechat.training import spread

os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT="0", RANK="0", WORLD_SIZE="1")
torch.distributed.init_process_group("gloo")
layer = torch.nn.Linear(4, 3)
layer.bias.requires_grad_(False)
before = layer.weight.detach().clone()
fully_shard(layer, mesh=init_device_mesh("cpu", (1,)))
assert hasattr(layer.weight, "full_tensor")
spread.gather(layer)
assert type(layer.weight.data) is torch.Tensor and torch.equal(layer.weight, before)
assert hasattr(layer.bias, "full_tensor")
torch.distributed.destroy_process_group()
"""


def test_what_fsdp_keeps_in_parts_is_made_whole() -> None:
    done = subprocess.run([sys.executable, "-c", SHARDED], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_every_option_is_one_that_accelerate_has() -> None:
    help_text = subprocess.run(
        [sys.executable, "-m", "accelerate.commands.launch", "--help"], capture_output=True, text=True, check=True
    ).stdout
    for sharding in ("ddp", "fsdp"):
        words = spread.command(P.model_copy(update={"processes": 2, "sharding": sharding}))[3:]
        assert {w for w in words if w.startswith("--")} <= set(help_text.replace(",", " ").split())
