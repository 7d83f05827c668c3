"""The way of a micro-batch through the base: how pairs are put together, and what reads their hidden states."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from moviechat import params
from moviechat.training.examples import IGNORED, RightPadded
from moviechat.training.place import Place

Collator = Callable[[Sequence[Mapping[str, Any]]], dict[str, Any]]


@dataclass(frozen=True)
class Way:
    """`collator` takes the padding's id; `read` turns the model and a batch into hidden states [wanted, hidden] and
    the tokens [wanted] that follow them; `kernels` names what the layers run as."""

    kernels: str
    collator: Callable[[int], Collator]
    read: Callable[..., tuple[Tensor, Tensor]]


def install(model: Any, place: Place) -> Way:
    """Give the layers of a peft model the kernels of `place`, or leave them where those do not apply."""
    if place.kernels == "cpu":
        from moviechat.training import cpu

        return cpu.install(model) or PADDED
    if place.kernels == "gpu":
        from moviechat.training import gpu

        return gpu.install(model) or PADDED
    return PADDED


def together(p: params.Train, place: Place, model: Any, lengths: Sequence[int]) -> params.Train:
    """`p` with a step's micro-batches taken together as far as a GPU's memory holds them; the step stays the same."""
    if not place.gpu or p.accumulation == 1:
        return p
    from moviechat.training import gpu

    return gpu.together(p, model, lengths)


def _padded(inner: Any, input_ids: Tensor, attention_mask: Tensor, labels: Tensor, **_: Any) -> tuple[Tensor, Tensor]:
    """The hidden states of ids [pairs, length] before each label, whose last column counts for nothing."""
    wanted = labels[:, 1:]
    counted = wanted != IGNORED
    hidden: Tensor = inner(input_ids, attention_mask=attention_mask, use_cache=False)[0]
    return hidden[:, :-1][counted], wanted[counted]


PADDED = Way("transformers", RightPadded, _padded)
