"""A Llama layer with LoRA as one autograd step on a CPU: the results of transformers + peft, in fewer passes.

The frozen weights need no gradient, so backward is written out: two matrix products per projection and two small
ones for its adapter. Attention is plain batched products on grouped queries, because torch's flash kernel is slow
backward on a CPU. Sequences must be padded on the right, so that causality is the only mask. After its attention the
last layer continues only with the tokens whose output is wanted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from moviechat.training.cpu import attention
from moviechat.training.cpu.packed import Layout
from moviechat.training.layers import Replaced, agree, known, projections
from moviechat.training.projection import Projection, plain

# oneDNN gives a product with this many columns to one thread (torch 2.13; one of 320 or of 1,024 to all of them).
_LONE = (320, 1024)


class OneDnnProjection(Projection):
    """A projection whose products are cut into blocks of columns that oneDNN gives to all threads."""

    def add_product(self, y: Tensor | None, x: Tensor, w: Tensor) -> Tensor:
        """y + x w, in place of y; or x w."""
        columns = w.shape[1]
        if not _LONE[0] < columns < _LONE[1]:
            return super().add_product(y, x, w)
        step = -(-columns // -(-columns // _LONE[0]))
        beta = 0 if y is None else 1
        y = x.new_empty(len(x), columns) if y is None else y
        for start in range(0, columns, step):
            block = slice(start, start + step)
            y[:, block].addmm_(x, w[:, block], beta=beta)
        return y


@dataclass(frozen=True)
class Layer:
    """The frozen parts of one decoder layer: q, k and v as one projection, then o, gate, up, down."""

    projections: tuple[Projection, ...]
    norms: tuple[Tensor, Tensor]
    epsilon: float
    heads: attention.Heads

    @property
    def parameters(self) -> list[Tensor]:
        """The adapters' tensors in the order of the projections."""
        return [t for projection in self.projections for t in projection.parameters]


@dataclass(frozen=True)
class Run:
    """One call of a layer: rotation and layout of its tokens, and the tokens whose output is wanted (None: all)."""

    layer: Layer
    turn: attention.Turn
    layout: Layout
    wanted: Tensor | None


class FusedLayer(torch.autograd.Function):
    """A row of tokens through one `Layer`, with gradients for the row and for the layer's adapters."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, how: Run, *adapters: Tensor) -> Tensor:
        """The layer's output [tokens or len(how.wanted), hidden] for x [tokens, hidden]; saves what backward needs."""
        layer, keep = how.layer, any(ctx.needs_input_grad)
        packs = [projection.packed() for projection in layer.projections]
        qkv, out, gate, up, down = layer.projections
        normed = _rms(x, layer, 0)
        y, low_qkv = qkv.forward(normed, packs[0])
        mixed, parts = attention.forward(y, how.turn, layer.heads, how.layout)
        below = x
        if how.wanted is not None:
            mixed, below = mixed[how.wanted], x[how.wanted]
        middle, low_out = out.forward(mixed, packs[1], below)
        again = _rms(middle, layer, 1)
        gated, low_gate = gate.forward(again, packs[2])
        raised, low_up = up.forward(again, packs[3])
        active = functional.silu(gated, inplace=not keep)
        product = active * raised if keep else raised.mul_(active)
        y, low_down = down.forward(product, packs[4], middle)
        if keep:
            ctx.how, ctx.packs, ctx.parts = how, packs, parts
            ctx.lows = (low_qkv, low_out, low_gate, low_up, low_down)
            ctx.save_for_backward(x, normed, mixed, middle, again, gated, raised, active, product)
        return y

    @staticmethod
    def backward(ctx: Any, dy: Tensor) -> tuple[Any, ...]:
        """Gradients in the order of forward's arguments."""
        how, packs, lows, need = ctx.how, ctx.packs, ctx.lows, ctx.needs_input_grad[0]
        x, normed, mixed, middle, again, gated, raised, active, product = ctx.saved_tensors
        layer = how.layer
        qkv, out, gate, up, down = layer.projections
        d, g_down = down.backward(dy, product, lows[4], packs[4])
        d_up, g_up = up.backward(active * d, again, lows[3], packs[3])
        d_gate = torch.ops.aten.silu_backward(d.mul_(raised), gated)
        d, g_gate = gate.backward(d_gate, again, lows[2], packs[2], d_up)
        d_middle = _rms_backward(d, middle, layer, 1, dy)
        d, g_out = out.backward(d_middle, mixed, lows[1], packs[1])
        if how.wanted is not None:
            d, d_middle = (t.new_zeros(len(x), t.shape[1]).index_add_(0, how.wanted, t) for t in (d, d_middle))
        d = attention.backward(d, ctx.parts, how.turn, layer.heads, how.layout)
        ctx.parts = None
        d, g_qkv = qkv.backward(d, normed, lows[0], packs[0])
        dx = _rms_backward(d, x, layer, 0, d_middle) if need else None
        return (dx, None, *g_qkv, *g_out, *g_gate, *g_up, *g_down)


def install(model: Any) -> bool:
    """Make a peft model's decoder layers run as `FusedLayer`; False (and no change) if that is not supported.

    Supported: plain LoRA on a Llama on a CPU, unquantised, without biases or dropout, padded on the right.
    """
    inner = model.get_base_model().model
    if not known(model) or inner.embed_tokens.weight.device.type != "cpu" or not plain(projections(inner.layers)):
        return False
    if not agree(model, lambda layer: Replacement(_layer(layer, model.config), False)):
        return False
    for module in inner.layers:
        module.forward = Replacement(_layer(module, model.config), module is inner.layers[-1])
    return True


class Replacement(Replaced):
    """The `forward` that replaces a decoder layer's."""

    def __init__(self, layer: Layer, last: bool) -> None:
        self.layer = layer
        self.last = last

    def __call__(
        self,
        hidden_states: Tensor,
        *_: Any,
        position_embeddings: tuple[Tensor, Tensor],
        layout: Layout | None = None,
        wanted: Tensor | None = None,
        **__: Any,
    ) -> Tensor:
        """The layer's output for [1, tokens, hidden] in `layout`; the last layer's for the `wanted` tokens only."""
        batch, length, hidden = hidden_states.shape
        half = self.layer.heads.width // 2
        layout = layout or Layout(0, batch, length)
        cos, sin = (t.expand(batch, -1, -1).flatten(0, 1)[:, None, :half] for t in position_embeddings)
        how = Run(self.layer, (cos, sin), layout, wanted if self.last else None)
        result: Tensor = FusedLayer.apply(  # type: ignore[no-untyped-call]
            hidden_states.view(-1, hidden), how, *self.layer.parameters
        )
        return result.view(batch, -1, hidden)


def _layer(module: Any, config: Any) -> Layer:
    mixer, mlp = module.self_attn, module.mlp
    joint = [mixer.q_proj, mixer.k_proj, mixer.v_proj]
    singles = [mixer.o_proj, mlp.gate_proj, mlp.up_proj, mlp.down_proj]
    return Layer(
        projections=(OneDnnProjection.of(joint), *(OneDnnProjection.of([m]) for m in singles)),
        norms=(module.input_layernorm.weight.detach(), module.post_attention_layernorm.weight.detach()),
        epsilon=config.rms_norm_eps,
        heads=attention.Heads(config.num_attention_heads, config.num_key_value_heads, mixer.head_dim),
    )


def _inverse(x: Tensor, epsilon: float) -> Tensor:
    squares: Tensor = torch.linalg.vector_norm(x, dim=-1, keepdim=True, dtype=torch.float32).square_()
    return squares.div_(x.shape[-1]).add_(epsilon).rsqrt_()


def _rms(x: Tensor, layer: Layer, which: int) -> Tensor:
    return (x * _inverse(x, layer.epsilon).to(x.dtype)).mul_(layer.norms[which])


def _rms_backward(dy: Tensor, x: Tensor, layer: Layer, which: int, residual: Tensor) -> Tensor:
    inverse = _inverse(x, layer.epsilon)
    d = dy.mul_(layer.norms[which])
    mean = (d * x).sum(-1, keepdim=True, dtype=torch.float32).div_(x.shape[-1]).mul_(inverse).mul_(inverse)
    return torch.addcmul(residual, d.addcmul_(x, mean.to(x.dtype), value=-1), inverse.to(x.dtype))
