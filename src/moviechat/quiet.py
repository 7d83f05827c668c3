"""What libraries say of themselves that helps nobody: progress bars over a second's work, and optional kernels."""

from __future__ import annotations

import logging


def quiet() -> None:
    """Hush transformers' loading bar and bitsandbytes' wish for a kernel package; imports transformers."""
    logging.getLogger("bitsandbytes.backends.cpu.ops").setLevel(logging.ERROR)
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
