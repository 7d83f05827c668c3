"""How OpenMP threads wait, in torch and in llama.cpp."""

from __future__ import annotations

import os

BRIEF = 500  # spins
PATIENT = 20_000  # spins: training steps are long, and free cores then do 8 % more of them


def yield_soon(spins: int = BRIEF) -> None:
    """Let waiting threads spin `spins` times and then sleep; call it before torch, FAISS or llama.cpp is imported.

    By default GNU OpenMP spins for milliseconds. On two busy cores llama.cpp then writes a tenth of the tokens per
    second (1.0 instead of 10); on free cores spinning gains nothing.
    """
    os.environ.setdefault("GOMP_SPINCOUNT", str(spins))
