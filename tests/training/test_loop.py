"""The loop's own words: running out of memory names what to lower."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import AutoTokenizer

from moviechat.errors import ModelError
from moviechat.schema import QAPair
from moviechat.training import adapted, loop, place
from moviechat.training.examples import encode
from moviechat.training.place import Place
from tests.trainings import TINY

P = TINY.model_copy(
    update={
        "rank": 2,
        "alpha": 4,
        "dropout": 0.1,
        "accumulation": 1,
        "scheduler": "linear",
        "warmup": 0.0,
        "max_steps": 2,
        "eval_steps": 1,
        "eval_pairs": 2,
        "max_grad_norm": 1.0,
        "seed": 3,
    }
)
RECORD = "Description: Ana finds an old bus.\nRelease Year: 2019"
PAIRS = [
    QAPair("tt1", "particular", "What does Ana find in X?", "An old bus.", RECORD, "test"),
    QAPair("tt2", "ending", "How does X end, please?", "The description does not say.", RECORD, "test"),
]


@pytest.mark.parametrize("accumulation", [1, 2])
def test_the_gpus_rows_train_to_the_curve_of_the_cpus_kernels(
    tiny_llama: Any, tmp_path: Path, accumulation: int
) -> None:
    """The GPU's way through Trainer, on a CPU: losses, validation and adapter are those of the CPU's."""
    tokenizer = AutoTokenizer.from_pretrained(tiny_llama.folder)
    rows = [encode(pair, tokenizer, P.max_length) for pair in PAIRS] * 3
    p = P.model_copy(update={"dropout": 0.0, "accumulation": accumulation})
    curves, weights, tokens = [], [], []
    for kernels in ("cpu", "gpu"):
        model = adapted.load(p, tiny_llama.folder)
        where = Place("cpu", kernels, "fp32", None)
        trainer = loop.optimise(model, tokenizer, rows, rows[:2], p, tmp_path / kernels, where=where)
        curves.append(
            [r.get("loss", r.get("eval_loss")) for r in trainer.state.log_history if {"loss", "eval_loss"} & set(r)]
        )
        weights.append({n: w.detach().clone() for n, w in model.named_parameters() if w.requires_grad})
        tokens.append(trainer.moving.tokens)
    assert tokens[0] == tokens[1] > 0
    assert curves[1] == pytest.approx(curves[0], rel=1e-4)
    for name, weight in weights[0].items():
        torch.testing.assert_close(weights[1][name], weight, rtol=1e-3, atol=1e-5)


HERE = place.here(P.model_copy(update={"precision": "auto"}))


@pytest.mark.parametrize("where", [Place("cpu", "gpu", "fp32", None), *([HERE] if HERE.kernels == "gpu" else [])])
def test_a_tiny_llama_learns_on_the_gpus_rows_wherever_a_gpu_is(tiny_llama: Any, tmp_path: Path, where: Place) -> None:
    precision = "auto" if where.gpu else "fp32"
    p = P.model_copy(update={"precision": precision, "dropout": 0.0, "max_steps": 8, "learning_rate": 0.01})
    tokenizer = AutoTokenizer.from_pretrained(tiny_llama.folder)
    rows = [encode(pair, tokenizer, p.max_length) for pair in PAIRS]
    model = adapted.load(p, tiny_llama.folder)
    trainer = loop.optimise(model, tokenizer, rows * 8, rows, p, tmp_path, where=where)
    losses = [r["eval_loss"] for r in trainer.state.log_history if "eval_loss" in r]
    assert all("forward" in layer.__dict__ for layer in model.get_base_model().model.layers)
    assert losses[-1] < losses[0] - 0.1


def test_running_out_of_memory_names_the_parameters_to_lower(tiny_llama: Any, tmp_path: Path) -> None:
    tokenizer = AutoTokenizer.from_pretrained(tiny_llama.folder)
    model = adapted.load(P, tiny_llama.folder)

    def full(*_: Any) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB")

    model.get_base_model().lm_head.register_forward_pre_hook(full)
    rows = [encode(pair, tokenizer, P.max_length) for pair in PAIRS]
    with pytest.raises(ModelError, match=r"lower train.micro_batch \(now 2.*train.max_length \(now 512\)"):
        loop.optimise(model, tokenizer, rows, rows, P, tmp_path)


def test_rows_of_a_base_in_8_bit_have_the_losses_of_padded_pairs(tiny_llama: Any, tmp_path: Path) -> None:
    tokenizer = AutoTokenizer.from_pretrained(tiny_llama.folder)
    rows = [encode(pair, tokenizer, P.max_length) for pair in PAIRS]
    p = P.model_copy(update={"dropout": 0.0, "quantize": "8bit"})
    curves = []
    for kernels in ("plain", "gpu"):
        model = adapted.load(p, tiny_llama.folder)
        where = Place("cpu", kernels, "fp32", None)
        trainer = loop.optimise(model, tokenizer, rows, rows, p, tmp_path / kernels, where=where)
        curves.append(
            [r.get("loss", r.get("eval_loss")) for r in trainer.state.log_history if {"loss", "eval_loss"} & set(r)]
        )
        assert any("forward" in layer.__dict__ for layer in model.get_base_model().model.layers) == (kernels == "gpu")
    assert curves[1] == pytest.approx(curves[0], rel=0.02)
