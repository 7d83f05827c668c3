"""How many pairs a card's memory holds at once, reckoned from the layers' shape."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from typing import Any

from moviechat import params

_USED = 0.85  # of the free memory: the rest is the optimiser's, cuBLAS's and what the allocator cannot fit
_SLACK = 1.3  # over what is reckoned: buffers of a backward pass
_FLOAT32 = 2.2  # a quantised base has its norms and sums in fp32, and bitsandbytes keeps copies of its inputs


def together(p: params.Train, config: Any, free: float, lengths: Sequence[int]) -> params.Train:
    """`p` with micro_batch x n and accumulation / n for the largest n that `free` bytes hold, of the longest pairs."""
    each = token_bytes(config) * (1.0 if p.quantize == "none" else _FLOAT32)
    for n in range(p.accumulation, 1, -1):
        pairs = p.micro_batch * n
        # A look at validation films takes twice as many pairs and keeps nothing for a backward pass.
        if p.accumulation % n == 0 and each * sum(heapq.nlargest(pairs, lengths)) <= _USED * free:
            return p.model_copy(update={"micro_batch": pairs, "accumulation": p.accumulation // n})
    return p


def token_bytes(config: Any) -> float:
    """Bytes that one token's activations take until its backward pass, of 16-bit weights."""
    heads = config.num_attention_heads
    width = -(-(getattr(config, "head_dim", None) or config.hidden_size // heads) // 8) * 8
    # Of each layer: its input, both norms' results and the sum between; q, k, v and what attention gives (twice: with
    # and without padding of a head's width); gate and up.
    layer = 4 * config.hidden_size + 6 * heads * width + 2 * config.intermediate_size
    return float(2 * _SLACK * layer * config.num_hidden_layers)
