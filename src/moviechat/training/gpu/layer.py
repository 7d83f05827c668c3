"""A Llama layer with LoRA on a row without padding: q, k, v as one product, gate and up as one, LoRA in few passes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from moviechat.training.gpu import attention
from moviechat.training.gpu.kernels import Kernels
from moviechat.training.gpu.rows import Row
from moviechat.training.layers import Replaced, agree, known
from moviechat.training.projection import Projection, plain

Product = Callable[[Tensor], Tensor]


def install(model: Any, kernels: Kernels) -> bool:
    """Make a peft model's decoder layers run on rows; False (and no change) if that is not supported."""
    inner = model.get_base_model().model
    if not known(model) or not agree(model, lambda layer: Layer(layer, model.config, kernels, last=False)):
        return False
    for module in inner.layers:
        module.forward = Layer(module, model.config, kernels, last=module is inner.layers[-1])
    return True


class Layer(Replaced):
    """The `forward` that replaces a decoder layer's."""

    def __init__(self, module: Any, config: Any, kernels: Kernels, *, last: bool) -> None:
        mixer, mlp = module.self_attn, module.mlp
        self._qkv = _joint([mixer.q_proj, mixer.k_proj, mixer.v_proj])
        self._out = _joint([mixer.o_proj])
        self._gate_up = _joint([mlp.gate_proj, mlp.up_proj])
        self._down = _joint([mlp.down_proj])
        self._norms = (module.input_layernorm.weight, module.post_attention_layernorm.weight)
        self._epsilon = config.rms_norm_eps
        self._heads = attention.Heads(config.num_attention_heads, config.num_key_value_heads, mixer.head_dim)
        self._kernels, self._last = kernels, last

    def __call__(
        self,
        hidden_states: Tensor,
        *_: Any,
        position_embeddings: tuple[Tensor, Tensor],
        row: Row | None = None,
        wanted: Tensor | None = None,
        **__: Any,
    ) -> Tensor:
        """The layer's output for [1, tokens, hidden] in `row`; the last layer's for the `wanted` tokens only."""
        x = hidden_states[0]
        kernels, row = self._kernels, row or _alone(x)
        y = self._qkv(kernels.norm(x, self._norms[0], self._epsilon))
        turn = (position_embeddings[0][0], position_embeddings[1][0])
        q, k, v = (t.to(_half(t)) for t in kernels.turned(y, turn, self._heads, row))
        mixed = attention.attend(q, k, v, self._heads, row)
        if self._last and wanted is not None:
            mixed, x = mixed.index_select(0, wanted), x.index_select(0, wanted)
        normed, x = kernels.add_norm(self._out(mixed).to(x.dtype), x, self._norms[1], self._epsilon)
        return (x + self._down(kernels.gate(self._gate_up(normed))))[None]


def _alone(x: Tensor) -> Row:
    """A single sequence that shares nothing."""
    ends = torch.tensor([0, len(x)], dtype=torch.int32, device=x.device)
    everything = torch.arange(len(x), device=x.device)
    return Row(ends, ends, everything, everything.int(), 0, len(x))


def _half(x: Tensor) -> torch.dtype:
    # A quantised base is prepared in fp32, which the flash kernels do not accept; autocast would have cast it too.
    kind = x.device.type
    return torch.get_autocast_dtype(kind) if torch.is_autocast_enabled(kind) and x.is_cuda else x.dtype


def _joint(modules: list[Any]) -> Product:
    """`modules` with the same input as one product, with their results side by side."""
    if not plain(modules):
        return modules[0] if len(modules) == 1 else lambda x: torch.cat([m(x) for m in modules], -1)
    projection = Projection.of(modules)
    _lend(projection.weight, modules)
    if projection.parameters:
        return lambda x: _Adapted.apply(x, projection, *projection.parameters)  # type: ignore[no-untyped-call]
    return lambda x: functional.linear(x, projection.weight)


def _lend(weight: Tensor, modules: list[Any]) -> None:
    """Let `modules` use their rows of `weight`, so that the base is in memory once."""
    start = 0
    for module in modules:
        frozen = getattr(module, "base_layer", module).weight
        end = start + len(frozen)
        frozen.data = weight[start:end]
        start = end


class _Adapted(torch.autograd.Function):
    """An adapted product, with gradients for its input (if needed) and its adapters."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, projection: Projection, *adapters: Tensor) -> Tensor:
        pack = projection.packed()
        y, low = projection.forward(x, pack)
        ctx.projection = projection
        if any(ctx.needs_input_grad):
            ctx.save_for_backward(x, low, *(pack or ()))
        return y

    @staticmethod
    def backward(ctx: Any, dy: Tensor) -> tuple[Any, ...]:
        x, low, *pack = ctx.saved_tensors
        projection = ctx.projection
        back, gradients = projection.gradients(dy, x, low, tuple(pack))
        dx = projection.add_product(back @ pack[0], dy, projection.weight) if ctx.needs_input_grad[0] else None
        return (dx, None, *gradients)
