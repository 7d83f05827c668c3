"""A Llama layer with LoRA as one autograd step on a CPU: the same numbers as transformers + peft, in fewer passes.

The frozen weights need no gradient, so backward is written out: two matrix products a projection and two thin ones
for its adapter. Attention is plain batched products on grouped queries, because torch's flash kernel is slow
backward on a CPU. Sequences must be padded on the right: causality is then the only mask.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from moviechat.training.attention import attend, attend_backward

_PROJECTIONS = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")


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

    def packed(self) -> tuple[Tensor, Tensor] | None:
        """All A [ranks, in] stacked, all scaled B [out, ranks] on one block diagonal; None without adapters."""
        pairs = [pair for _, pair in self.adapters if pair]
        if not pairs:
            return None
        a = torch.cat([a for a, _ in pairs]).to(self.weight.dtype)
        b = a.new_zeros(len(self.weight), len(a))
        for (rows, ranks), pair in zip(self._blocks(), pairs, strict=True):
            b[rows, ranks] = (pair[1] * self.scale).to(b.dtype)
        return a, b

    def forward(self, x: Tensor, pack: tuple[Tensor, Tensor] | None) -> tuple[Tensor, Tensor | None]:
        """The adapted product [rows, out] of x [rows, in], and x A for backward."""
        y = x @ self.weight.t()
        if pack is None:
            return y, None
        low = x @ pack[0].t()
        return y.addmm_(low, pack[1].t()), low

    def backward(self, dy: Tensor, x: Tensor, low: Tensor | None, pack: Any, need: bool) -> tuple[Any, list[Tensor]]:
        """The gradients of x (None unless `need`) and of `parameters`, the latter in fp32."""
        if pack is None:
            return (dy @ self.weight if need else None), []
        a, b = pack
        back = dy @ b
        da, db = (back.t() @ x).float(), (low.t() @ dy).t()  # type: ignore[union-attr]
        grads = [g for rows, ranks in self._blocks() for g in (da[ranks], db[rows, ranks].float() * self.scale)]
        return ((dy @ self.weight).addmm_(back, a) if need else None), grads

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
    heads: int
    groups: int
    width: int

    @property
    def parameters(self) -> list[Tensor]:
        """The adapters' tensors in the order of the projections."""
        return [t for projection in self.projections for t in projection.parameters]


class FusedLayer(torch.autograd.Function):
    """x [batch, length, hidden] through one `Layer`; gradients for x and for its adapters."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, cos: Tensor, sin: Tensor, layer: Layer, *adapters: Tensor) -> Tensor:
        """The layer's output; keeps what backward needs unless nothing below or in it is trained."""
        batch, length, hidden = x.shape
        packs = [projection.packed() for projection in layer.projections]
        qkv, out, gate, up, down = layer.projections
        flat = x.reshape(-1, hidden)
        normed = _rms(flat, layer, 0)
        y, low_qkv = qkv.forward(normed, packs[0])
        heads = _heads(y.view(batch, length, -1, layer.width), cos, sin, layer)
        mixed, weights = attend(*heads)
        mixed = _rows(mixed, batch, layer)
        y, low_out = out.forward(mixed, packs[1])
        middle = y.add_(flat)
        again = _rms(middle, layer, 1)
        gated, low_gate = gate.forward(again, packs[2])
        raised, low_up = up.forward(again, packs[3])
        active = functional.silu(gated)
        product = active * raised
        y, low_down = down.forward(product, packs[4])
        if any(ctx.needs_input_grad):
            ctx.layer, ctx.packs, ctx.shape = layer, packs, x.shape
            ctx.lows = (low_qkv, low_out, low_gate, low_up, low_down)
            ctx.save_for_backward(
                flat, normed, *heads, mixed, middle, again, gated, raised, active, product, cos, sin, *weights
            )
        return y.add_(middle).view(x.shape)

    @staticmethod
    def backward(ctx: Any, dy: Tensor) -> tuple[Any, ...]:
        """Gradients in the order of forward's arguments."""
        layer, packs, lows, need = ctx.layer, ctx.packs, ctx.lows, ctx.needs_input_grad[0]
        flat, normed, q, k, v, mixed, middle, again, gated, raised, active, product, cos, sin, *weights = (
            ctx.saved_tensors
        )
        qkv, out, gate, up, down = layer.projections
        dy = dy.reshape(-1, dy.shape[-1])
        d, g_down = down.backward(dy, product, lows[4], packs[4], True)
        d_up, g_up = up.backward(active * d, again, lows[3], packs[3], True)
        d_gate = torch.ops.aten.silu_backward(d.mul_(raised), gated)
        d, g_gate = gate.backward(d_gate, again, lows[2], packs[2], True)
        d_middle = _rms_backward(d.add_(d_up), middle, layer, 1, dy)
        d, g_out = out.backward(d_middle, mixed, lows[1], packs[1], True)
        d_heads = attend_backward(_grouped(d, ctx.shape[0], layer), q, k, v, weights)
        d, g_qkv = qkv.backward(_heads_backward(d_heads, cos, sin, layer), normed, lows[0], packs[0], need)
        dx = _rms_backward(d, flat, layer, 0, d_middle).view(ctx.shape) if need else None
        return (dx, None, None, None, *g_qkv, *g_out, *g_gate, *g_up, *g_down)


def install(model: Any) -> bool:
    """Let a peft model's decoder layers run as `FusedLayer`; False (and untouched) where it does not apply.

    It applies to Llama on a CPU, unquantised, without biases and without dropout; batches must be padded on the right.
    """
    inner = model.get_base_model().model
    config = model.config
    plain = config.model_type == "llama" and not config.attention_bias and not config.mlp_bias
    if not plain or config.hidden_act != "silu" or model.device.type != "cpu" or not _fusible(inner.layers):
        return False
    for module in inner.layers:
        module.forward = Replacement(_layer(module, config))
    return True


class Replacement:
    """What a decoder layer's `forward` becomes."""

    def __init__(self, layer: Layer) -> None:
        self.layer = layer

    def __call__(self, hidden_states: Tensor, *_: Any, position_embeddings: tuple[Tensor, Tensor], **__: Any) -> Tensor:
        half = self.layer.width // 2
        cos, sin = (t[0, :, None, :half] for t in position_embeddings)
        result: Tensor = FusedLayer.apply(  # type: ignore[no-untyped-call]
            hidden_states, cos, sin, self.layer, *self.layer.parameters
        )
        return result


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
    return floating and not dropped


def _layer(module: Any, config: Any) -> Layer:
    attention, mlp = module.self_attn, module.mlp
    joint = [attention.q_proj, attention.k_proj, attention.v_proj]
    singles = [attention.o_proj, mlp.gate_proj, mlp.up_proj, mlp.down_proj]
    return Layer(
        projections=(_projection(joint), *(_projection([m]) for m in singles)),
        norms=(module.input_layernorm.weight.detach(), module.post_attention_layernorm.weight.detach()),
        epsilon=config.rms_norm_eps,
        heads=config.num_attention_heads,
        groups=config.num_key_value_heads,
        width=attention.head_dim,
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


def _rotate(x: Tensor, cos: Tensor, sin: Tensor, out: Tensor, sign: int) -> None:
    half = x.shape[-1] // 2
    first, second = x[..., :half], x[..., half:]
    torch.mul(first, cos, out=out[..., :half]).addcmul_(second, sin, value=-sign)
    torch.mul(second, cos, out=out[..., half:]).addcmul_(first, sin, value=sign)


def _scaled(cos: Tensor, sin: Tensor, layer: Layer) -> tuple[Tensor, Tensor]:
    # Attention's 1/sqrt(width) rides in the queries' rotation: no pass of its own.
    factor = cos.new_ones(layer.heads + layer.groups, 1)
    factor[: layer.heads] = layer.width**-0.5
    return cos * factor, sin * factor


def _heads(y: Tensor, cos: Tensor, sin: Tensor, layer: Layer) -> tuple[Tensor, Tensor, Tensor]:
    """y [batch, length, heads + 2 groups, width] as rotated q [batch * groups, length * repeats, width], k and v."""
    batch, length, _, width = y.shape
    both = layer.heads + layer.groups
    rotated = torch.empty_like(y[:, :, :both], memory_format=torch.contiguous_format)
    _rotate(y[:, :, :both], *_scaled(cos, sin, layer), rotated, 1)
    q = _grouped(rotated[:, :, : layer.heads], batch, layer)
    k, v = (t.transpose(1, 2).reshape(-1, length, width) for t in (rotated[:, :, layer.heads :], y[:, :, both:]))
    return q, k, v


def _heads_backward(d: tuple[Tensor, Tensor, Tensor], cos: Tensor, sin: Tensor, layer: Layer) -> Tensor:
    dq, dk, dv = d
    length, width, both = dk.shape[1], layer.width, layer.heads + layer.groups
    batch = len(dk) // layer.groups
    joined = dq.new_empty(batch, length, both, width)
    joined[:, :, : layer.heads] = _rows(dq, batch, layer).view(batch, length, layer.heads, width)
    joined[:, :, layer.heads :] = dk.view(batch, layer.groups, length, width).transpose(1, 2)
    dy = dq.new_empty(batch, length, both + layer.groups, width)
    _rotate(joined, *_scaled(cos, sin, layer), dy[:, :, :both], -1)
    dy[:, :, both:] = dv.view(batch, layer.groups, length, width).transpose(1, 2)
    return dy.view(batch * length, -1)


def _grouped(x: Tensor, batch: int, layer: Layer) -> Tensor:
    repeats = layer.heads // layer.groups
    x = x.reshape(batch, -1, layer.groups, repeats, layer.width).transpose(1, 2)
    return x.reshape(batch * layer.groups, -1, layer.width)


def _rows(x: Tensor, batch: int, layer: Layer) -> Tensor:
    repeats = layer.heads // layer.groups
    x = x.view(batch, layer.groups, -1, repeats, layer.width).transpose(1, 2)
    return x.reshape(-1, layer.heads * layer.width)
