from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from moviechat import prompts
from moviechat.errors import DataError, ModelError
from moviechat.generation.hf import Transformers
from moviechat.generation.llamacpp import LlamaCpp
from moviechat.generation.protocol import complete
from moviechat.models.lora import write_gguf

ALL = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
PROMPTS = [
    prompts.render(question, record)
    for question, record in (
        (
            "What is the only refuge the characters have in Diablo Rojo PTY?",
            "Description: A bus crew, a priest and two policemen are lost in the jungle by a spell, "
            "and an old bus is the only refuge they have.\nRelease Year: 2019\nGenre: Horror\nVotes: 134.0",
        ),
        (
            "Where is Parasite set?",
            "Description: A poor family in Seoul takes one post after another in a rich household.\n"
            "Release Year: 2019\nRuntime(in minutes): 132\nGenre: Drama, Thriller\nRating: 8.5",
        ),
        (
            "What is Another Round about?",
            "Description: Four teachers in Copenhagen test whether a little drink all day makes life better.\n"
            "Release Year: 2020\nRuntime(in minutes): 117\nGenre: Comedy, Drama",
        ),
    )
]


def _read(path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    from gguf import GGUFReader

    reader = GGUFReader(path)
    return (
        {name: field.contents() for name, field in reader.fields.items()},
        {tensor.name: np.array(tensor.data) for tensor in reader.tensors},
    )


def _engines(base: Any, adapter: Path, folder: Path) -> tuple[LlamaCpp, LlamaCpp, Transformers]:
    write_gguf(adapter, base.folder, folder / "adapter.gguf")
    return (
        LlamaCpp(base.gguf, None, 512, None),
        LlamaCpp(base.gguf, folder / "adapter.gguf", 512, None),
        Transformers(base.folder, adapter, False, context=512),
    )


def test_what_the_file_says(tiny_llama: Any, tiny_lora: Path, tmp_path: Path) -> None:
    write_gguf(tiny_lora, tiny_llama.folder, tmp_path / "a.gguf")
    said, tensors = _read(tmp_path / "a.gguf")
    expected = {"general.type": "adapter", "adapter.type": "lora", "general.architecture": "llama"}
    assert expected.items() <= said.items()
    assert said["adapter.lora.alpha"] == 16.0
    parts = ("attn_q", "attn_k", "attn_v")
    assert set(tensors) == {f"blk.{n}.{p}.weight.lora_{s}" for n in (0, 1) for p in parts for s in "ab"}
    assert tensors["blk.1.attn_q.weight.lora_a"].shape == (8, 64)
    assert tensors["blk.1.attn_k.weight.lora_b"].shape == (32, 8)
    assert [p.name for p in tmp_path.iterdir()] == ["a.gguf"]


def test_the_same_adapter_makes_the_same_bytes(tiny_llama: Any, tiny_lora: Path, tmp_path: Path) -> None:
    for name in ("1", "2"):
        write_gguf(tiny_lora, tiny_llama.folder, tmp_path / name)
    assert (tmp_path / "1").read_bytes() == (tmp_path / "2").read_bytes()


@pytest.mark.parametrize(
    "options",
    [
        {"target_modules": ALL},
        {"target_modules": ["q_proj"], "r": 4, "lora_alpha": 10},
        {"target_modules": ["k_proj"], "layers_to_transform": [1]},
        {"target_modules": ["q_proj", "v_proj"], "use_rslora": True},
        {"target_modules": ["q_proj", "v_proj"], "use_rslora": True, "rank_pattern": {"v_proj": 2}},
    ],
    ids=["all seven", "q alone", "k in one layer", "rslora", "rslora with two ranks"],
)
def test_llama_cpp_and_peft_agree(
    tiny_llama: Any, make_lora: Callable[..., Path], tmp_path: Path, options: dict[str, Any]
) -> None:
    adapter = make_lora(tiny_llama.folder, tmp_path / "lora", **options)
    base, gguf, peft = _engines(tiny_llama, adapter, tmp_path)
    for prompt in PROMPTS:
        ours, theirs, without = (dict(m.next_tokens(prompt, top=400)) for m in (gguf, peft, base))
        # llama.cpp keeps keys and values in float16
        assert max(abs(ours[t] - theirs[t]) for t in theirs) < 0.05
        assert max(abs(ours[t] - without[t]) for t in theirs) > 0.5


def test_merged_adapter_on_and_gguf_agree(tiny_llama: Any, tiny_lora: Path, tmp_path: Path) -> None:
    from peft import PeftModel
    from transformers import AutoModelForCausalLM, AutoTokenizer

    adapted = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(tiny_llama.folder), tiny_lora)
    adapted.merge_and_unload().save_pretrained(tmp_path / "merged")
    AutoTokenizer.from_pretrained(tiny_llama.folder).save_pretrained(tmp_path / "merged")
    merged = Transformers(tmp_path / "merged", None, False, context=512)
    _, gguf, peft = _engines(tiny_llama, tiny_lora, tmp_path)
    for prompt in PROMPTS:
        ours, other, theirs = (dict(m.next_tokens(prompt, top=400)) for m in (merged, gguf, peft))
        assert max(abs(ours[t] - theirs[t]) for t in theirs) < 1e-3
        assert max(abs(ours[t] - other[t]) for t in other) < 0.05


def test_on_the_fetched_model_both_choose_the_same_and_not_the_bases(
    models_folder: Path, make_lora: Callable[..., Path], tmp_path: Path
) -> None:
    folder = models_folder / "language_model"
    adapter = make_lora(folder, tmp_path / "lora", size=0.1, target_modules=ALL, layers_to_transform=[26, 27, 28, 29])
    write_gguf(adapter, folder, tmp_path / "adapter.gguf")
    base = LlamaCpp(folder / "base.gguf", None, 512, None)
    gguf = LlamaCpp(folder / "base.gguf", tmp_path / "adapter.gguf", 512, None)
    peft = Transformers(folder, adapter, False, context=512)
    choices = [[model.next_tokens(prompt)[0][0] for prompt in PROMPTS] for model in (gguf, peft)]
    assert choices[0] == choices[1]
    answers = [[complete(model, prompt, max_new_tokens=12) for prompt in PROMPTS] for model in (gguf, base)]
    assert all(ours != bases for ours, bases in zip(*answers, strict=True)), answers


def test_an_rslora_has_its_effective_alpha(tiny_llama: Any, make_lora: Callable[..., Path], tmp_path: Path) -> None:
    adapter = make_lora(tiny_llama.folder, tmp_path / "lora", use_rslora=True)
    write_gguf(adapter, tiny_llama.folder, tmp_path / "a.gguf")
    assert _read(tmp_path / "a.gguf")[0]["adapter.lora.alpha"] == pytest.approx(16 * math.sqrt(8))


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"use_dora": True}, "has DoRA, which a GGUF LoRA cannot express"),
        ({"bias": "lora_only"}, "has trained biases"),
        ({"lora_bias": True}, "has biases in the adapter"),
        ({"alpha_pattern": {"q_proj": 4}}, "has different alphas for some layers"),
        ({"modules_to_save": ["lm_head"]}, "has whole layers trained with the adapter"),
        ({"target_modules": ["q_proj", "embed_tokens"]}, "is not a LoRA matrix of a linear layer"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_gguf_cannot_say_is_refused(
    tiny_llama: Any, make_lora: Callable[..., Path], tmp_path: Path, options: dict[str, Any], sentence: str
) -> None:
    adapter = make_lora(tiny_llama.folder, tmp_path / "lora", **options)
    with pytest.raises(ModelError) as caught:
        write_gguf(adapter, tiny_llama.folder, tmp_path / "a.gguf")
    assert sentence in str(caught.value)
    assert not (tmp_path / "a.gguf").exists()


@pytest.mark.parametrize("damage", ["no config", "half a config", "no weights", "half the weights"])
def test_a_damaged_folder_is_refused(tiny_llama: Any, tiny_lora: Path, tmp_path: Path, damage: str) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    for name in ("adapter_config.json", "adapter_model.safetensors"):
        (broken / name).write_bytes((tiny_lora / name).read_bytes())
    victim = broken / ("adapter_config.json" if "config" in damage else "adapter_model.safetensors")
    if damage.startswith("no"):
        victim.unlink()
    else:
        victim.write_bytes(victim.read_bytes()[:100])
    with pytest.raises(DataError, match=f"{victim.name} cannot be read .*: run `dvc repro train`"):
        write_gguf(broken, tiny_llama.folder, tmp_path / "a.gguf")


def test_a_foreign_tensor_is_refused(tiny_llama: Any, tiny_lora: Path, tmp_path: Path) -> None:
    (tmp_path / "adapter_config.json").write_bytes((tiny_lora / "adapter_config.json").read_bytes())
    tensors = load_file(tiny_lora / "adapter_model.safetensors")
    tensors["base_model.model.transformer.h.0.attn.lora_A.weight"] = np.zeros((8, 64), np.float32)
    save_file(tensors, tmp_path / "adapter_model.safetensors")
    with pytest.raises(ModelError, match=r"transformer\.h\.0.attn is not part of a Llama model"):
        write_gguf(tmp_path, tiny_llama.folder, tmp_path / "a.gguf")


def test_another_method_is_refused(tiny_llama: Any, tmp_path: Path) -> None:
    (tmp_path / "adapter_config.json").write_text(json.dumps({"peft_type": "IA3"}))
    with pytest.raises(ModelError, match="holds a IA3, not a LoRA"):
        write_gguf(tmp_path, tiny_llama.folder, tmp_path / "a.gguf")
