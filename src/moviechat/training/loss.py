"""The loss of the response tokens alone, as the model's own forward: autocast, DDP and FSDP wrap it like any other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional
from transformers.modeling_outputs import CausalLMOutput

from moviechat.training.examples import IGNORED
from moviechat.training.fused import Replacement
from moviechat.training.packed import Layout


def install(model: Any) -> None:
    """Let the base of a peft model answer with the loss of its labels, computing no other position's logits."""
    base = model.get_base_model()
    base.forward = ResponseLoss(base)


@contextmanager
def writing(model: Any) -> Iterator[Any]:
    """`model` as transformers and peft made it, which can keep keys and values: for a sample between two steps."""
    ours = (Replacement, ResponseLoss)
    replaced = [m for m in model.get_base_model().modules() if isinstance(m.__dict__.get("forward"), ours)]
    forwards = [m.__dict__.pop("forward") for m in replaced]
    training = model.training
    try:
        with torch.no_grad():
            yield model.eval()
    finally:
        model.train(training)
        for module, forward in zip(replaced, forwards, strict=True):
            module.forward = forward


class ResponseLoss:
    """What the base's `forward` becomes."""

    def __init__(self, base: Any) -> None:
        self._base = base

    def __call__(
        self, input_ids: Tensor, attention_mask: Tensor, labels: Tensor, num_items_in_batch: Any = None, **_: Any
    ) -> CausalLMOutput:
        """Cross entropy [] over the labels of input_ids [batch, length], by `num_items_in_batch` or by their number."""
        wanted = labels[:, 1:]
        counted = wanted != IGNORED
        hidden = _packed if _fused(self._base) else _padded
        logits = self._base.lm_head(hidden(self._base.model, input_ids, attention_mask, counted)).float()
        total = functional.cross_entropy(logits, wanted[counted], reduction="sum")
        return CausalLMOutput(loss=total / (counted.sum() if num_items_in_batch is None else num_items_in_batch))


def _fused(base: Any) -> bool:
    return isinstance(base.model.layers[-1].__dict__.get("forward"), Replacement)


def _padded(model: Any, ids: Tensor, mask: Tensor, counted: Tensor) -> Tensor:
    """The hidden states of the `counted` tokens of ids, whose last column counts for nothing."""
    hidden: Tensor = model(ids, attention_mask=mask, use_cache=False)[0]
    return hidden[:, :-1][counted]


def _packed(model: Any, ids: Tensor, _: Tensor, counted: Tensor) -> Tensor:
    """The same by fused layers: one row, its opening once, the last layer for the counted tokens alone."""
    layout = Layout.of(ids)
    positions = layout.pack(torch.arange(ids.shape[1]).expand(ids.shape))
    hidden: Tensor = model(
        layout.pack(ids)[None],
        # A mask of four dimensions is taken as it is: transformers then makes none, and fused layers read none.
        attention_mask=ids.new_zeros(1, 1, 1, 1),
        position_ids=positions[None],
        use_cache=False,
        layout=layout,
        wanted=layout.places(functional.pad(counted, (0, 1))),
    )[0]
    return hidden[0]
