"""Decoder layers whose `forward` is replaced: how that is marked, and the check that the output stays the same."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

_PROJECTIONS = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")
_TOKENS = 6
_NEAR = 0.05  # of what a layer adds to its input: bf16 rounds to .01, another kind of layer differs far more


class Replaced:
    """A replacement `forward`, stored on the module instance over that of its class."""


def known(model: Any) -> bool:
    """Whether a peft model's base is a Llama without biases and with the usual activation."""
    c = model.config
    return c.model_type == "llama" and not c.attention_bias and not c.mlp_bias and c.hidden_act == "silu"


def projections(layers: Any) -> list[Any]:
    """Every linear module of decoder `layers`."""
    parts = [part for x in layers for part in (getattr(x, "self_attn", None), getattr(x, "mlp", None))]
    return [getattr(part, name) for part in parts for name in _PROJECTIONS if hasattr(part, name)]


def agree(model: Any, make: Callable[[Any], Callable[..., Tensor]]) -> bool:
    """Whether the replacement that `make` builds for the first decoder layer gives that layer's output; warns if not.

    A newer transformers may have other layers than those that the kernels were written for.
    """
    inner = model.get_base_model().model
    if len({type(layer) for layer in inner.layers}) > 1:
        return _aside(inner, "its layers are of several kinds")
    try:
        distance = _distance(inner, make(inner.layers[0]))
    except Exception as error:  # whatever a changed layer does to a call, the training must continue with it
        return _aside(inner, f"{type(error).__name__}: {error}")
    return distance <= _NEAR or _aside(inner, f"the outputs differ by {distance:.2g} of what the layer adds")


def _aside(inner: Any, why: str) -> bool:
    kind = f"{type(inner.layers[0]).__module__}.{type(inner.layers[0]).__qualname__}"
    warnings.warn(f"the fast kernels are not used, training is slower: {kind} is unknown to them ({why})", stacklevel=3)
    return False


@torch.no_grad()
def _distance(inner: Any, ours: Callable[..., Tensor]) -> float:
    layer, width = inner.layers[0], inner.config.hidden_size
    like = layer.input_layernorm.weight
    x = torch.linspace(-3, 3, _TOKENS * width, device=like.device).sin().view(1, _TOKENS, width)
    x = x.to(inner.embed_tokens.weight.dtype)
    turn = inner.rotary_emb(x, position_ids=torch.arange(_TOKENS, device=x.device)[None])
    unseen = torch.full((_TOKENS, _TOKENS), torch.finfo(x.dtype).min, dtype=x.dtype, device=x.device).triu(1)
    training = layer.training
    try:
        theirs = layer.eval()(x, attention_mask=unseen[None, None], position_embeddings=turn)
        found = ours(x, position_embeddings=turn)
    finally:
        layer.train(training)
    rounding = 2 * torch.finfo(x.dtype).eps * theirs.float().norm()
    added = (theirs.float() - x.float()).norm()
    return float(((found.float() - theirs.float()).norm() - rounding) / added)
