"""Which of Trainer's checkpoints a killed run can resume from."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

_STATE = "trainer_state.json"  # Trainer writes this file last, so a checkpoint that has it is complete


def newest(folder: Path) -> Path | None:
    """The complete checkpoint with the highest step in `folder`; incomplete ones are deleted."""
    for checkpoint in sorted(folder.glob("checkpoint-*"), key=_step, reverse=True):
        if _whole(checkpoint):
            return checkpoint
        shutil.rmtree(checkpoint)
    return None


def _step(checkpoint: Path) -> int:
    return int(checkpoint.name.rpartition("-")[2])


def _whole(checkpoint: Path) -> bool:
    try:
        return bool(json.loads((checkpoint / _STATE).read_text(encoding="utf-8"))["global_step"] == _step(checkpoint))
    except (OSError, ValueError, KeyError):
        return False
