"""Every shipped profile parses whole, and the default is the sample."""

from __future__ import annotations

from pathlib import Path

import peft
import pytest
import torch
import yaml
from transformers import LlamaConfig, LlamaForCausalLM

from moviechat import params
from moviechat.training import adapted, loop

ROOT = Path(__file__).parents[2]
# config.json of openlm-research/open_llama_3b_v2
OPEN_LLAMA_3B_V2 = {
    "vocab_size": 32_000,
    "hidden_size": 3_200,
    "intermediate_size": 8_640,
    "num_hidden_layers": 26,
    "num_attention_heads": 32,
    "tie_word_embeddings": False,
}
PROFILES = sorted((ROOT / "profiles").glob("*.yaml"))


def test_the_four_profiles_ship() -> None:
    assert {p.stem for p in PROFILES} == {"sample", "local", "imdb", "published"}


@pytest.mark.parametrize("path", PROFILES, ids=lambda p: p.stem)
def test_a_profile_parses_and_stands_in_block_style(path: Path) -> None:
    params.load(path)
    text = path.read_text(encoding="utf-8")
    # DVC edits params.yaml in place and keeps block style only.
    assert not any(line.rstrip().endswith(("]", "}")) for line in text.splitlines() if not line.startswith("#"))


def test_a_profile_depends_on_folders_that_ship() -> None:
    for path in PROFILES:
        p = params.load(path)
        read = (p.download.folder, p.enrich.folder, p.describe.folder, p.generate_qa.folder, p.evaluate.talk_folder)
        for folder in read:
            assert (ROOT / folder).is_dir(), (path.name, folder)


def test_the_default_is_the_sample() -> None:
    values = [
        yaml.safe_load((ROOT / name).read_text(encoding="utf-8")) for name in ("params.yaml", "profiles/sample.yaml")
    ]
    assert values[0] == values[1]


def test_the_published_arguments_stand_to_the_letter() -> None:
    p = params.load(ROOT / "profiles/published.yaml").train
    assert (p.micro_batch, p.accumulation, p.learning_rate, p.scheduler, p.warmup) == (4, 4, 3e-4, "cosine", 0.05)
    assert (p.max_steps, p.precision, p.quantize, p.max_grad_norm) == (1000, "fp16", "8bit", 0.3)
    assert (p.eval_steps, p.group_by_length, p.seed, p.layers, p.refusals) == (100, True, 42, None, None)
    assert (p.optimizer, p.processes) == ("adamw_torch", 1)
    said = loop.arguments(p, Path("unused"))
    assert (said.logging_steps, said.save_steps, said.load_best_model_at_end) == (1, 100, True)


def test_the_full_system_differs_from_the_published_one_in_what_it_computes_with_alone() -> None:
    ours, theirs = (params.load(ROOT / f"profiles/{name}.yaml").train.model_dump() for name in ("imdb", "published"))
    assert {k for k in ours if ours[k] != theirs[k]} == {"quantize", "precision", "optimizer"}


def test_the_published_adapter_has_the_published_number_of_parameters() -> None:
    p = params.load(ROOT / "profiles/published.yaml").train
    with torch.device("meta"):
        base = LlamaForCausalLM(LlamaConfig(**OPEN_LLAMA_3B_V2))
        model = peft.get_peft_model(base, adapted.lora(p, depth=26))
    assert model.get_nb_trainable_parameters() == (21_299_200, 3_447_772_800)
