"""Fit the two networks that read messages. Those that ship, in `networks/`, were fitted for the encoder as fetched:

    python -m moviechat.chat.fit [--encoder models/fetch_models/encoder] [--params params.yaml]

Run it when the utterances, the moods or the classifier's features have changed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from moviechat import files, params, paths
from moviechat.chat.examples import MOODS_SAID, UTTERANCES, Example, examples, lines, wished
from moviechat.chat.heads import INTENTS, MOODS, Head, columns_of, learnt, weight
from moviechat.chat.taste import Taste

if TYPE_CHECKING:
    from moviechat.retrieval.encoder import TextEncoder

SHIPPED = Path(__file__).with_name("networks")
BATCH, TOKENS = 64, 64  # batch size and maximum tokens of the encoder that reads messages
_UNITS = 64
_INTENTS: dict[str, Any] = {"alpha": 0.02, "max_iter": 10, "batch_size": 512}
_MOODS: dict[str, Any] = {"alpha": 0.01, "max_iter": 30, "batch_size": 64}
_TEXTS = 5  # minimum utterances with a word or pair that is learnt


def main() -> None:
    """Fit the networks that ship."""
    from moviechat.retrieval.encoder import Encoder

    parser = argparse.ArgumentParser(description="Fit the networks that ship.")
    parser.add_argument("--encoder", type=Path, default=paths.BASE_ENCODER)
    parser.add_argument("--params", type=Path, default=paths.PARAMS)
    asked = parser.parse_args()
    taste = Taste.from_json(params.load(asked.params).chat.model_dump())
    SHIPPED.mkdir(exist_ok=True)
    write(Encoder(asked.encoder, BATCH, TOKENS), taste, SHIPPED, shipped=None)


def write(
    encoder: TextEncoder,
    taste: Taste,
    out: Path,
    utterances: Path = UTTERANCES,
    moods: Path = MOODS_SAID,
    shipped: Path | None = SHIPPED,
) -> None:
    """Write both networks to the folder `out`: the `shipped` ones if they were fitted to the same, else new ones."""
    said, wishes = lines(utterances), moods.read_text(encoding="utf-8").splitlines()
    to = fitted_to(encoder, taste, said, wishes)
    if shipped and all(learnt(shipped / name) == to for name in (*INTENTS, MOODS)):
        for name in (*INTENTS, MOODS):
            files.copy(shipped / name, out / name)
        return
    for name, head in zip(INTENTS, fit(encoder, taste, said), strict=True):
        head.save(out / name, to)
    fit_moods(encoder, taste, wishes).save(out / MOODS, to)


def fitted_to(encoder: TextEncoder, taste: Taste, said: Sequence[str], wishes: Sequence[str]) -> str:
    """What decides the networks, as one string: texts, encoder, the words for moods and the number of features."""
    words = json.dumps({name: mood.words for name, mood in taste.moods.items()}, sort_keys=True)
    features = len(examples(taste, said[:1])[0].flags)
    return hashlib.sha256("\n".join([encoder.name, words, str(features), *said, *wishes]).encode()).hexdigest()


def fit(encoder: TextEncoder, taste: Taste, said: Sequence[str]) -> list[Head]:
    """The heads of intents for lines of utterances, to be averaged; the same every time."""
    import numpy as np

    rows = examples(taste, said)
    vectors = np.hstack([_embedded(encoder, rows), np.array([row.flags for row in rows], np.float32)])
    return fitted(rows, vectors, [row.label for row in rows], _INTENTS, len(INTENTS))


def fit_moods(encoder: TextEncoder, taste: Taste, wishes: Sequence[str]) -> Head:
    """The head of moods for lines of wishes with the moods that they ask for; the same every time."""
    import numpy as np

    names = sorted(taste.moods)
    rows, felt = wished(taste, wishes)
    asked = np.array([[name in moods for name in names] for moods in felt], int)
    (head,) = fitted(rows, _embedded(encoder, rows), asked, _MOODS, 1)
    return replace(head, labels=tuple(names))


def _embedded(encoder: TextEncoder, rows: Sequence[Example]) -> Any:
    import numpy as np

    texts = list(dict.fromkeys(row.text for row in rows))
    vectors = dict(zip(texts, np.asarray(encoder.encode(texts), np.float32), strict=True))
    return np.array([vectors[row.text] for row in rows])


def fitted(rows: Sequence[Example], vectors: Any, wanted: Any, how: Mapping[str, Any], draws: int) -> list[Head]:
    """Networks for examples with their `vectors` [examples, dimensions], by Adam; each begins with other weights.

    `wanted` is a label for each, or a table [examples, labels] where several are right; `how` are the parameters.
    """
    import numpy as np
    from sklearn.neural_network import MLPClassifier
    from threadpoolctl import threadpool_limits

    columns = _vocabulary(rows, vectors.shape[1])
    x, heads = _inputs(rows, vectors, columns), list[Head]()
    for draw in range(draws):
        network = MLPClassifier((_UNITS,), random_state=draw, tol=0.0, n_iter_no_change=how["max_iter"], **how)
        # One thread: the products are so small that several threads mostly wait for each other.
        with np.errstate(all="ignore"), threadpool_limits(1):
            network.fit(x, wanted)  # all epochs
        (hidden, weights), (hidden_biases, biases) = network.coefs_, network.intercepts_
        layers = [np.ascontiguousarray(a, np.float32) for a in (hidden.T, hidden_biases, weights.T, biases)]
        heads.append(Head(tuple(map(str, network.classes_)), columns, *layers))
    return heads


def _inputs(rows: Sequence[Example], vectors: Any, columns: Mapping[str, int]) -> Any:
    """What a network reads, sparse [examples, dimensions + grams]."""
    import numpy as np
    from scipy.sparse import csr_matrix, hstack

    known = [columns_of(row.grams, columns) for row in rows]
    starts = np.cumsum([0, *map(len, known)])
    values = np.repeat(np.array([weight(line) for line in known], np.float32), np.diff(starts))
    at = np.array([column - vectors.shape[1] for line in known for column in line], np.int64)
    return hstack([csr_matrix(vectors), csr_matrix((values, at, starts), (len(rows), len(columns)))], "csr")


def _vocabulary(rows: Sequence[Example], first: int) -> dict[str, int]:
    """The words and pairs of enough texts, each with its column from `first` on."""
    said = {row.text: row.grams for row in rows}
    texts = Counter(gram for grams in said.values() for gram in grams)
    return {gram: at for at, gram in enumerate(sorted(g for g, n in texts.items() if n >= _TEXTS), first)}


if __name__ == "__main__":
    main()
