"""How OpenMP's threads wait for each other, in torch and in llama.cpp."""

from __future__ import annotations

import os

BRIEF = 500  # spins
PATIENT = 20_000  # spins: training steps are long, and free cores then do 8 % more of them


def yield_soon(spins: int = BRIEF) -> None:
    """Have waiting threads spin `spins` times and then sleep; works only before torch, FAISS or llama.cpp are imported.

    GNU OpenMP otherwise spins for milliseconds: on two cores that others use too, llama.cpp then writes ten times
    fewer tokens a second (1.0 instead of 10), and on free ones it gains nothing.
    """
    os.environ.setdefault("GOMP_SPINCOUNT", str(spins))
