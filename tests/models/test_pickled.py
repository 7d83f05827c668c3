"""Pickled weights are read as tensors alone, and kept as safetensors."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM

from moviechat.errors import ModelError
from moviechat.models.pickled import to_safetensors


def pickled(tiny: Path, folder: Path, shards: int) -> Path:
    shutil.copytree(tiny, folder, ignore=shutil.ignore_patterns("*.safetensors"))
    weights = sorted(load_file(tiny / "model.safetensors").items())
    parts = [dict(weights[n::shards]) for n in range(shards)]
    names = [
        f"pytorch_model-{n + 1:05}-of-{shards:05}.bin" if shards > 1 else "pytorch_model.bin" for n in range(shards)
    ]
    for name, part in zip(names, parts, strict=True):
        torch.save(part, folder / name)
    if shards > 1:
        where = {key: name for name, part in zip(names, parts, strict=True) for key in part}
        index = {"metadata": {"total_size": 1}, "weight_map": where}
        (folder / "pytorch_model.bin.index.json").write_text(json.dumps(index))
    return folder


@pytest.mark.parametrize("shards", [1, 3])
def test_the_model_is_the_same(tiny_llama: Any, tmp_path: Path, shards: int) -> None:
    made = to_safetensors(pickled(tiny_llama.folder, tmp_path / "bin", shards), tmp_path / "cache")
    assert not list(made.glob("*.bin*")) and len(list(made.glob("*.safetensors"))) == shards
    assert (made / "tokenizer.json").is_file()
    ours, theirs = (AutoModelForCausalLM.from_pretrained(f).state_dict() for f in (made, tiny_llama.folder))
    assert ours.keys() == theirs.keys()
    assert all(torch.equal(ours[name], theirs[name]) for name in theirs)


def test_it_is_made_once(tiny_llama: Any, tmp_path: Path) -> None:
    folder = pickled(tiny_llama.folder, tmp_path / "bin", 1)
    first = to_safetensors(folder, tmp_path / "cache")
    before = (first / "model.safetensors").stat().st_mtime_ns
    assert to_safetensors(folder, tmp_path / "cache") == first
    assert (first / "model.safetensors").stat().st_mtime_ns == before


def test_any_other_file_makes_another_copy(tiny_llama: Any, tmp_path: Path) -> None:
    folder = pickled(tiny_llama.folder, tmp_path / "bin", 2)
    first = to_safetensors(folder, tmp_path / "cache")
    last = folder / "pytorch_model-00002-of-00002.bin"
    torch.save({name: tensor + 1 for name, tensor in torch.load(last, weights_only=True).items()}, last)
    assert to_safetensors(folder, tmp_path / "cache") != first


def test_a_folder_of_safetensors_is_left_as_it_is(tiny_llama: Any, tmp_path: Path) -> None:
    assert to_safetensors(tiny_llama.folder, tmp_path / "cache") == tiny_llama.folder
    assert not (tmp_path / "cache").exists()


class Evil:
    """A pickle that runs a command when it is read."""

    def __init__(self, command: str) -> None:
        self.command = command

    def __reduce__(self) -> Any:
        return os.system, (self.command,)


def test_code_in_a_pickle_is_not_run(tiny_llama: Any, tmp_path: Path) -> None:
    folder = pickled(tiny_llama.folder, tmp_path / "bin", 1)
    torch.save({"a": Evil(f"touch {tmp_path}/ran")}, folder / "pytorch_model.bin")
    with pytest.raises(ModelError, match=r"pytorch_model.bin contains more than tensors.*revision with .safetensors"):
        to_safetensors(folder, tmp_path / "cache")
    assert not (tmp_path / "ran").exists()


def test_a_damaged_file_is_said(tiny_llama: Any, tmp_path: Path) -> None:
    folder = pickled(tiny_llama.folder, tmp_path / "bin", 1)
    whole = (folder / "pytorch_model.bin").read_bytes()
    (folder / "pytorch_model.bin").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ModelError, match="is damaged"):
        to_safetensors(folder, tmp_path / "cache")
    assert not list((tmp_path / "cache" / "converted").iterdir())


@pytest.mark.parametrize("text", ["[" * 100_000, "{}", "[]", '{"weight_map": 3}'])
def test_an_index_that_is_none_is_said(tiny_llama: Any, tmp_path: Path, text: str) -> None:
    folder = pickled(tiny_llama.folder, tmp_path / "pickled", 3)
    (folder / "pytorch_model.bin.index.json").write_text(text)
    with pytest.raises(ModelError, match="is no index of weights"):
        to_safetensors(folder, tmp_path / "cache")
