"""Which of Trainer's checkpoints a killed run can resume from."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from moviechat import files

if TYPE_CHECKING:
    from transformers import TrainerCallback

_SEAL = "whole.json"


def newest(folder: Path) -> Path | None:
    """The checkpoint with the highest step in `folder` such that it and all earlier ones are complete.

    Incomplete and damaged ones are deleted, with all later ones, because a later state may name a damaged one as best.
    """
    whole: Path | None = None
    left = sorted((c for c in folder.glob("checkpoint-*") if c.name.rpartition("-")[2].isdecimal()), key=_step)
    while left and _whole(left[0]):
        whole = left.pop(0)
    for checkpoint in left:
        print(f"{checkpoint} is deleted: it, or one before it, is incomplete or damaged")
        shutil.rmtree(checkpoint)
    return whole


def sealing(folder: Path) -> TrainerCallback:
    """A callback that seals each checkpoint in `folder` once Trainer has written it."""
    from transformers import TrainerCallback

    class Sealing(TrainerCallback):
        def on_save(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            if state.is_world_process_zero:
                seal(folder / f"checkpoint-{state.global_step}")

    return Sealing()


def seal(checkpoint: Path) -> None:
    """Record the size and digest of every file of a checkpoint, for `newest`."""
    held = files.inventory(checkpoint)
    held.pop(_SEAL, None)
    with files.replacing(checkpoint / _SEAL) as partial:
        files.write_json(partial, held)


def _step(checkpoint: Path) -> int:
    return int(checkpoint.name.rpartition("-")[2])


def _whole(checkpoint: Path) -> bool:
    try:
        held = json.loads((checkpoint / _SEAL).read_text(encoding="utf-8"))
        found = files.inventory(checkpoint)
    except (OSError, ValueError, RecursionError):
        return False
    # Other processes of one training may add a file of their own after the seal.
    return isinstance(held, dict) and bool(held) and all(found.get(name) == stamp for name, stamp in held.items())
