"""The classifier of intents: a small network over a message's embedding and flags."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from moviechat.chat.tokens import FILM, PERSON
from moviechat.errors import BundleError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from moviechat.chat.mentions import Mentions

    Array = NDArray[np.float32]

HEAD = "intents.json"
_DIGITS = 4  # of a weight: enough to tell the labels


class TextEncoder(Protocol):
    """Embeds texts (moviechat.retrieval.encoder.Encoder)."""

    def encode(self, texts: Sequence[str]) -> Any:
        """float32 [texts, dimensions], of length 1."""


@dataclass(frozen=True)
class Head:
    """A network with one hidden layer of rectified units.

    `hidden` [units, dimensions] with `hidden_biases` [units], then `weights` [labels, units] with `biases` [labels].
    """

    labels: tuple[str, ...]
    hidden: Array
    hidden_biases: Array
    weights: Array
    biases: Array

    def probabilities(self, vector: Array) -> dict[str, float]:
        """The probability of each label for one vector [dimensions]."""
        import numpy as np

        units = np.maximum(self.hidden @ vector + self.hidden_biases, 0)
        scores = self.weights @ units + self.biases
        shares = np.exp(scores - scores.max())
        return dict(zip(self.labels, (shares / shares.sum()).tolist(), strict=True))

    def save(self, path: Path) -> None:
        """Write the network as JSON."""
        layers = {name: _rounded(getattr(self, name)) for name in _LAYERS}
        path.write_text(json.dumps({"labels": list(self.labels)} | layers), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Head:
        """The classifier in `path`; raises BundleError if it is missing or damaged."""
        import numpy as np

        try:
            said = json.loads(path.read_text(encoding="utf-8"))
            return cls(tuple(said["labels"]), *(np.array(said[name], np.float32) for name in _LAYERS))
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            raise BundleError(f"{path} is missing or damaged ({error}): run `dvc repro bundle`") from None


_LAYERS = ("hidden", "hidden_biases", "weights", "biases")


def _rounded(layer: Array) -> Any:
    import numpy as np

    return np.round(layer.astype(np.float64), _DIGITS).tolist()


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
