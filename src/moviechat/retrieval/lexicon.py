"""Which words people write: a word of a question that is none of them may be a misspelt one."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from moviechat.retrieval import arrays
from moviechat.retrieval.arrays import Array
from moviechat.retrieval.spelling import tokenize

_OFTEN = 2  # texts or names: a word in fewer may itself be misspelt


class Lexicon:
    """The words of two or more texts, or of two or more people's names, by checksum."""

    def __init__(self, hashes: Array) -> None:
        self._hashes = hashes

    @classmethod
    def build(cls, texts: Iterable[str], names: Iterable[str]) -> Lexicon:
        """The words that stand in several `texts`, and those that stand in several `names`."""
        often = [w for kind in (texts, names) for w, n in _spread(kind).items() if n >= _OFTEN]
        return cls(np.unique(np.fromiter(map(_hash, often), np.uint32, len(often))))

    @classmethod
    def load(cls, folder: Path) -> Lexicon:
        """What `save` wrote, memory-mapped."""
        return cls(arrays.load(folder, "words"))

    def save(self, folder: Path) -> None:
        """Write into `folder`."""
        arrays.save(folder, words=self._hashes)

    def unknown(self, words: Sequence[str]) -> list[bool]:
        """Of each folded word, whether it is in too few texts and names."""
        wanted = np.fromiter(map(_hash, words), np.uint32, len(words))
        if not len(self._hashes):
            return [True] * len(words)
        at = np.minimum(np.searchsorted(self._hashes, wanted), len(self._hashes) - 1)
        return [bool(b) for b in self._hashes[at] != wanted]


def _spread(texts: Iterable[str]) -> Counter[str]:
    return Counter(word for text in texts for word in {token.word for token in tokenize(text)})


def _hash(word: str) -> int:
    return zlib.crc32(word.encode())
