"""The fast kernels are not used, with a warning, if transformers' layer is not the one they were written for."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from transformers.models.llama.modeling_llama import LlamaDecoderLayer

from moviechat.training.cpu import door as cpu
from moviechat.training.gpu import door as gpu
from tests.training.cpu.test_fused import ALL, adapted


class Scaled(LlamaDecoderLayer):  # type: ignore[misc]
    def forward(self, hidden_states: Any, **more: Any) -> Any:
        return super().forward(hidden_states, **more) * 1.5


class OtherCall(LlamaDecoderLayer):  # type: ignore[misc]
    def forward(self, states: Any, rotary: Any) -> Any:
        return super().forward(states, position_embeddings=rotary)


class Renamed(LlamaDecoderLayer):  # type: ignore[misc]
    """Its attention has another name."""


def changed(kind: Any) -> Any:
    model = adapted(ALL)
    for layer in model.get_base_model().model.layers:
        layer.__class__ = kind
        if kind is Renamed:
            layer.mixer = layer.__dict__["_modules"].pop("self_attn")
    return model


@pytest.mark.parametrize("door", [cpu, gpu])
@pytest.mark.parametrize("kind", [Scaled, OtherCall, Renamed])
def test_they_step_aside_with_a_warning(door: Any, kind: Any) -> None:
    model = changed(kind)
    with pytest.warns(UserWarning, match=f"the fast kernels are not used.*{kind.__name__} is unknown to them"):
        assert door.install(model) is None
    assert not any("forward" in layer.__dict__ for layer in model.get_base_model().model.layers)


@pytest.mark.parametrize("door", [cpu, gpu])
def test_layers_of_several_kinds(door: Any) -> None:
    model = adapted(ALL)
    model.get_base_model().model.layers[1].__class__ = Scaled
    with pytest.warns(UserWarning, match="of several kinds"):
        assert door.install(model) is None


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("door", [cpu, gpu])
def test_they_stay_where_nothing_changed(door: Any, dtype: torch.dtype) -> None:
    for spread in (0.02, 0.2):
        assert door.install(adapted(ALL, initializer_range=spread).to(dtype))
