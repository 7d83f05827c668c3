"""The classifier of open intents: a linear head on the bundled encoder, trained from the utterances shipped here."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from moviechat.chat.tokens import FILM, PERSON
from moviechat.errors import BundleError
from moviechat.linking import FilmMention, PersonMention

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from moviechat.chat.mentions import Mentions
    from moviechat.chat.signals import Hints
    from moviechat.chat.taste import Taste

    Array = NDArray[np.float32]

UTTERANCES = Path(__file__).with_name("utterances.jsonl")
HEAD = "intents.json"
_FILM, _PERSON, _HERO = "Qzfilm", "Qzperson", "Hero"  # stand in the utterances' slots
_STEPS, _DECAY = 150, 2e-5  # of the fit, and what keeps weights small


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
            return cls(
                tuple(said["labels"]), np.array(said["weights"], np.float32), np.array(said["biases"], np.float32)
            )
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            raise BundleError(f"{path} is missing or damaged ({error}): run `dvc repro bundle`") from None


def masked(m: Mentions) -> str:
    """A message as the head reads it: names are replaced by what they are."""
    parts, at = [], 0
    for word in m.words:
        if word.norm in (FILM, PERSON):
            parts += [m.text[at : word.span[0]], "the film" if word.norm == FILM else "the actor"]
            at = word.span[1]
    return "".join([*parts, m.text[at:]])


class _Slots:
    """A linker for the utterances: their slots are the names."""

    def films(self, text: str) -> list[FilmMention]:
        """The films' slots."""
        return [FilmMention(m.span(), ("tt0",), (), (), "exact", 1.0) for m in re.finditer(_FILM, text)]

    def people(self, text: str) -> list[PersonMention]:
        """The people's slots."""
        return [PersonMention(m.span(), _PERSON, (), "exact", 1.0) for m in re.finditer(_PERSON, text)]


def examples(taste: Taste, years: tuple[int, int], path: Path = UTTERANCES) -> list[tuple[str, list[float], str]]:
    """The texts that the head learns from, with their signals on several tables, and their labels."""
    from moviechat.chat.able import vector
    from moviechat.chat.mentions import read
    from moviechat.chat.signals import Signals
    from moviechat.chat.wanting import wanting

    moods = taste.phrases()
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row: Mapping[str, Any] = json.loads(line)
        text = row["text"].replace("{film}", _FILM).replace("{person}", _PERSON).replace("{character}", _HERO)
        mentions = read(text, _Slots(), moods)
        want = wanting(mentions, taste, years)
        label = _label(row["intent"], row["field"])
        found += [(masked(mentions), vector(Signals(mentions, want, hints)), label) for hints in _tables(row)]
    return found


def _label(intent: str, field: str | None) -> str:
    if intent == "smalltalk" and field != "personal":
        return f"smalltalk.{field}"
    # Who tells how they are wants to be entertained.
    return {"recommend": "wish", "refine": "wish", "smalltalk": "wish", "seen": "told"}.get(intent, intent)


def _tables(row: Mapping[str, Any]) -> list[Hints]:
    """What may be on the table when the utterance is made: always what it needs, else anything."""
    from moviechat.chat.signals import Hints

    empty, listed = Hints(), Hints(wish=True, listed=True, focus=True, wished=True)
    talked, both = Hints(focus=True, people=True, fields=("year",)), Hints(True, True, True, True, ("year",))
    if row["intent"] == "refine":
        return [listed, both]
    named = "{" in row["text"]
    if row["intent"] in ("fact", "compare", "credits", "plot", "seen") and not named:
        return [talked, both] if row["intent"] != "seen" else [listed, both]
    return [empty, listed, talked, both]


def fit(encoder: TextEncoder, taste: Taste, years: tuple[int, int], path: Path = UTTERANCES) -> Head:
    """A softmax head on embedding and signals, by L-BFGS; the same every time."""
    import numpy as np

    rows = examples(taste, years, path)
    texts = list(dict.fromkeys(text for text, _, _ in rows))
    embedded = dict(zip(texts, np.asarray(encoder.encode(texts), np.float64), strict=True))
    x = np.array([np.concatenate([embedded[text], signals]) for text, signals, _ in rows])
    return fitted(x, [label for _, _, label in rows])


def fitted(x: Any, named: Sequence[str]) -> Head:
    """The head for rows `x` [examples, dimensions]; rare labels weigh more, by the root of their number."""
    import numpy as np
    from scipy.optimize import minimize

    labels = tuple(sorted(set(named)))
    x = np.hstack([np.asarray(x, np.float64), np.ones((len(x), 1))])
    y = np.zeros((len(x), len(labels)))
    y[np.arange(len(x)), [labels.index(n) for n in named]] = 1
    weight = (1 / np.sqrt(y.sum(0)))[y.argmax(1)]
    weight /= weight.sum()

    def loss(flat: Any) -> tuple[float, Any]:
        w = flat.reshape(x.shape[1], len(labels))
        scores = x @ w
        scores -= scores.max(1, keepdims=True)
        logs = scores - np.log(np.exp(scores).sum(1, keepdims=True))
        value = -float(weight @ (logs * y).sum(1)) + _DECAY / 2 * float(flat @ flat)
        return value, (x.T @ (weight[:, None] * (np.exp(logs) - y)) + _DECAY * w).ravel()

    found = minimize(loss, np.zeros(x.shape[1] * len(labels)), jac=True, method="L-BFGS-B", options={"maxiter": _STEPS})
    w = found.x.reshape(x.shape[1], len(labels)).astype(np.float32)
    return Head(labels, w[:-1].T.copy(), w[-1])
