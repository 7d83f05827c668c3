"""Rows without padding say what transformers + peft say: losses and gradients. On a CPU with torch's operations;
benchmarks/check_gpu.py runs the same comparison with a GPU's."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import torch
from torch import Tensor

from moviechat.training import loss
from moviechat.training.examples import RightPadded
from moviechat.training.gpu import door as gpu
from tests.training.cpu.test_fused import ALL, adapted

PAIR_LENGTHS = (19, 24, 11)


def pairs(shared: int, lengths: tuple[int, ...] = PAIR_LENGTHS) -> list[dict[str, list[int]]]:
    """Encoded pairs with `shared` equal tokens in front, the last three of each a response."""
    draw = torch.Generator().manual_seed(5)
    opening = torch.randint(0, 61, (shared,), generator=draw).tolist()
    found = []
    for n, length in enumerate(lengths):
        ids = [*opening, n, *torch.randint(0, 61, (length - shared - 1,), generator=draw).tolist()]
        found.append({"input_ids": ids, "labels": [-100] * (length - 3) + ids[-3:]})
    return found


def tensors(batch: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in batch.items() if isinstance(v, Tensor)}


def both(model: Any, rows: list[dict[str, list[int]]]) -> tuple[Any, Tensor, Tensor]:
    """Our model, its loss of `rows`, and that of transformers + peft, both after backward."""
    fast = copy.deepcopy(model)
    way = gpu.install(fast)
    assert way
    loss.install(fast, way)
    expected, found = model(**tensors(RightPadded(0)(rows))).loss, fast(**way.collator(0)(rows)).loss
    expected.backward()
    found.backward()
    return fast, found.detach(), expected.detach()


@pytest.mark.parametrize("targets", [ALL, ["q_proj", "v_proj"], ["down_proj"], ["k_proj", "gate_proj"]])
@pytest.mark.parametrize("layers", [None, [2], [0, 1]])
@pytest.mark.parametrize("shared", [0, 7, 10])
def test_loss_and_gradients_are_those_of_transformers_and_peft(
    targets: list[str], layers: list[int] | None, shared: int
) -> None:
    model = adapted(targets, layers, num_key_value_heads=6, head_dim=10)
    fast, found, expected = both(model, pairs(shared))
    torch.testing.assert_close(found, expected)
    for (name, p), q in zip(model.named_parameters(), fast.parameters(), strict=True):
        assert (p.grad is None) == (q.grad is None), name
        if p.grad is not None:
            assert (q.grad - p.grad).abs().max() <= 1e-4 * p.grad.abs().max() + 1e-7, name


@pytest.mark.parametrize("changes", [{"dropout": 0.0}, {"num_key_value_heads": 2}, {"dora": True}])
def test_grouped_queries_and_other_adapters_too(changes: dict[str, Any]) -> None:
    _, found, expected = both(adapted(ALL, **changes), pairs(7))
    torch.testing.assert_close(found, expected)


def test_equal_pairs_and_a_lone_pair() -> None:
    twice = pairs(7, (19,)) * 2
    for rows in (twice, twice[:1]):
        _, found, expected = both(adapted(ALL), rows)
        torch.testing.assert_close(found, expected)


def test_the_base_stands_in_memory_once() -> None:
    model = adapted(ALL)
    assert gpu.install(model)
    mixer = model.get_base_model().model.layers[0].self_attn
    storages = {m.base_layer.weight.untyped_storage().data_ptr() for m in (mixer.q_proj, mixer.k_proj, mixer.v_proj)}
    assert len(storages) == 1


def test_other_models_are_left_as_they_are() -> None:
    for changes in ({"attention_bias": True}, {"hidden_act": "gelu"}):
        model = adapted(ALL, **changes)
        assert gpu.install(model) is None
        assert "forward" not in model.get_base_model().model.layers[0].__dict__
