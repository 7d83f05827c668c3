"""The loss of the response tokens only, as the model's own forward: autocast, DDP and FSDP wrap it like any other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch.nn import functional
from transformers.modeling_outputs import CausalLMOutput

from moviechat.training.layers import Replaced
from moviechat.training.ways import PADDED, Way


def install(model: Any, way: Way = PADDED) -> None:
    """Make the base of a peft model return the loss of its labels, with logits only where there is a label."""
    base = model.get_base_model()
    base.forward = ResponseLoss(base, way)


@contextmanager
def writing(model: Any) -> Iterator[Any]:
    """`model` with the forward of transformers and peft, which can cache keys and values: for samples."""
    replaced = [m for m in model.get_base_model().modules() if isinstance(m.__dict__.get("forward"), Replaced)]
    forwards = [m.__dict__.pop("forward") for m in replaced]
    training = model.training
    try:
        with torch.no_grad():
            yield model.eval()
    finally:
        model.train(training)
        for module, forward in zip(replaced, forwards, strict=True):
            module.forward = forward


class ResponseLoss(Replaced):
    """The `forward` that replaces the base's."""

    def __init__(self, base: Any, way: Way) -> None:
        self._base = base
        self._way = way

    def __call__(self, num_items_in_batch: Any = None, **batch: Any) -> CausalLMOutput:
        """Cross entropy [] of a batch from the way's collator, over `num_items_in_batch` or its number of labels."""
        hidden, wanted = self._way.read(self._base.model, **batch)
        total = functional.cross_entropy(self._base.lm_head(hidden).float(), wanted, reduction="sum")
        return CausalLMOutput(loss=total / (len(wanted) if num_items_in_batch is None else num_items_in_batch))
