"""Names and layout of Llama's weights in transformers and in llama.cpp."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from moviechat.errors import ModelError

Array = NDArray[Any]

# transformers' name of a layer's part -> llama.cpp's.
PARTS = {
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
    "input_layernorm": "attn_norm",
    "post_attention_layernorm": "ffn_norm",
}
WHOLES = {"model.embed_tokens": "token_embd", "model.norm": "output_norm", "lm_head": "output"}
_PARTS_BACK = {theirs: ours for ours, theirs in PARTS.items()}
_WHOLES_BACK = {theirs: ours for ours, theirs in WHOLES.items()}


def to_gguf(module: str) -> str:
    """`model.layers.3.self_attn.q_proj` -> `blk.3.attn_q`; raises ModelError for names that Llama does not have."""
    if module in WHOLES:
        return WHOLES[module]
    found = re.fullmatch(r"model\.layers\.(\d+)\.(.+)", module)
    if not found or found[2] not in PARTS:
        raise ModelError(f"{module} is not part of a Llama model: only Llama's layers can be written as GGUF")
    return f"blk.{found[1]}.{PARTS[found[2]]}"


def from_gguf(name: str) -> str:
    """`blk.3.attn_q` -> `model.layers.3.self_attn.q_proj`; raises ModelError for names that Llama does not have."""
    if name in _WHOLES_BACK:
        return _WHOLES_BACK[name]
    found = re.fullmatch(r"blk\.(\d+)\.(.+)", name)
    if not found or found[2] not in _PARTS_BACK:
        raise ModelError(f"tensor {name} is not part of a plain Llama model: give the model as hf: or as safetensors")
    return f"model.layers.{found[1]}.{_PARTS_BACK[found[2]]}"


def heads_of(name: str, heads: int, kv_heads: int) -> int | None:
    """The number of heads that llama.cpp interleaves the rows of tensor `name` for; None if it does not."""
    part = name.rpartition(".")[2]
    return {"attn_q": heads, "attn_k": kv_heads}.get(part)


def interleave(rows: Array, heads: int) -> Array:
    """Reorder q's or k's rows from transformers' order to llama.cpp's.

    transformers rotates the two halves of a head, llama.cpp neighbouring pairs (RoPE, arXiv:2104.09864): row i of
    a head's first half and row i of its second become neighbours. `rows` is (heads * head_dim, any).
    """
    return _swapped(rows, (heads, 2, -1))


def deinterleave(rows: Array, heads: int) -> Array:
    """Undo `interleave`."""
    return _swapped(rows, (heads, rows.shape[0] // heads // 2, 2))


def _swapped(rows: Array, split: tuple[int, int, int]) -> Array:
    return np.ascontiguousarray(rows.reshape(*split, *rows.shape[1:]).swapaxes(1, 2).reshape(rows.shape))
