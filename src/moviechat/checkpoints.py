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
    """The checkpoint of the highest step in `folder`, where it and all before it are whole.

    Halves of a killed save and damaged ones are removed, with those of later steps: one of these may name it the best.
    """
    whole: Path | None = None
    left = sorted((c for c in folder.glob("checkpoint-*") if c.name.rpartition("-")[2].isdecimal()), key=_step)
    while left and _whole(left[0]):
        whole = left.pop(0)
    for checkpoint in left:
        print(f"{checkpoint} is half written or damaged, or follows one that is: it is left out")
        shutil.rmtree(checkpoint)
    return whole


def sealing(folder: Path) -> TrainerCallback:
    """Writes down what each checkpoint in `folder` holds once Trainer has written it, so that `newest` knows it."""
    from transformers import TrainerCallback

    class Sealing(TrainerCallback):
        def on_save(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            if state.is_world_process_zero:
                seal(folder / f"checkpoint-{state.global_step}")

    return Sealing()


def seal(checkpoint: Path) -> None:
    """Write down every file of a checkpoint, with its size and digest."""
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
