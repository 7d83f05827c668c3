"""Word frequencies: a word that hardly anybody writes may be misspelt; a common one is rarely a title."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from moviechat import arrays
from moviechat.arrays import Array
from moviechat.linking.spelling import tokenize
from moviechat.words import fold

_LEAST = 2.0  # Zipf: rarer words (less than one in ten million) are left out, because many of them are misspelt
_OFTEN = 2  # minimum texts or names with a word that English does not list
_TENTHS = 10  # resolution of the stored frequencies


class Lexicon:
    """Words by checksum, with their frequency on the Zipf scale (van Heuven et al., 2014): log10 per billion words."""

    def __init__(self, hashes: Array, zipf: Array) -> None:
        self._hashes, self._zipf = hashes, zipf

    @classmethod
    def build(cls, texts: Iterable[str], names: Iterable[str]) -> Lexicon:
        """English from wordfreq, plus words that occur in several `texts` or `names` of people."""
        known = {_hash(w): _LEAST for kind in (texts, names) for w, n in _spread(kind).items() if n >= _OFTEN}
        for word, zipf in _english().items():
            known[_hash(word)] = max(zipf, known.get(_hash(word), 0.0))
        hashes = np.array(sorted(known), np.uint32)
        return cls(hashes, np.array([round(_TENTHS * known[h]) for h in hashes.tolist()], np.uint8))

    @classmethod
    def load(cls, folder: Path) -> Lexicon:
        """The lexicon in `folder`, memory-mapped."""
        return cls(arrays.load(folder, "words"), arrays.load(folder, "zipf"))

    def save(self, folder: Path) -> None:
        """Write into `folder`."""
        arrays.save(folder, words=self._hashes, zipf=self._zipf)

    def zipf(self, words: Sequence[str]) -> list[float]:
        """The frequency of each folded word; 0 if it is unknown."""
        wanted = np.fromiter(map(_hash, words), np.uint32, len(words))
        if not len(self._hashes):
            return [0.0] * len(words)
        at = np.minimum(np.searchsorted(self._hashes, wanted), len(self._hashes) - 1)
        return [float(z) for z in np.where(self._hashes[at] == wanted, self._zipf[at] / _TENTHS, 0.0)]


def _english() -> dict[str, float]:
    from wordfreq import get_frequency_dict

    found: dict[str, float] = {}
    for word, share in get_frequency_dict("en", wordlist="large").items():
        if (zipf := float(np.log10(share)) + 9.0) >= _LEAST:
            found[fold(word)] = max(zipf, found.get(fold(word), 0.0))
    return found


def _spread(texts: Iterable[str]) -> Counter[str]:
    return Counter(word for text in texts for word in {token.word for token in tokenize(text)})


def _hash(word: str) -> int:
    return zlib.crc32(word.encode())
