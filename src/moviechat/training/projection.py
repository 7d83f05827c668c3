"""A frozen projection with LoRA on some of its rows; forward and backward are written out to save memory passes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

Pack = tuple[Tensor, Tensor]  # a projection's A and its scaled B


@dataclass(frozen=True)
class Projection:
    """Frozen `weight` [out, in]; `adapters` has, per row block, the rows and peft's A and B, or None."""

    weight: Tensor
    adapters: tuple[tuple[int, tuple[Tensor, Tensor] | None], ...]
    scale: float

    @classmethod
    def of(cls, modules: list[Any]) -> Projection:
        """Linear modules with the same input, with or without peft's adapter, as one; their weights stay in place."""
        pairs = [
            (m.lora_A["default"].weight, m.lora_B["default"].weight) if hasattr(m, "lora_A") else None for m in modules
        ]
        scale = next((float(m.scaling["default"]) for m in modules if hasattr(m, "lora_A")), 1.0)
        weights = [m.weight.detach() for m in modules]
        weight = torch.cat(weights) if len(weights) > 1 else weights[0]
        return cls(weight, tuple((len(w), pair) for w, pair in zip(weights, pairs, strict=True)), scale)

    @property
    def parameters(self) -> list[Tensor]:
        """A and B of every adapted block, in order."""
        return [t for _, pair in self.adapters if pair for t in pair]

    def packed(self) -> Pack | None:
        """All A [ranks, in] stacked, and all scaled B [out, ranks] as a block-diagonal matrix; or None."""
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
            return self.add_product(None if onto is None else onto.clone(), x, self.weight.t()), None
        # The small product first: the large one is then added to it, without another pass over the result.
        low = x @ pack[0].t()
        y = low @ pack[1].t() if onto is None else torch.addmm(onto, low, pack[1].t())
        return self.add_product(y, x, self.weight.t()), low

    def backward(
        self, dy: Tensor, x: Tensor, low: Tensor | None, pack: Pack | None, onto: Tensor | None = None
    ) -> tuple[Tensor, list[Tensor]]:
        """The gradients of x, added to `onto` in place, and of `parameters`, the latter in fp32."""
        if pack is None or low is None:
            return self.add_product(onto, dy, self.weight), []
        back, grads = self.gradients(dy, x, low, pack)
        dx = back @ pack[0] if onto is None else onto.addmm_(back, pack[0])
        return self.add_product(dx, dy, self.weight), grads

    def gradients(self, dy: Tensor, x: Tensor, low: Tensor, pack: Pack) -> tuple[Tensor, list[Tensor]]:
        """dy B, needed for x's gradient, and the gradients of `parameters` in fp32."""
        back = dy @ pack[1]
        da, db = (back.t() @ x).float(), (low.t() @ dy).t()
        return back, [g for rows, ranks in self._blocks() for g in (da[ranks], db[rows, ranks].float() * self.scale)]

    def add_product(self, y: Tensor | None, x: Tensor, w: Tensor) -> Tensor:
        """y + x w, in place of y; or x w."""
        return x @ w if y is None else y.addmm_(x, w)

    def _blocks(self) -> list[tuple[slice, slice]]:
        blocks, row, rank = [], 0, 0
        for rows, pair in self.adapters:
            if pair:
                blocks.append((slice(row, row + rows), slice(rank, rank + len(pair[0]))))
                rank += len(pair[0])
            row += rows
        return blocks


def plain(modules: list[Any]) -> bool:
    """Whether `modules` are unquantised linear layers with plain LoRA (no dropout, no DoRA) or without LoRA."""
    floating = all(m.weight.is_floating_point() for m in modules)
    dropped = any(d.p > 0 for m in modules for d in getattr(m, "lora_dropout", {}).values() if hasattr(d, "p"))
    more = any(getattr(m, "lora_variant", None) for m in modules)  # DoRA and similar methods
    return floating and not dropped and not more
