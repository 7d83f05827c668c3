"""Causal attention for training on a CPU, forward and backward, as plain batched products on grouped queries."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Tensor

from moviechat.training.cpu.packed import Layout

_CHUNK = 128  # queries per block; products to the right of the diagonal block are never computed

Turn = tuple[Tensor, Tensor]  # cosines and sines [tokens, 1, width / 2] of the rotary embedding


@dataclass(frozen=True)
class Heads:
    """Layout of a token's projection: `queries` heads of `width`, then `groups` of keys and as many of values."""

    queries: int
    groups: int
    width: int

    @property
    def repeats(self) -> int:
        """Query heads per group of keys."""
        return self.queries // self.groups


@dataclass(frozen=True)
class Part:
    """What backward needs of one stretch: q [n, length * repeats, width], k and v [n, ahead + length, width]."""

    q: Tensor
    k: Tensor
    v: Tensor
    weights: list[Tensor]


def forward(y: Tensor, turn: Turn, heads: Heads, layout: Layout) -> tuple[Tensor, list[Part]]:
    """The attention output [tokens, queries * width] for y [tokens, (queries + 2 groups) * width], and its parts."""
    y = y.view(layout.tokens, -1, heads.width)
    q, k, v = _split(y, heads)
    # Attention's 1/sqrt(width) is part of the queries' rotation, which saves a pass.
    q, k = _rotated(q, _scaled(turn, heads)), _rotated(k, turn)
    mixed, parts = y.new_empty(layout.tokens, heads.queries * heads.width), []
    ahead: list[Tensor] = []
    for rows, n in layout.stretches:
        keys = [_side_by_side(t[rows], n) for t in (k, v)]
        if ahead:
            keys = [torch.cat([a.expand(n, -1, -1, -1), t], 2) for a, t in zip(ahead, keys, strict=True)]
        ahead = keys
        queries = _grouped(q[rows], n, heads)
        out, weights = attend(queries, keys[0].flatten(0, 1), keys[1].flatten(0, 1), heads.repeats)
        mixed[rows] = _rows(out, n, heads)
        parts.append(Part(queries, keys[0].flatten(0, 1), keys[1].flatten(0, 1), weights))
    return mixed, parts


def backward(d: Tensor, parts: list[Part], turn: Turn, heads: Heads, layout: Layout) -> Tensor:
    """The gradient of `forward`'s y, from that of its output."""
    dy = d.new_empty(layout.tokens, heads.queries + 2 * heads.groups, heads.width)
    dq, dk, dv = _split(dy, heads)
    turned_q, turned_k = torch.empty_like(dq), torch.empty_like(dk)
    ahead: list[Tensor] = []
    for (rows, n), part in reversed(list(zip(layout.stretches, parts, strict=True))):
        gradients = attend_backward(_grouped(d[rows], n, heads), part, heads.repeats)
        turned_q[rows] = _rows(gradients[0], n, heads).view(-1, heads.queries, heads.width)
        keys = [t.view(n, heads.groups, -1, heads.width) for t in gradients[1:]]
        for t, a in zip(keys, ahead, strict=False):
            t += a
        before = keys[0].shape[2] - part.q.shape[1] // heads.repeats
        ahead = [t[:, :, :before].sum(0, keepdim=True) for t in keys]
        turned_k[rows], dv[rows] = (t[:, :, before:].transpose(1, 2).flatten(0, 1) for t in keys)
    _rotate(turned_q, _scaled(turn, heads), dq, -1)
    _rotate(turned_k, turn, dk, -1)
    return dy.view(layout.tokens, -1)


def attend(q: Tensor, k: Tensor, v: Tensor, repeats: int) -> tuple[Tensor, list[Tensor]]:
    """Causal attention of q [n, length * repeats, width] on k, v [n, ahead + length, width], and its weights."""
    mixed, weights = torch.empty_like(q), []
    for start, end, seen in _spans(q, k, repeats):
        scores = torch.bmm(q[:, start * repeats : end * repeats], k[:, :seen].transpose(1, 2))
        scores[:, :, seen - end + start :].add_(_causal(end - start, repeats, q.dtype))
        weights.append(torch.softmax(scores, -1))
        mixed[:, start * repeats : end * repeats] = torch.bmm(weights[-1], v[:, :seen])
    return mixed, weights


def attend_backward(d: Tensor, part: Part, repeats: int) -> tuple[Tensor, Tensor, Tensor]:
    """The gradients of q, k and v in `attend`, from that of its output."""
    q, k, v = part.q, part.k, part.v
    dq, dk, dv = torch.empty_like(q), torch.zeros_like(k), torch.zeros_like(v)
    for (start, end, seen), w in zip(_spans(q, k, repeats), part.weights, strict=True):
        rows = slice(start * repeats, end * repeats)
        dv[:, :seen] += torch.bmm(w.transpose(1, 2), d[:, rows])
        dw = torch.bmm(d[:, rows], v[:, :seen].transpose(1, 2))
        ds = torch.ops.aten._softmax_backward_data(dw, w, -1, w.dtype)
        dq[:, rows] = torch.bmm(ds, k[:, :seen])
        dk[:, :seen] += torch.bmm(ds.transpose(1, 2), q[:, rows])
    return dq, dk, dv


def _spans(q: Tensor, k: Tensor, repeats: int) -> list[tuple[int, int, int]]:
    """First and last query of each block, and how many keys its last query sees."""
    length = q.shape[1] // repeats
    ahead = k.shape[1] - length
    ends = [(start, min(start + _CHUNK, length)) for start in range(0, length, _CHUNK)]
    return [(start, end, ahead + end) for start, end in ends]


@lru_cache(maxsize=64)
def _causal(queries: int, repeats: int, dtype: torch.dtype) -> Tensor:
    mask = torch.full((queries, queries), float("-inf"), dtype=dtype)
    return mask.triu_(1).repeat_interleave(repeats, 0)


def _split(y: Tensor, heads: Heads) -> tuple[Tensor, Tensor, Tensor]:
    both = heads.queries + heads.groups
    return y[:, : heads.queries], y[:, heads.queries : both], y[:, both:]


def _scaled(turn: Turn, heads: Heads) -> Turn:
    return turn[0] * heads.width**-0.5, turn[1] * heads.width**-0.5


def _rotated(x: Tensor, turn: Turn) -> Tensor:
    out = torch.empty_like(x, memory_format=torch.contiguous_format)
    _rotate(x, turn, out, 1)
    return out


def _rotate(x: Tensor, turn: Turn, out: Tensor, sign: int) -> None:
    half = x.shape[-1] // 2
    first, second = x[..., :half], x[..., half:]
    torch.mul(first, turn[0], out=out[..., :half]).addcmul_(second, turn[1], value=-sign)
    torch.mul(second, turn[0], out=out[..., half:]).addcmul_(first, turn[1], value=sign)


def _side_by_side(x: Tensor, n: int) -> Tensor:
    """x [n * length, groups, width] as [n, groups, length, width]."""
    return x.reshape(n, -1, *x.shape[1:]).transpose(1, 2)


def _grouped(x: Tensor, n: int, heads: Heads) -> Tensor:
    """x [n * length, queries * width] as [n * groups, length * repeats, width]."""
    x = x.reshape(n, -1, heads.groups, heads.repeats, heads.width).transpose(1, 2)
    return x.reshape(n * heads.groups, -1, heads.width)


def _rows(x: Tensor, n: int, heads: Heads) -> Tensor:
    """The inverse of `_grouped`: [n * length, queries * width]."""
    x = x.view(n, heads.groups, -1, heads.repeats, heads.width).transpose(1, 2)
    return x.reshape(-1, heads.queries * heads.width)
