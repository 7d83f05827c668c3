"""A micro-batch as one row of tokens without padding; what its pairs begin with alike stands there once.

Exact for a causal model: a token before the first difference does not know which pair it stands in. A pair's last
token is left out: nothing follows it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

import torch
from torch import Tensor

from moviechat.training.examples import IGNORED


@dataclass(frozen=True)
class Row:
    """Which tokens attend to which: stretches of queries [queries[i], queries[i + 1]) to the keys [keys[i], keys[i + 1]).

    A stretch's last query sees all its keys, each one before it one key less. The `shared` first tokens are the first
    stretch (if there are any) and stand before every other's keys: key i is that of token sources[i], and token t after
    the shared ones has its key at places[t]. `longest` is the largest number of keys in a stretch.
    """

    queries: Tensor
    keys: Tensor
    sources: Tensor
    places: Tensor
    shared: int
    longest: int


class Rows:
    """A collator that puts pairs into one row on the CPU: nothing is counted on the GPU afterwards."""

    def __init__(self, pad: int) -> None:
        pass  # nothing is padded

    def __call__(self, pairs: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """Tensors that `read` takes; `tokens`: of all pairs; `first`: of the first pair."""
        ids = [list(pair["input_ids"])[:-1] for pair in pairs]
        shared = _shared(ids)
        starts = _sums([shared] + [len(one) - shared for one in ids])
        row = ids[0][:shared] + [token for one in ids for token in one[shared:]]
        positions = [*range(shared), *(t for one in ids for t in range(shared, len(one)))]
        wanted, labels = [], [IGNORED]  # Trainer leaves the first label out when it counts them
        for start, pair in zip(starts, pairs, strict=False):
            for t, label in enumerate(pair["labels"][1:]):
                if label != IGNORED:
                    wanted.append(t if t < shared else start + t - shared)
                    labels.append(label)
        return {
            "lengths": torch.tensor([len(one) for one in ids]),
            "input_ids": torch.tensor([row]),
            "position_ids": torch.tensor([positions]),
            "wanted": torch.tensor(wanted),
            "labels": torch.tensor(labels),
            **_attention(shared, [len(one) - shared for one in ids], starts),
            "tokens": sum(len(pair["input_ids"]) for pair in pairs),
            "first": len(ids[0]),
        }


def read(
    inner: Any, input_ids: Tensor, position_ids: Tensor, wanted: Tensor, labels: Tensor, **row: Any
) -> tuple[Tensor, Tensor]:
    """The hidden states before each label, the last layer computed for them alone."""
    known = {name: row[name] for name in Row.__dataclass_fields__}
    hidden: Tensor = inner(
        input_ids,
        # A mask of four dimensions is taken as it is: transformers then makes none, and our layers read none.
        attention_mask=input_ids.new_zeros(1, 1, 1, 1),
        position_ids=position_ids,
        use_cache=False,
        row=Row(**known),
        wanted=wanted,
    )[0]
    return hidden[0], labels[1:]


def _shared(ids: Sequence[Sequence[int]]) -> int:
    if len(ids) == 1:
        return 0
    columns = takewhile(lambda column: len(set(column)) == 1, zip(*ids, strict=False))
    return min(sum(1 for _ in columns), min(map(len, ids)) - 1)


def _attention(shared: int, rests: list[int], starts: list[int]) -> dict[str, Any]:
    """The fields of `Row`; starts[i] is where the i-th pair's own tokens begin."""
    opening = [range(shared)] if shared else []
    own = [range(start, start + rest) for start, rest in zip(starts, rests, strict=False)]
    stretches = [*opening, *own]
    seen = [*map(list, opening), *([*range(shared), *tokens] for tokens in own)]
    keys = _sums([0, *map(len, seen)])
    places = [0] * shared + [
        start + shared + n for start, tokens in zip(keys[len(opening) :], own, strict=False) for n in range(len(tokens))
    ]
    return {
        "queries": torch.tensor(_sums([0, *map(len, stretches)]), dtype=torch.int32),
        "keys": torch.tensor(keys, dtype=torch.int32),
        "sources": torch.tensor([t for tokens in seen for t in tokens]),
        "places": torch.tensor(places, dtype=torch.int32),
        "shared": shared,
        "longest": max(map(len, seen)),
    }


def _sums(numbers: Sequence[int]) -> list[int]:
    sums, total = [], 0
    for number in numbers:
        total += number
        sums.append(total)
    return sums
