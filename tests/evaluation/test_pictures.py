"""Pictures are PNG files without a date or a program's name in them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from moviechat.evaluation import pictures


def test_pictures_are_drawn_in_order_and_a_loss_only_where_there_is_one(measured: Any, tmp_path: Path) -> None:
    drawn = pictures.draw(tmp_path, measured[0], {"train_loss": [(1, 2.0)], "validation_loss": []})
    assert drawn == ["answers.png", "kinds.png", "loss.png", "retrieval.png", "talk.png"]
    for name in drawn:
        data = (tmp_path / name).read_bytes()
        assert data.startswith(b"\x89PNG") and b"tEXt" not in data and b"tIME" not in data
    bare = pictures.drawable({}, {"train_loss": [], "validation_loss": []})
    assert bare == ["answers.png", "kinds.png", "retrieval.png"]
