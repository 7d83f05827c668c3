"""What vLLM is asked to load and to write, and which bundles it cannot answer for."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

from moviechat import prompts
from moviechat.bundle import BundleInfo
from moviechat.errors import ModelError
from moviechat.generation.load import load
from moviechat.generation.protocol import complete_all
from moviechat.generation.vllm import Served, arguments, sampling


def info(folder: Path, *, engine: Any = "transformers", quantize: str = "none", rank: int = 16) -> BundleInfo:
    adapter = folder / "model" / "adapter"
    adapter.mkdir(parents=True, exist_ok=True)
    (adapter / "adapter_config.json").write_text(json.dumps({"r": rank}))
    parameters = {"context": 2048, "max_new_tokens": 64, "threads": None, "quantize": quantize}
    return BundleInfo(folder, engine, "llama", 1, "", parameters, {}, {}, {})


def test_the_base_the_context_and_a_lora_are_loaded(tmp_path: Path) -> None:
    assert arguments(info(tmp_path), 16, "bfloat16") == {
        "model": str(tmp_path / "model" / "base"),
        "dtype": "bfloat16",
        "max_model_len": 2048,
        "enable_lora": True,
        "max_lora_rank": 16,
        "enforce_eager": True,
    }


@pytest.mark.parametrize(("rank", "most"), [(1, 8), (8, 8), (9, 16), (32, 32), (300, 320), (512, 512)])
def test_there_is_room_for_the_rank_in_a_number_that_vllm_takes(tmp_path: Path, rank: int, most: int) -> None:
    assert arguments(info(tmp_path), rank, "float32")["max_lora_rank"] == most


def test_it_writes_greedily_up_to_the_published_stop() -> None:
    assert sampling(64) == {"temperature": 0.0, "max_tokens": 64, "stop": ["###"]}


def test_a_gguf_base_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        ModelError, match=r"base\.gguf is a GGUF.*fetch_models\.language_model.*without `--engine vllm`"
    ):
        Served(info(tmp_path, engine="llama.cpp"))


def test_a_base_in_8_bit_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"answers in 8-bit.*set bundle\.quantize to none"):
        Served(info(tmp_path, quantize="8bit"))


def test_a_rank_beyond_vllms_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"has rank 640, and vLLM takes 512 at most: lower train\.rank"):
        Served(info(tmp_path, rank=640))


if importlib.util.find_spec("vllm") is None:

    def test_without_vllm_the_way_out_is_said(tmp_path: Path) -> None:
        with pytest.raises(
            ModelError, match=r"not installed here: `pip install vllm`.*or evaluate without `--engine vllm`"
        ):
            Served(info(tmp_path))

else:

    @pytest.mark.parametrize("adapter", [False, True])
    def test_it_answers_as_transformers_does(tiny_llama: Any, make_lora: Any, tmp_path: Path, adapter: bool) -> None:
        import torch
        from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM

        # vLLM on a CPU computes no heads as narrow as those of the other tests' Llama.
        shape = {
            "hidden_size": 64,
            "intermediate_size": 96,
            "num_hidden_layers": 2,
            "num_attention_heads": 2,
            "head_dim": 32,
        }
        tokenizer = AutoTokenizer.from_pretrained(tiny_llama.folder)
        torch.manual_seed(0)
        model: Any = LlamaForCausalLM(LlamaConfig(**shape, vocab_size=len(tokenizer), initializer_range=0.2))
        found = info(tmp_path, rank=8)
        for part in (model, tokenizer):
            part.save_pretrained(found.base)
        make_lora(found.base, found.peft_adapter)
        many = [prompts.render(f"Where is it set, {n}?", "Description: An old bus.") for n in range(8)]
        theirs = complete_all(Served(found).model(adapter=adapter), many, max_new_tokens=8)
        assert theirs == complete_all(load(found, adapter=adapter), many, max_new_tokens=8)
