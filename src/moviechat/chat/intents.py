"""The classifier of open intents: a linear head on the bundled encoder, trained from the utterances shipped here."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
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

UTTERANCES = Path(__file__).with_name("utterances.jsonl")
HEAD = "intents.json"
_SAID = {"{film}": "the film", "{person}": "the actor", "{character}": "the hero"}
_STEPS, _RATE, _DECAY = 400, 0.5, 1e-4


class TextEncoder(Protocol):
    """Embeds texts (moviechat.retrieval.encoder.Encoder)."""

    def encode(self, texts: Sequence[str]) -> Any:
        """float32 [texts, dimensions], of length one."""


@dataclass(frozen=True)
class Head:
    """Weights [labels, dimensions] and biases [labels] of the labels, in order."""

    labels: tuple[str, ...]
    weights: Array
    biases: Array

    def probabilities(self, vector: Array) -> dict[str, float]:
        """What the head gives each label for one embedding."""
        import numpy as np

        scores = self.weights @ vector + self.biases
        shares = np.exp(scores - scores.max())
        return dict(zip(self.labels, (shares / shares.sum()).tolist(), strict=True))

    def save(self, path: Path) -> None:
        """Write as JSON; four digits of a weight are enough to tell the labels."""
        rounded = [[round(float(w), 4) for w in row] for row in self.weights]
        said = {"labels": list(self.labels), "weights": rounded, "biases": [round(float(b), 4) for b in self.biases]}
        path.write_text(json.dumps(said), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Head:
        """What `save` wrote; raises BundleError if it is missing or damaged."""
        import numpy as np

        try:
            said = json.loads(path.read_text(encoding="utf-8"))
            return cls(tuple(said["labels"]), np.array(said["weights"], np.float32), np.array(said["biases"], np.float32))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise BundleError(f"{path} is missing or damaged ({error}): run `dvc repro bundle`") from None


def masked(m: Mentions) -> str:
    """A message as the head reads it: names are replaced by what they are."""
    parts, at = [], 0
    for word in m.words:
        if word.norm in (FILM, PERSON):
            parts += [m.text[at : word.span[0]], "the film" if word.norm == FILM else "the actor"]
            at = word.span[1]
    return "".join([*parts, m.text[at:]])


def utterances(path: Path = UTTERANCES) -> tuple[list[str], list[str]]:
    """The texts that the head learns from, and their labels ("fact", "smalltalk.greeting")."""
    texts, labels = [], []
    for line in path.read_text(encoding="utf-8").splitlines():
        row: Mapping[str, Any] = json.loads(line)
        text = row["text"]
        for slot, said in _SAID.items():
            text = text.replace(slot, said)
        texts.append(text)
        labels.append(f"smalltalk.{row['field']}" if row["intent"] == "smalltalk" else row["intent"])
    return texts, labels


def fit(encoder: TextEncoder, path: Path = UTTERANCES) -> Head:
    """A softmax head fitted to the utterances by full-batch gradient descent with momentum; the same every time."""
    import numpy as np

    texts, named = utterances(path)
    labels = tuple(sorted(set(named)))
    x = np.asarray(encoder.encode(texts), np.float64)
    y = np.zeros((len(texts), len(labels)))
    y[np.arange(len(texts)), [labels.index(n) for n in named]] = 1
    # Rare labels weigh as much as common ones in part: by the root of their number.
    weight = (1 / np.sqrt(y.sum(0)))[y.argmax(1)][:, None]
    weight /= weight.mean()
    w, b = np.zeros((x.shape[1], len(labels))), np.zeros(len(labels))
    moved_w, moved_b = np.zeros_like(w), np.zeros_like(b)
    for _ in range(_STEPS):
        scores = x @ w + b
        shares = np.exp(scores - scores.max(1, keepdims=True))
        error = weight * (shares / shares.sum(1, keepdims=True) - y) / len(texts)
        moved_w = 0.9 * moved_w - _RATE * 20 * (x.T @ error + _DECAY * w)
        moved_b = 0.9 * moved_b - _RATE * error.sum(0)
        w, b = w + moved_w, b + moved_b
    return Head(labels, w.T.astype(np.float32), b.astype(np.float32))
