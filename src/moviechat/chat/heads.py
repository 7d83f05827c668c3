"""The networks that read a message, from its embedding, its words and pairs: one its intent, one its moods."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from moviechat.chat.phrases import Sized
from moviechat.chat.tokens import FILM, PERSON
from moviechat.errors import BundleError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from moviechat.chat.mentions import Mentions

    Array = NDArray[np.float32]

# Files of a bundle. Two networks of intents are averaged: two single ones part in more messages than two averages.
INTENTS, MOODS = ("intents-1.safetensors", "intents-2.safetensors"), "moods.safetensors"
_GRAMS = 2.0  # length of the words and pairs of a message, beside an embedding of length 1


@dataclass(frozen=True)
class Head:
    """A network with one hidden layer of rectified units; it scores labels.

    `hidden` [units, dimensions + grams] with `hidden_biases` [units], then `weights` [labels, units] with `biases`
    [labels]. `grams` maps the words and pairs that are known to the last columns of `hidden`, in their order.
    """

    labels: tuple[str, ...]
    grams: Mapping[str, int]
    hidden: Array
    hidden_biases: Array
    weights: Array
    biases: Array

    def shares(self, vector: Array, grams: Sequence[str]) -> dict[str, float]:
        """The probability of each label, of which one is right: `vector` [dimensions], words and pairs of a message."""
        import numpy as np

        scores = self._scores(vector, grams)
        shares = np.exp(scores - scores.max())
        return dict(zip(self.labels, (shares / shares.sum()).tolist(), strict=True))

    def chances(self, vector: Array, grams: Sequence[str]) -> dict[str, float]:
        """The probability of each label by itself: several may be right, or none."""
        import numpy as np

        return dict(zip(self.labels, (1 / (1 + np.exp(-self._scores(vector, grams)))).tolist(), strict=True))

    def _scores(self, vector: Array, grams: Sequence[str]) -> Array:
        import numpy as np

        columns = columns_of(grams, self.grams)
        units = self.hidden[:, : len(vector)] @ vector + self.hidden_biases
        if columns:
            units += self.hidden[:, columns].sum(axis=1) * weight(columns)
        return np.asarray(self.weights @ np.maximum(units, 0) + self.biases)

    def save(self, path: Path, learnt: str) -> None:
        """Write the network as safetensors, the hidden layer in 8 bits; `learnt` names what it was fitted to."""
        import numpy as np
        from safetensors.numpy import save_file

        told = json.dumps({"labels": self.labels, "learnt": learnt})
        layers = {name: getattr(self, name) for name in _LAYERS}
        steps = (np.abs(self.hidden).max(axis=0) / _STEPS + _TINY).astype(np.float16)  # per column
        layers["hidden"] = np.rint(self.hidden / steps).clip(-_STEPS, _STEPS).astype(np.int8)
        grams = np.frombuffer(zlib.compress("\n".join(self.grams).encode()), np.uint8)
        save_file(layers | {"steps": steps, "grams": grams}, path, {_TOLD: told})  # several keys are in any order

    @classmethod
    def mean(cls, heads: Sequence[Head]) -> Head:
        """One network with the mean scores of several, which know the same labels and grams."""
        import numpy as np

        hidden = np.concatenate([h.hidden for h in heads])
        hidden_biases = np.concatenate([h.hidden_biases for h in heads])
        weights = np.concatenate([h.weights / np.float32(len(heads)) for h in heads], axis=1)
        biases = np.asarray(np.mean([h.biases for h in heads], axis=0), np.float32)
        return cls(heads[0].labels, heads[0].grams, hidden, hidden_biases, weights, biases)

    @classmethod
    def load(cls, path: Path) -> Head:
        """The network in `path`; raises BundleError if it is missing or damaged."""
        import numpy as np
        from safetensors import SafetensorError, safe_open

        try:
            with safe_open(path, "numpy") as tensors:
                told = json.loads((tensors.metadata() or {})[_TOLD])
                rounded, *layers = [tensors.get_tensor(name) for name in _LAYERS]
                hidden = rounded * tensors.get_tensor("steps").astype(np.float32)
                said = zlib.decompress(tensors.get_tensor("grams").tobytes()).decode()
            grams = said.split("\n") if said else []
            columns = dict(zip(grams, range(hidden.shape[1] - len(grams), hidden.shape[1]), strict=True))
            return cls(tuple(told["labels"]), columns, hidden, *layers)
        except (OSError, SafetensorError, ValueError, KeyError, TypeError, RecursionError, zlib.error) as error:
            raise BundleError(f"{path} is missing or damaged ({error}): run `dvc repro bundle`") from None


_TOLD = "head"  # the key of what is no layer
_LAYERS = ("hidden", "hidden_biases", "weights", "biases")
_STEPS = 127  # between 0 and the largest weight of a column
_TINY = 1e-6  # a column of zeros has steps, too


def learnt(path: Path) -> str:
    """What the network in `path` was fitted to; "" if there is none."""
    from safetensors import safe_open

    if not path.is_file():
        return ""
    with safe_open(path, "numpy") as tensors:
        return str(json.loads(tensors.metadata()[_TOLD])["learnt"])


def columns_of(grams: Sequence[str], vocabulary: Mapping[str, int]) -> list[int]:
    """The columns of the words and pairs that a vocabulary has."""
    return [vocabulary[gram] for gram in grams if gram in vocabulary]


def weight(columns: Sequence[int]) -> float:
    """The value of each of these columns for one message: all messages' are of one length."""
    return float(_GRAMS / max(1, len(columns)) ** 0.5)


def grams(m: Mentions) -> list[str]:
    """The words and pairs of neighbours of a message, sorted; names, genres and the like are what they are."""
    kinds = _kinds(m)
    said, last = ["<"], -1
    for i, word in enumerate(m.words):
        first, kind = kinds.get(i, (i, "#" if word.norm.isdigit() else word.norm))
        if first != last and not (word.mark and kind == said[-1]):  # "??" is "?"
            said.append(kind)
        last = first
    said.append(">")
    return sorted({*said[1:-1], *(f"{a} {b}" for a, b in pairwise(said))})


def _kinds(m: Mentions) -> dict[int, tuple[int, str]]:
    """Where a word is part of a field, a genre or the like: its first word and its kind."""
    found: dict[int, tuple[int, str]] = {}
    tagged: list[tuple[Sized, str]] = [(t, f"field:{t.value}") for t in m.fields]
    tagged += [(t, "genre") for t in m.genres] + [(t, "mood") for t in m.moods]
    tagged += [(a, f"amount:{a.field}") for a in m.amounts]
    tagged += [(t, "place") for t in m.places] + [(t, "order") for t in m.orders]
    for tag, kind in tagged:
        found |= dict.fromkeys(range(tag.first, tag.last), (tag.first, kind))
    return found


def masked(m: Mentions) -> str:
    """A message as the encoder reads it: names are replaced by what they are."""
    if m.language != "en":
        named = {FILM: "the film", PERSON: "the actor"}
        return " ".join(named.get(word.norm, word.norm) for word in m.words)
    parts, at = [], 0
    for word in m.words:
        if word.norm in (FILM, PERSON):
            parts += [m.text[at : word.span[0]], "the film" if word.norm == FILM else "the actor"]
            at = word.span[1]
    return "".join([*parts, m.text[at:]])
