"""A micro-batch as one row of tokens without padding; the common beginning of its pairs is stored once.

Exact for a causal model: a token before the first difference does not depend on the pair. The last token of each
pair is left out, because nothing follows it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from moviechat.training.examples import IGNORED


@dataclass(frozen=True)
class Row:
    """Which tokens attend to which: queries [queries[i], queries[i + 1]) to keys [keys[i], keys[i + 1]), stretch i.

    A stretch's last query sees all its keys, each earlier one a key less. The `shared` first tokens are the first
    stretch (if there are any) and precede every other's keys: key i is that of token sources[i], and token t after
    the shared ones has its key at places[t]. `longest` is the largest number of keys in a stretch.
    """

    queries: Tensor
    keys: Tensor
    sources: Tensor
    places: Tensor
    shared: int
    longest: int


class Rows:
    """A collator that puts pairs into one row, on the CPU: nothing is counted on the GPU later."""

    def __init__(self, pad: int) -> None:
        pass  # nothing is padded

    def __call__(self, pairs: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """The tensors that `read` takes; `tokens`: the number of all pairs' tokens; `first`: the first pair's."""
        ids = [np.asarray(pair["input_ids"][:-1]) for pair in pairs]
        after = [np.asarray(pair["labels"][1:]) for pair in pairs]
        shared = _shared(ids)
        rests = np.array([len(one) - shared for one in ids])
        starts = shared + np.cumsum(rests) - rests
        counted = [np.flatnonzero(labels != IGNORED) for labels in after]
        wanted = [np.where(t < shared, t, start + t - shared) for start, t in zip(starts, counted, strict=True)]
        return {
            "lengths": _tensor(shared + rests),
            "input_ids": _tensor([ids[0][:shared], *(one[shared:] for one in ids)])[None],
            "position_ids": _tensor([np.arange(shared), *(shared + np.arange(n) for n in rests)])[None],
            "wanted": _tensor(wanted),
            # Trainer does not count the first label.
            "labels": _tensor([[IGNORED], *(labels[t] for labels, t in zip(after, counted, strict=True))]),
            **_attention(shared, rests, starts),
            "tokens": sum(len(pair["input_ids"]) for pair in pairs),
            "first": len(ids[0]),
        }


def read(
    inner: Any, input_ids: Tensor, position_ids: Tensor, wanted: Tensor, labels: Tensor, **row: Any
) -> tuple[Tensor, Tensor]:
    """The hidden states before each label; the last layer is computed for them only."""
    known = {name: row[name] for name in Row.__dataclass_fields__}
    hidden: Tensor = inner(
        input_ids,
        # transformers uses a four-dimensional mask as it is instead of making one; our layers read none.
        attention_mask=input_ids.new_zeros(1, 1, 1, 1),
        position_ids=position_ids,
        use_cache=False,
        row=Row(**known),
        wanted=wanted,
    )[0]
    return hidden[0], labels[1:]


def _shared(ids: Sequence[Any]) -> int:
    if len(ids) == 1:
        return 0
    shortest = min(map(len, ids))
    alike = (np.stack([one[:shortest] for one in ids]) == ids[0][:shortest]).all(0)
    return int(min(np.logical_and.accumulate(alike).sum(), shortest - 1))


def _attention(shared: int, rests: Any, starts: Any) -> dict[str, Any]:
    """The fields of `Row`; the i-th pair's own tokens are the rests[i] from starts[i] on."""
    opening = [np.arange(shared)] if shared else []
    own = [np.arange(start, start + rest) for start, rest in zip(starts, rests, strict=True)]
    queries = np.cumsum([0, *map(len, opening), *rests])
    keys = np.cumsum([0, *map(len, opening), *(shared + rests)])
    before = keys[len(opening) : -1] + shared
    return {
        "queries": _tensor(queries).int(),
        "keys": _tensor(keys).int(),
        "sources": _tensor([*opening, *(part for tokens in own for part in (np.arange(shared), tokens))]),
        "places": _tensor([np.zeros(shared), *(b + np.arange(n) for b, n in zip(before, rests, strict=True))]).int(),
        "shared": shared,
        "longest": int(max(shared + rests)),
    }


def _tensor(values: Any) -> Tensor:
    """An array, or a list of arrays end to end, as int64."""
    joined = np.concatenate(values) if isinstance(values, list) else values
    return torch.from_numpy(joined.astype(np.int64))
