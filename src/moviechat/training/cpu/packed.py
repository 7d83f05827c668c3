"""A micro-batch as one row of tokens: what its pairs begin with alike stands there, and is computed, once.

Exact for a causal model: a token before the first difference does not know which pair it stands in.
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
    """`shared` tokens of all pairs, then of each of `pairs` its other `rest` tokens, padding on the right included."""

    shared: int
    pairs: int
    rest: int

    @classmethod
    def of(cls, ids: Tensor) -> Layout:
        """The layout that holds most of ids [pairs, length] once; a lone pair shares nothing."""
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
        """Where the shared opening (if any) and the rests lie in the row, and how many are side by side there."""
        rests = (slice(self.shared, self.tokens), self.pairs)
        return [(slice(0, self.shared), 1), rests] if self.shared else [rests]

    def pack(self, columns: Tensor) -> Tensor:
        """The row [tokens] of values [pairs, length]; the shared ones are the first pair's."""
        return torch.cat([columns[0, : self.shared], columns[:, self.shared :].flatten()])

    def places(self, chosen: Tensor) -> Tensor:
        """Where in the row the true ones of chosen [pairs, length] stand, in the order of `values[chosen]`."""
        length = self.shared + self.rest
        first = torch.arange(self.pairs).unsqueeze(1) * self.rest
        columns = torch.arange(length).expand(self.pairs, length)
        return (columns + functional.pad(first.expand(-1, self.rest), (self.shared, 0)))[chosen]


def read(inner: Any, input_ids: Tensor, labels: Tensor, **_: Any) -> tuple[Tensor, Tensor]:
    """The hidden states before each label by fused layers: one row, its opening once, the last layer for them alone."""
    wanted = labels[:, 1:]
    counted = wanted != IGNORED
    layout = Layout.of(input_ids)
    positions = layout.pack(torch.arange(input_ids.shape[1]).expand(input_ids.shape))
    hidden: Tensor = inner(
        layout.pack(input_ids)[None],
        # A mask of four dimensions is taken as it is: transformers then makes none, and fused layers read none.
        attention_mask=input_ids.new_zeros(1, 1, 1, 1),
        position_ids=positions[None],
        use_cache=False,
        layout=layout,
        wanted=layout.places(functional.pad(counted, (0, 1))),
    )[0]
    return hidden[0], wanted[counted]
