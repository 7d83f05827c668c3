"""A micro-batch as one row of tokens: the common beginning of its pairs is stored and computed once.

Exact for a causal model: a token before the first difference does not depend on the pair.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from moviechat.training.examples import IGNORED


@dataclass(frozen=True)
class Layout:
    """`shared` tokens of all pairs, then the other `rest` tokens of each of `pairs`, right padding included."""

    shared: int
    pairs: int
    rest: int

    @classmethod
    def of(cls, ids: Tensor) -> Layout:
        """The layout of ids [pairs, length] with the longest common beginning; a single pair shares nothing."""
        pairs, length = ids.shape
        alike = int((ids == ids[0]).all(0).long().cumprod(0).sum()) if pairs > 1 else 0
        shared = min(alike, length - 1)
        return cls(shared, pairs, length - shared)

    @property
    def tokens(self) -> int:
        """The row's length."""
        return self.shared + self.pairs * self.rest

    @property
    def stretches(self) -> list[tuple[slice, int]]:
        """Position of the shared beginning (if any) and of the rests in the row, and how many sequences each has."""
        rests = (slice(self.shared, self.tokens), self.pairs)
        return [(slice(0, self.shared), 1), rests] if self.shared else [rests]

    def pack(self, columns: Tensor) -> Tensor:
        """The row [tokens] of values [pairs, length]; the shared ones are taken from the first pair."""
        return torch.cat([columns[0, : self.shared], columns[:, self.shared :].flatten()])

    def places(self, chosen: Tensor) -> Tensor:
        """Positions in the row of the true entries of chosen [pairs, length], in the order of `values[chosen]`."""
        length = self.shared + self.rest
        first = torch.arange(self.pairs).unsqueeze(1) * self.rest
        columns = torch.arange(length).expand(self.pairs, length)
        return (columns + functional.pad(first.expand(-1, self.rest), (self.shared, 0)))[chosen]


def read(inner: Any, input_ids: Tensor, labels: Tensor, **_: Any) -> tuple[Tensor, Tensor]:
    """The hidden states before each label, by fused layers: one row, its beginning once, the last layer for them."""
    wanted = labels[:, 1:]
    counted = wanted != IGNORED
    layout = Layout.of(input_ids)
    positions = layout.pack(torch.arange(input_ids.shape[1]).expand(input_ids.shape))
    hidden: Tensor = inner(
        layout.pack(input_ids)[None],
        # transformers uses a four-dimensional mask as it is instead of making one; fused layers read none.
        attention_mask=input_ids.new_zeros(1, 1, 1, 1),
        position_ids=positions[None],
        use_cache=False,
        layout=layout,
        wanted=layout.places(functional.pad(counted, (0, 1))),
    )[0]
    return hidden[0], wanted[counted]
