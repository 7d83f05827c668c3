"""Arrays on disk, memory-mapped: numbers, and strings stored end to end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from moviechat.errors import BundleError

Array = NDArray[Any]


def save(folder: Path, **named: Array) -> None:
    """Write each array to `folder/NAME.npy`; equal arrays give equal bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, array in named.items():
        np.save(folder / f"{name}.npy", array, allow_pickle=False)


def load(folder: Path, name: str) -> Array:
    """`folder/NAME.npy`, memory-mapped; raises BundleError if it is no plain array."""
    path = folder / f"{name}.npy"
    try:
        return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
    except (OSError, ValueError, EOFError) as error:  # a pickle among them
        raise BundleError(f"{path} cannot be read ({error}): build it again with `dvc repro build_index`") from None


def lists(rows: Sequence[Sequence[int]]) -> tuple[Array, Array]:
    """Lists of numbers stored end to end: the offsets (each list's start, then the total length) and the numbers."""
    starts = np.cumsum([0, *map(len, rows)], dtype=np.int64)
    return starts, np.fromiter((n for row in rows for n in row), np.int32, int(starts[-1]))


class Strings:
    """Strings stored end to end in UTF-8; `strings[i]` is one of them."""

    def __init__(self, letters: Array, ends: Array) -> None:
        self._letters, self._ends = letters, ends

    @classmethod
    def of(cls, strings: Sequence[str]) -> Strings:
        """Store `strings` end to end."""
        letters = [s.encode() for s in strings]
        ends = np.cumsum([len(b) for b in letters], dtype=np.int64)
        return cls(np.frombuffer(b"".join(letters), np.uint8), ends)

    @classmethod
    def load(cls, folder: Path) -> Strings:
        """The strings in `folder`, memory-mapped."""
        return cls(load(folder, "letters"), load(folder, "ends"))

    def save(self, folder: Path) -> None:
        """Write the arrays into `folder`."""
        save(folder, letters=self._letters, ends=self._ends)

    def longest(self) -> int:
        """Bytes of the longest string; 0 if there is none."""
        return int(np.diff(self._ends, prepend=0).max(initial=0))

    def __len__(self) -> int:
        return len(self._ends)

    def __iter__(self) -> Iterator[str]:
        return (self[i] for i in range(len(self)))

    def __getitem__(self, i: int) -> str:
        begin = int(self._ends[i - 1]) if i else 0
        return self._letters[begin : int(self._ends[i])].tobytes().decode()
