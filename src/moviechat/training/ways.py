"""How a micro-batch passes through the base: the layout of its pairs, and how the hidden states are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from moviechat.training.examples import IGNORED, RightPadded

Collator = Callable[[Sequence[Mapping[str, Any]]], dict[str, Any]]


@dataclass(frozen=True)
class Way:
    """`collator` takes the padding id; `read` turns model and batch into hidden states [wanted, hidden] and the
    tokens [wanted] that follow them; `kernels` names the implementation of the layers.
    """

    kernels: str
    collator: Callable[[int], Collator]
    read: Callable[..., tuple[Tensor, Tensor]]


def _padded(inner: Any, input_ids: Tensor, attention_mask: Tensor, labels: Tensor, **_: Any) -> tuple[Tensor, Tensor]:
    """The hidden states of ids [pairs, length] before each label; the last column has none."""
    wanted = labels[:, 1:]
    counted = wanted != IGNORED
    hidden: Tensor = inner(input_ids, attention_mask=attention_mask, use_cache=False)[0]
    return hidden[:, :-1][counted], wanted[counted]


PADDED = Way("transformers", RightPadded, _padded)
