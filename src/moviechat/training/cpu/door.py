"""The door to the CPU's kernels."""

from __future__ import annotations

from typing import Any

from moviechat.training.ways import Way


def install(model: Any) -> Way | None:
    """Let a peft model's layers run fused on packed micro-batches; None (and untouched) where that does not apply."""
    from moviechat.training.cpu import fused, packed
    from moviechat.training.examples import RightPadded

    return Way("cpu", RightPadded, packed.read) if fused.install(model) else None
