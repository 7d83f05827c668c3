"""A table from names to numbers on disk: exact and one-typo look-ups in memory-mapped arrays."""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from moviechat import arrays
from moviechat.arrays import Array, Strings

_ARRAYS = ("hashes", "order", "starts", "targets", "kinds", "cut_hashes", "cut_names")
MIN_TYPO = 3  # minimum characters of a key for typos: a shorter one could be anything


class NameTable:
    """Keys, each with the numbers that it stands for and the kind of each.

    Typos are found by deletion neighbourhoods (Mor and Fraenkel, 1982; Garbe's SymSpell): every key is stored with each
    of its characters deleted once, a query is treated the same way, and matching keys are then compared in full.
    """

    def __init__(self, keys: Strings, parts: dict[str, Array]) -> None:
        self.keys = keys
        self._a = parts

    @classmethod
    def load(cls, folder: Path) -> NameTable:
        """The table saved in `folder`, memory-mapped."""
        return cls(Strings.load(folder), {name: arrays.load(folder, name) for name in _ARRAYS})

    def save(self, folder: Path) -> None:
        """Write into `folder`; equal tables give equal bytes."""
        self.keys.save(folder)
        arrays.save(folder, **self._a)

    def targets(self, name: int) -> list[tuple[int, int]]:
        """The (number, kind) pairs of the `name`-th key."""
        begin, end = int(self._a["starts"][name]), int(self._a["starts"][name + 1])
        numbers, kinds = self._a["targets"][begin:end].tolist(), self._a["kinds"][begin:end].tolist()
        return list(zip(numbers, kinds, strict=True))

    def find(self, keys: Iterable[str]) -> dict[str, int]:
        """Those of `keys` that are in the table, with their places."""
        wanted = list(dict.fromkeys(k for k in keys if k))
        met = _met(self._a["hashes"], _hashes(wanted))
        pairs = ((wanted[i], int(self._a["order"][at])) for i, at in met)
        return {key: name for key, name in pairs if self.keys[name] == key}

    def near(self, keys: Iterable[str]) -> list[tuple[str, int]]:
        """(key, place) of stored keys one typo away: a letter dropped, added, replaced, or two swapped."""
        longest = self.keys.longest() + 1  # a longer key cannot be one typo away
        asked = [key for key in dict.fromkeys(keys) if MIN_TYPO <= len(key) <= longest]
        cuts = [(key, cut) for key in asked for cut in (key, *_cuts(key))]
        if not cuts:
            return []
        from rapidfuzz.distance import OSA

        hashes = _hashes([cut for _, cut in cuts])
        met = {(cuts[i][0], int(self._a["cut_names"][at])) for i, at in _met(self._a["cut_hashes"], hashes)}
        met |= {(cuts[i][0], int(self._a["order"][at])) for i, at in _met(self._a["hashes"], hashes)}
        return sorted((k, n) for k, n in met if OSA.distance(k, self.keys[n], score_cutoff=1) == 1)


def build(spellings: Iterable[tuple[str, int, int]]) -> NameTable:
    """A table of (key, number, kind) triples; empty keys are left out, equal pairs keep the lowest kind."""
    found: dict[str, dict[int, int]] = {}
    for key, number, kind in spellings:
        if key:
            kinds = found.setdefault(key, {})
            kinds[number] = min(kind, kinds.get(number, kind))
    keys = sorted(found)
    pairs = [sorted(found[key].items()) for key in keys]
    starts, targets = arrays.lists([[number for number, _ in p] for p in pairs])
    kinds_flat = np.fromiter((kind for p in pairs for _, kind in p), np.uint8, len(targets))
    hashes, (cut_hashes, cut_names) = _hashes(keys), _cut_table(keys)
    order = np.argsort(hashes, kind="stable").astype(np.int32)
    parts = (hashes[order], order, starts, targets, kinds_flat, cut_hashes, cut_names)
    return NameTable(Strings.of(keys), dict(zip(_ARRAYS, parts, strict=True)))


def _cut_table(keys: list[str]) -> tuple[Array, Array]:
    cuts = [_cuts(key) if len(key) >= MIN_TYPO else [] for key in keys]
    names = np.repeat(np.arange(len(keys), dtype=np.int32), [len(c) for c in cuts])
    hashes = _hashes(list(itertools.chain.from_iterable(cuts)))
    order = np.argsort(hashes, kind="stable")
    return hashes[order], names[order]


def _cuts(key: str) -> list[str]:
    return list(dict.fromkeys(key[:i] + key[i + 1 :] for i in range(len(key))))


def _hashes(keys: Sequence[str]) -> Array:
    # A checksum is enough: keys that it confuses are told apart by comparing them.
    return np.fromiter((zlib.crc32(key.encode()) for key in keys), np.uint32, len(keys))


def _met(stored: Array, wanted: Array) -> Iterator[tuple[int, int]]:
    """(position in `wanted`, position in the sorted `stored`) of every equal pair."""
    if not len(stored):
        return
    low = np.searchsorted(stored, wanted)
    for i in np.flatnonzero(stored[np.minimum(low, len(stored) - 1)] == wanted).tolist():
        at, one = int(low[i]), wanted[i]
        while at < len(stored) and stored[at] == one:
            yield i, at
            at += 1
