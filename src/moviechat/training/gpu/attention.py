"""Attention over a row without padding: torch's varlen flash kernel, or one stretch at a time without it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from moviechat.training.gpu.rows import Row

_ALIGNED = 8  # the flash kernels need head widths that are multiples of this

Turn = tuple[Tensor, Tensor]  # cosines and sines [tokens, width] of the rotary embedding


@dataclass(frozen=True)
class Heads:
    """Layout of a token's projection: `queries` heads of `width`, then `groups` of keys and as many of values."""

    queries: int
    groups: int
    width: int

    @property
    def padded(self) -> int:
        """`width` rounded up for the kernels."""
        return -(-self.width // _ALIGNED) * _ALIGNED


def turned(y: Tensor, turn: Turn, heads: Heads, row: Row) -> tuple[Tensor, Tensor, Tensor]:
    """Rotated q [tokens, queries, padded], k and v [keys, groups, padded] of the projection y, laid out as in `row`."""
    y = y.view(len(y), -1, heads.width)
    q, k, v = torch.split(y, [heads.queries, heads.groups, heads.groups], 1)
    cos, sin = (t[:, None] for t in turn)
    q, k = (x * cos + _half_turned(x) * sin for x in (q, k))
    more = (0, heads.padded - heads.width)
    q, k, v = (functional.pad(x, more) for x in (q, k[row.sources], v[row.sources]))
    return q, k, v


def attend(q: Tensor, k: Tensor, v: Tensor, heads: Heads, row: Row) -> Tensor:
    """The attention output of each token [tokens, queries * width]."""
    if heads.groups != heads.queries:
        k, v = (t.repeat_interleave(heads.queries // heads.groups, 1) for t in (k, v))
    flash = q.is_cuda and q.dtype in (torch.bfloat16, torch.float16)
    mixed = (_flash if flash else _apart)(q, k, v, heads.width**-0.5, row)
    return mixed[..., : heads.width].reshape(len(mixed), -1)


def _flash(q: Tensor, k: Tensor, v: Tensor, scale: float, row: Row) -> Tensor:
    from torch.nn.attention.varlen import varlen_attn

    # Causal from the end: a stretch's last query sees its last key.
    found: Any = varlen_attn(q, k, v, row.queries, row.keys, row.longest, row.longest, scale=scale, window_size=(-1, 0))
    return found  # type: ignore[no-any-return]


def _apart(q: Tensor, k: Tensor, v: Tensor, scale: float, row: Row) -> Tensor:
    mixed = []
    for asking, seen in zip(pairwise(row.queries.tolist()), pairwise(row.keys.tolist()), strict=True):
        one, keys, values = (t[slice(*r)].transpose(0, 1)[None] for t, r in ((q, asking), (k, seen), (v, seen)))
        n, known = one.shape[2], keys.shape[2]
        mask = torch.ones(n, known, dtype=torch.bool, device=q.device).tril(known - n)
        found = functional.scaled_dot_product_attention(one, keys, values, attn_mask=mask, scale=scale)
        mixed.append(found[0].transpose(0, 1))
    return torch.cat(mixed)


def _half_turned(x: Tensor) -> Tensor:
    first, second = x.chunk(2, -1)
    return torch.cat([-second, first], -1)
