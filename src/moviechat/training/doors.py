"""Choose the CPU's or the GPU's kernels; only the chosen package is imported."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from moviechat import params
from moviechat.training.place import Place
from moviechat.training.ways import PADDED, Way


def install(model: Any, place: Place) -> Way:
    """Give the layers of a peft model the kernels of `place`; layers that they do not support stay unchanged."""
    if place.kernels == "cpu":
        from moviechat.training.cpu import door as cpu

        return cpu.install(model) or PADDED
    if place.kernels == "gpu":
        from moviechat.training.gpu import door as gpu

        return gpu.install(model) or PADDED
    return PADDED


def together(p: params.Train, place: Place, model: Any, lengths: Sequence[int]) -> params.Train:
    """`p` with as many micro-batches computed at once as a GPU's memory holds; the step keeps its pairs."""
    if not place.gpu or p.accumulation == 1:
        return p
    from moviechat.training.gpu import door

    return door.together(p, model, lengths)
