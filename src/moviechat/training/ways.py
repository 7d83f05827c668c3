"""The way of a micro-batch through the base: how pairs are put together, and what reads their hidden states."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from moviechat.training.examples import IGNORED, RightPadded

Collator = Callable[[Sequence[Mapping[str, Any]]], dict[str, Any]]


@dataclass(frozen=True)
class Way:
    """`collator` takes the padding's id; `read` turns the model and a batch into hidden states [wanted, hidden] and
    the tokens [wanted] that follow them; `kernels` names what the layers run as."""

    kernels: str
    collator: Callable[[int], Collator]
    read: Callable[..., tuple[Tensor, Tensor]]


def _padded(inner: Any, input_ids: Tensor, attention_mask: Tensor, labels: Tensor, **_: Any) -> tuple[Tensor, Tensor]:
    """The hidden states of ids [pairs, length] before each label, whose last column counts for nothing."""
    wanted = labels[:, 1:]
    counted = wanted != IGNORED
    hidden: Tensor = inner(input_ids, attention_mask=attention_mask, use_cache=False)[0]
    return hidden[:, :-1][counted], wanted[counted]


PADDED = Way("transformers", RightPadded, _padded)
