"""The entry to the CPU kernels."""

from __future__ import annotations

from typing import Any

from moviechat.training.ways import Way


def install(model: Any) -> Way | None:
    """Make a peft model's layers run fused on packed micro-batches; None (and no change) if that is not supported."""
    from moviechat.training.cpu import fused, packed
    from moviechat.training.examples import RightPadded

    return Way("cpu", RightPadded, packed.read) if fused.install(model) else None
