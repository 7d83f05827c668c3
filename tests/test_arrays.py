"""Arrays on disk."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from moviechat import arrays
from moviechat.arrays import Strings


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]))))
def test_strings_come_back(strings: list[str]) -> None:
    packed = Strings.of(strings)
    assert list(packed) == strings and len(packed) == len(strings)


def test_strings_are_read_from_disk(tmp_path: Path) -> None:
    Strings.of(["Tár", "", "千と千尋"]).save(tmp_path)
    assert list(Strings.load(tmp_path)) == ["Tár", "", "千と千尋"]


def test_lists_are_laid_end_to_end() -> None:
    starts, numbers = arrays.lists([[1, 2], [], [3]])
    assert starts.tolist() == [0, 2, 2, 3] and numbers.tolist() == [1, 2, 3]


def test_a_loaded_array_is_not_read_whole(tmp_path: Path) -> None:
    arrays.save(tmp_path, some=np.arange(5))
    loaded = arrays.load(tmp_path, "some")
    assert loaded.tolist() == [0, 1, 2, 3, 4]
    assert isinstance(loaded.base, np.memmap)
