"""A Llama layer with LoRA as one autograd step on a CPU: the same numbers as transformers + peft, in fewer passes.

The frozen weights need no gradient, so backward is written out: two matrix products a projection and two thin ones
for its adapter. Attention is plain batched products on grouped queries, because torch's flash kernel is slow
backward on a CPU. Sequences must be padded on the right: causality is then the only mask. After its attention the
last layer goes on with those tokens alone whose answer is wanted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from moviechat.training import attention
from moviechat.training.packed import Layout

# oneDNN gives a product of this many columns to one thread alone (torch 2.13; one of 320 or of 1,024 to all of them).
_LONE = (320, 1024)
_PROJECTIONS = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")

Pack = tuple[Tensor, Tensor]  # a projection's A and its scaled B


@dataclass(frozen=True)
class Projection:
    """Frozen `weight` [out, in]; `adapters` holds for each of its row blocks the rows and peft's A and B, or None."""

    weight: Tensor
    adapters: tuple[tuple[int, tuple[Tensor, Tensor] | None], ...]
    scale: float

    @property
    def parameters(self) -> list[Tensor]:
        """A and B of every adapted block, in order."""
        return [t for _, pair in self.adapters if pair for t in pair]

    def packed(self) -> Pack | None:
        """All A [ranks, in] stacked, all scaled B [out, ranks] on one block diagonal; None without adapters."""
        pairs = [pair for _, pair in self.adapters if pair]
        if not pairs:
            return None
        a = torch.cat([a for a, _ in pairs]).to(self.weight.dtype)
        b = a.new_zeros(len(self.weight), len(a))
        for (rows, ranks), pair in zip(self._blocks(), pairs, strict=True):
            b[rows, ranks] = (pair[1] * self.scale).to(b.dtype)
        return a, b

    def forward(self, x: Tensor, pack: Pack | None, onto: Tensor | None = None) -> tuple[Tensor, Tensor | None]:
        """The adapted product [rows, out] of x [rows, in], added to `onto` in a new tensor; and x A for backward."""
        if pack is None:
            return _add_product(None if onto is None else onto.clone(), x, self.weight.t()), None
        # The thin product first: the thick one then adds itself to it, and no pass over the result follows.
        low = x @ pack[0].t()
        y = low @ pack[1].t() if onto is None else torch.addmm(onto, low, pack[1].t())
        return _add_product(y, x, self.weight.t()), low

    def backward(
        self, dy: Tensor, x: Tensor, low: Tensor | None, pack: Pack | None, onto: Tensor | None = None
    ) -> tuple[Tensor, list[Tensor]]:
        """The gradients of x, added to `onto` in its place, and of `parameters`, the latter in fp32."""
        if pack is None or low is None:
            return _add_product(onto, dy, self.weight), []
        a, b = pack
        back = dy @ b
        da, db = (back.t() @ x).float(), (low.t() @ dy).t()
        grads = [g for rows, ranks in self._blocks() for g in (da[ranks], db[rows, ranks].float() * self.scale)]
        dx = back @ a if onto is None else onto.addmm_(back, a)
        return _add_product(dx, dy, self.weight), grads

    def _blocks(self) -> list[tuple[slice, slice]]:
        blocks, row, rank = [], 0, 0
        for rows, pair in self.adapters:
            if pair:
                blocks.append((slice(row, row + rows), slice(rank, rank + len(pair[0]))))
                rank += len(pair[0])
            row += rows
        return blocks


@dataclass(frozen=True)
class Layer:
    """One decoder layer's frozen parts: q, k and v as one projection, then o, gate, up, down."""

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
    """One call of a layer: its tokens' rotation and layout, and whose answers are wanted (None: all)."""

    layer: Layer
    turn: attention.Turn
    layout: Layout
    wanted: Tensor | None


class FusedLayer(torch.autograd.Function):
    """A row of tokens through one `Layer`; gradients for it and for the layer's adapters."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, how: Run, *adapters: Tensor) -> Tensor:
        """The layer's output [tokens or len(how.wanted), hidden] for x [tokens, hidden]; keeps what backward needs."""
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
    """Let a peft model's decoder layers run as `FusedLayer`; False (and untouched) where it does not apply.

    It applies to plain LoRA on a Llama on a CPU, unquantised, without biases or dropout, padded on the right.
    """
    inner = model.get_base_model().model
    config = model.config
    plain = config.model_type == "llama" and not config.attention_bias and not config.mlp_bias
    if not plain or config.hidden_act != "silu" or model.device.type != "cpu" or not _fusible(inner.layers):
        return False
    for module in inner.layers:
        module.forward = Replacement(_layer(module, config), module is inner.layers[-1])
    return True


class Replacement:
    """What a decoder layer's `forward` becomes."""

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
        """The layer's output for [1, tokens, hidden] in `layout`, the last layer's for the `wanted` tokens alone."""
        batch, length, hidden = hidden_states.shape
        half = self.layer.heads.width // 2
        layout = layout or Layout(0, batch, length)
        cos, sin = (t.expand(batch, -1, -1).flatten(0, 1)[:, None, :half] for t in position_embeddings)
        how = Run(self.layer, (cos, sin), layout, wanted if self.last else None)
        result: Tensor = FusedLayer.apply(  # type: ignore[no-untyped-call]
            hidden_states.view(-1, hidden), how, *self.layer.parameters
        )
        return result.view(batch, -1, hidden)


def _fusible(layers: Any) -> bool:
    modules = [
        getattr(part, name)
        for x in layers
        for part in (x.self_attn, x.mlp)
        for name in _PROJECTIONS
        if hasattr(part, name)
    ]
    floating = all(m.weight.is_floating_point() for m in modules)
    dropped = any(d.p > 0 for m in modules for d in getattr(m, "lora_dropout", {}).values() if hasattr(d, "p"))
    more = any(getattr(m, "lora_variant", None) for m in modules)  # DoRA and its like
    return floating and not dropped and not more


def _layer(module: Any, config: Any) -> Layer:
    mixer, mlp = module.self_attn, module.mlp
    joint = [mixer.q_proj, mixer.k_proj, mixer.v_proj]
    singles = [mixer.o_proj, mlp.gate_proj, mlp.up_proj, mlp.down_proj]
    return Layer(
        projections=(_projection(joint), *(_projection([m]) for m in singles)),
        norms=(module.input_layernorm.weight.detach(), module.post_attention_layernorm.weight.detach()),
        epsilon=config.rms_norm_eps,
        heads=attention.Heads(config.num_attention_heads, config.num_key_value_heads, mixer.head_dim),
    )


def _projection(modules: list[Any]) -> Projection:
    weights = [m.weight.detach() for m in modules]
    adapted = [hasattr(m, "lora_A") for m in modules]
    pairs = [
        (m.lora_A["default"].weight, m.lora_B["default"].weight) if a else None
        for m, a in zip(modules, adapted, strict=True)
    ]
    scale = next((float(m.scaling["default"]) for m, a in zip(modules, adapted, strict=True) if a), 1.0)
    weight = torch.cat(weights) if len(weights) > 1 else weights[0]
    return Projection(weight, tuple((len(w), pair) for w, pair in zip(weights, pairs, strict=True)), scale)


def _add_product(y: Tensor | None, x: Tensor, w: Tensor) -> Tensor:
    """y + x w in y's place, or x w."""
    columns = w.shape[1]
    if not _LONE[0] < columns < _LONE[1]:
        return x @ w if y is None else y.addmm_(x, w)
    step = -(-columns // -(-columns // _LONE[0]))
    beta = 0 if y is None else 1
    y = x.new_empty(len(x), columns) if y is None else y
    for start in range(0, columns, step):
        block = slice(start, start + step)
        y[:, block].addmm_(x, w[:, block], beta=beta)
    return y


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
