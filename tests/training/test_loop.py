"""The loop's own words: running out of memory names what to lower."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import AutoTokenizer

from moviechat import params
from moviechat.errors import ModelError
from moviechat.schema import QAPair
from moviechat.training import adapted, loop
from moviechat.training.examples import encode

P = params.Train(
    rank=2,
    alpha=4,
    dropout=0.1,
    targets=["q_proj", "v_proj"],
    layers=None,
    quantize="none",
    precision="fp32",
    max_length=512,
    micro_batch=2,
    accumulation=1,
    processes=1,
    sharding="ddp",
    optimizer="adamw_torch",
    learning_rate=0.01,
    scheduler="linear",
    warmup=0.0,
    weight_decay=0.0,
    max_steps=2,
    eval_steps=1,
    eval_pairs=2,
    samples=1,
    refusals=None,
    max_grad_norm=1.0,
    group_by_length=False,
    seed=3,
)
RECORD = "Description: Ana finds an old bus.\nRelease Year: 2019"
PAIRS = [
    QAPair("tt1", "particular", "What does Ana find in X?", "An old bus.", RECORD, "test"),
    QAPair("tt2", "ending", "How does X end, please?", "The description does not say.", RECORD, "test"),
]


def test_running_out_of_memory_names_the_parameters_to_lower(tiny_llama: Any, tmp_path: Path) -> None:
    tokenizer = AutoTokenizer.from_pretrained(tiny_llama.folder)
    model = adapted.load(P, tiny_llama.folder)

    def full(*_: Any) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB")

    model.get_base_model().lm_head.register_forward_pre_hook(full)
    rows = [encode(pair, tokenizer, P.max_length) for pair in PAIRS]
    with pytest.raises(ModelError, match=r"lower train.micro_batch \(now 2.*train.max_length \(now 512\)"):
        loop.optimise(model, tokenizer, rows, rows, P, tmp_path)
