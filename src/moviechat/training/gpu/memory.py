"""How many pairs fit into a card's memory at once, estimated from the layers' shape."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from typing import Any

from moviechat import params

_USED = 0.85  # share of the free memory: the rest is for the optimiser, cuBLAS and fragmentation
_SLACK = 1.3  # factor over the estimate: buffers of a backward pass
_FLOAT32 = 2.2  # a quantised base keeps norms and sums in fp32, and bitsandbytes copies its inputs


def together(p: params.Train, config: Any, free: float, lengths: Sequence[int]) -> params.Train:
    """`p` with micro_batch x n and accumulation / n, for the largest n whose longest pairs fit into `free` bytes."""
    each = token_bytes(config) * (1.0 if p.quantize == "none" else _FLOAT32)
    for n in range(p.accumulation, 1, -1):
        pairs = p.micro_batch * n
        # An evaluation takes twice as many pairs and keeps nothing for a backward pass.
        if p.accumulation % n == 0 and each * sum(heapq.nlargest(pairs, lengths)) <= _USED * free:
            return p.model_copy(update={"micro_batch": pairs, "accumulation": p.accumulation // n})
    return p


def token_bytes(config: Any) -> float:
    """Bytes of one token's activations until its backward pass, with 16-bit weights."""
    heads = config.num_attention_heads
    width = -(-(getattr(config, "head_dim", None) or config.hidden_size // heads) // 8) * 8
    # Per layer: its input, the results of both norms and the sum between; q, k, v and the attention output (twice: with
    # and without padding of a head's width); gate and up.
    # and without padding of a head's width); gate and up.
    layer = 4 * config.hidden_size + 6 * heads * width + 2 * config.intermediate_size
    return float(2 * _SLACK * layer * config.num_hidden_layers)
