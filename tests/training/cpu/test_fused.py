"""The fused layer says what transformers + peft say: losses and gradients, with any set of adapters."""

from __future__ import annotations

import copy
from typing import Any

import peft
import pytest
import torch
from torch import Tensor
from transformers import LlamaConfig, LlamaForCausalLM

from moviechat.training.cpu import fused

ALL = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]


def adapted(
    targets: list[str], layers: list[int] | None = None, dropout: float = 0.0, dora: bool = False, **changes: Any
) -> Any:
    torch.manual_seed(1)
    shape: dict[str, Any] = {
        "vocab_size": 61,
        "hidden_size": 48,
        "intermediate_size": 80,
        "num_hidden_layers": 3,
        "num_attention_heads": 6,
        "num_key_value_heads": 2,
        "head_dim": 8,
        "initializer_range": 0.2,
    }
    config = LlamaConfig(**shape | changes)
    lora = peft.LoraConfig(
        r=4,
        lora_alpha=8,
        lora_dropout=dropout,
        target_modules=targets,
        layers_to_transform=layers,
        use_dora=dora,
        task_type="CAUSAL_LM",
    )
    model = peft.get_peft_model(LlamaForCausalLM(config), lora).train()
    for name, tensor in model.named_parameters():
        if "lora_B" in name or "norm" in name:
            torch.nn.init.normal_(tensor, mean=1.0 if "norm" in name else 0.0, std=0.1)
    return model


def gradients(model: Any, ids: Tensor, mask: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
    hidden = model.get_base_model().model(ids, attention_mask=mask, use_cache=False)[0]
    direction = torch.linspace(-1, 1, hidden[mask.bool()].numel()).view(-1, hidden.shape[-1])
    (hidden[mask.bool()] * direction).sum().backward()
    return hidden.detach(), {n: p.grad for n, p in model.named_parameters() if p.grad is not None}


WIDE = {"hidden_size": 354, "intermediate_size": 1100, "initializer_range": 0.05}  # products in blocks and whole


@pytest.mark.parametrize("targets", [ALL, ["q_proj", "v_proj"], ["down_proj"], ["k_proj", "gate_proj"]])
@pytest.mark.parametrize("layers", [None, [1, 2], [2]])
@pytest.mark.parametrize(("length", "changes"), [(7, {}), (150, {}), (300, {}), (40, WIDE)])
def test_the_fused_layer_gives_the_same_hidden_states_and_gradients(
    targets: list[str], layers: list[int] | None, length: int, changes: dict[str, Any]
) -> None:
    plain = adapted(targets, layers, **changes)
    fast = copy.deepcopy(plain)
    assert fused.install(fast)
    ids = torch.randint(0, 61, (3, length), generator=torch.Generator().manual_seed(2))
    mask = torch.ones_like(ids)
    mask[1, length - 3 :] = 0
    expected_hidden, expected = gradients(plain, ids, mask)
    hidden, found = gradients(fast, ids, mask)
    torch.testing.assert_close(hidden[mask.bool()], expected_hidden[mask.bool()], rtol=1e-4, atol=1e-4)
    assert found.keys() == expected.keys() and found
    for name, gradient in expected.items():
        size = gradient.abs().max()
        assert (found[name] - gradient).abs().max() <= 1e-4 * size + 1e-6, name


def test_nothing_is_kept_for_backward_below_the_lowest_adapted_layer() -> None:
    model = adapted(["q_proj"], [2])
    assert fused.install(model)
    states: list[Tensor] = []
    inner = model.get_base_model().model
    for layer in inner.layers:
        layer.register_forward_hook(lambda _m, _i, out: states.append(out))
    inner(torch.arange(8)[None], use_cache=False)
    assert [s.requires_grad for s in states] == [False, False, True]


def test_installing_keeps_the_checkpoint_as_peft_saves_it() -> None:
    model = adapted(ALL)
    before = peft.get_peft_model_state_dict(model)
    assert fused.install(model)
    after = peft.get_peft_model_state_dict(model)
    assert before.keys() == after.keys()


def test_other_models_are_left_as_they_are() -> None:
    assert not fused.install(adapted(ALL, dropout=0.1))
    assert not fused.install(adapted(ALL, dora=True))
    assert not fused.install(adapted(ALL, attention_bias=True))
    assert not fused.install(adapted(ALL, hidden_act="gelu"))
