"""Silence library output that helps nobody: short progress bars, and hints at optional kernels."""

from __future__ import annotations

import logging


def quiet() -> None:
    """Turn off transformers' progress bar and bitsandbytes' kernel warning; imports transformers."""
    logging.getLogger("bitsandbytes.backends.cpu.ops").setLevel(logging.ERROR)
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
