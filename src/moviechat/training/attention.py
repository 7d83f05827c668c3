"""Causal attention for training on a CPU, forward and backward, as plain batched products on grouped queries."""

from __future__ import annotations

from functools import lru_cache

import torch
from torch import Tensor

_CHUNK = 128  # queries a block: what lies right of the diagonal block is never computed


def attend(q: Tensor, k: Tensor, v: Tensor) -> tuple[Tensor, list[Tensor]]:
    """Causal attention of q [n, length * repeats, width] on k, v [n, length, width], and its weights a block."""
    repeats, mixed, weights = q.shape[1] // k.shape[1], torch.empty_like(q), []
    for start, end in _spans(k.shape[1]):
        scores = torch.bmm(q[:, start * repeats : end * repeats], k[:, :end].transpose(1, 2))
        scores[:, :, start:end].add_(_causal(end - start, repeats, q.dtype))
        weights.append(torch.softmax(scores, -1))
        mixed[:, start * repeats : end * repeats] = torch.bmm(weights[-1], v[:, :end])
    return mixed, weights


def attend_backward(d: Tensor, q: Tensor, k: Tensor, v: Tensor, weights: list[Tensor]) -> tuple[Tensor, Tensor, Tensor]:
    """The gradients of q, k and v of `attend`, from its output's gradient and its attention weights."""
    repeats, dq, dk, dv = q.shape[1] // k.shape[1], torch.empty_like(q), torch.zeros_like(k), torch.zeros_like(v)
    for (start, end), w in zip(_spans(k.shape[1]), weights, strict=True):
        part = slice(start * repeats, end * repeats)
        dv[:, :end] += torch.bmm(w.transpose(1, 2), d[:, part])
        dw = torch.bmm(d[:, part], v[:, :end].transpose(1, 2))
        ds = torch.ops.aten._softmax_backward_data(dw, w, -1, w.dtype)
        dq[:, part] = torch.bmm(ds, k[:, :end])
        dk[:, :end] += torch.bmm(ds.transpose(1, 2), q[:, part])
    return dq, dk, dv


def _spans(length: int) -> list[tuple[int, int]]:
    return [(start, min(start + _CHUNK, length)) for start in range(0, length, _CHUNK)]


@lru_cache(maxsize=64)
def _causal(queries: int, repeats: int, dtype: torch.dtype) -> Tensor:
    mask = torch.full((queries, queries), float("-inf"), dtype=dtype)
    return mask.triu_(1).repeat_interleave(repeats, 0)
