"""The entry to the GPU kernels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from moviechat import params
from moviechat.training.ways import Way


def install(model: Any) -> Way | None:
    """Make a peft model's layers run on rows without padding; None (and no change) if that is not supported."""
    from moviechat.training.gpu import kernels, layer, rows

    found = kernels.found(model.device)
    return Way(found.name, rows.Rows, rows.read) if layer.install(model, found) else None


def together(p: params.Train, model: Any, lengths: Sequence[int]) -> params.Train:
    """`p` with the fewest micro-batches per step that this card's free memory allows; the step keeps its pairs."""
    import torch

    from moviechat.training.gpu import memory

    free, _ = torch.cuda.mem_get_info(model.device)
    # Memory that the allocator holds but does not use is free too.
    kept = torch.cuda.memory_reserved(model.device) - torch.cuda.memory_allocated(model.device)
    return memory.together(p, model.config, free + kept, lengths)
