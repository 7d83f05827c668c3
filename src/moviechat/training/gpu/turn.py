"""Rotation, padding and copies of the shared keys in one pass over the projection, forward and backward, in Triton."""

from __future__ import annotations

from typing import Any

import torch
import triton
import triton.language as tl
from torch import Tensor

from moviechat.training.gpu.attention import Heads, Turn
from moviechat.training.gpu.rows import Row


@triton.jit  # type: ignore[untyped-decorator]
def _move(  # type: ignore[no-untyped-def]
    y, out, cos, sin, places, keys, shared, stretches,
    row_size, offset, heads: tl.constexpr, width: tl.constexpr, padded: tl.constexpr,
    head_block: tl.constexpr, half_block: tl.constexpr,
    rotated: tl.constexpr, copied: tl.constexpr, backward: tl.constexpr,
):  # fmt: skip
    """One token's heads from y [tokens, row_size] at `offset` to out [places, heads, padded]; or gradients back."""
    token = tl.program_id(0).to(tl.int64)
    head = tl.arange(0, head_block)[:, None]
    column = tl.arange(0, half_block)[None, :]
    half = width // 2
    inside = (head < heads) & (column < half)
    here = y + token * row_size + offset + head * width + column
    there = out + head * padded + column
    tail = column + width
    first_place = token
    copies = 1
    if copied:
        first_place = tl.load(places + token).to(tl.int64)
        copies = tl.where(token < shared, stretches, 1)
    if rotated:
        c = tl.load(cos + token * width + column, mask=column < half, other=0.0).to(tl.float32)
        s = tl.load(sin + token * width + column, mask=column < half, other=0.0).to(tl.float32)
    if backward:
        a = tl.zeros((head_block, half_block), tl.float32)
        b = tl.zeros((head_block, half_block), tl.float32)
        for n in range(copies):
            place = first_place
            if copied:
                place = tl.where(token < shared, tl.load(keys + n).to(tl.int64) + token, first_place)
            at = there + place * heads * padded
            a += tl.load(at, mask=inside, other=0.0).to(tl.float32)
            b += tl.load(at + half, mask=inside, other=0.0).to(tl.float32)
        if rotated:
            a, b = a * c + b * s, b * c - a * s
        tl.store(here, a.to(y.dtype.element_ty), mask=inside)
        tl.store(here + half, b.to(y.dtype.element_ty), mask=inside)
    else:
        a = tl.load(here, mask=inside, other=0.0).to(tl.float32)
        b = tl.load(here + half, mask=inside, other=0.0).to(tl.float32)
        if rotated:
            a, b = a * c - b * s, b * c + a * s
        zero = tl.zeros((head_block, half_block), out.dtype.element_ty)
        for n in range(copies):
            place = first_place
            if copied:
                place = tl.where(token < shared, tl.load(keys + n).to(tl.int64) + token, first_place)
            at = there + place * heads * padded
            tl.store(at, a.to(out.dtype.element_ty), mask=inside)
            tl.store(at + half, b.to(out.dtype.element_ty), mask=inside)
            tl.store(at + width, zero, mask=(head < heads) & (tail < padded))


def _moved(
    y: Tensor, out: Tensor, turn: Turn, row: Row, heads: int, offset: int, width: int, how: tuple[bool, ...]
) -> None:
    rotated, copied, backward = how
    _move[(len(y),)](
        y, out, *turn, row.places, row.keys, row.shared, len(row.keys) - 1,
        y.shape[1], offset, heads, width, out.shape[-1],
        head_block=triton.next_power_of_2(heads), half_block=triton.next_power_of_2(width // 2),
        rotated=rotated, copied=copied, backward=backward,
    )  # fmt: skip


class _Turned(torch.autograd.Function):
    """`attention.turned` and its gradient."""

    @staticmethod
    def forward(ctx: Any, y: Tensor, turn: Turn, heads: Heads, row: Row) -> tuple[Tensor, Tensor, Tensor]:
        ctx.how = turn, heads, row
        number = len(row.sources)
        q = y.new_empty(len(y), heads.queries, heads.padded)
        k, v = (y.new_empty(number, heads.groups, heads.padded) for _ in range(2))
        for out, (many, offset, rotated, copied) in zip((q, k, v), _parts(heads), strict=True):
            _moved(y, out, turn, row, many, offset, heads.width, (rotated, copied, False))
        return q, k, v

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Any, ...]:
        turn, heads, row = ctx.how
        dy = gradients[0].new_empty(len(gradients[0]), (heads.queries + 2 * heads.groups) * heads.width)
        for out, (many, offset, rotated, copied) in zip(gradients, _parts(heads), strict=True):
            _moved(dy, out.contiguous(), turn, row, many, offset, heads.width, (rotated, copied, True))
        return dy, None, None, None


def _parts(heads: Heads) -> list[tuple[int, int, bool, bool]]:
    """Of q, k and v: number of heads, offset in a token's projection, whether they rotate, whether they are copied."""
    k = heads.queries * heads.width
    return [
        (heads.queries, 0, True, False),
        (heads.groups, k, True, True),
        (heads.groups, k + heads.groups * heads.width, False, True),
    ]


def turned(y: Tensor, turn: Turn, heads: Heads, row: Row) -> tuple[Tensor, Tensor, Tensor]:
    """`attention.turned` in three launches."""
    cos, sin = (t.contiguous() for t in turn)
    found: tuple[Tensor, Tensor, Tensor] = _Turned.apply(y, (cos, sin), heads, row)  # type: ignore[no-untyped-call]
    return found
