"""The two doors to the kernels: what a place's layers get, and nothing of the other's is imported."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from moviechat import params
from moviechat.training.place import Place
from moviechat.training.ways import PADDED, Way


def install(model: Any, place: Place) -> Way:
    """Give the layers of a peft model the kernels of `place`, or leave them where those do not apply."""
    if place.kernels == "cpu":
        from moviechat.training.cpu import door as cpu

        return cpu.install(model) or PADDED
    if place.kernels == "gpu":
        from moviechat.training.gpu import door as gpu

        return gpu.install(model) or PADDED
    return PADDED


def together(p: params.Train, place: Place, model: Any, lengths: Sequence[int]) -> params.Train:
    """`p` with a step's micro-batches taken together as far as a GPU's memory holds them; the step stays the same."""
    if not place.gpu or p.accumulation == 1:
        return p
    from moviechat.training.gpu import door

    return door.together(p, model, lengths)
