"""Every token stands in the row, shared ones once, and sees what it would see in its own pair."""

from __future__ import annotations

import torch
from hypothesis import given
from hypothesis import strategies as st

from moviechat.training.gpu.rows import Row, Rows


@st.composite
def batches(draw: st.DrawFn) -> list[dict[str, list[int]]]:
    """Encoded pairs of few values, so that openings are often shared; a response of at least one token."""
    found = []
    for _ in range(draw(st.integers(1, 4))):
        ids = draw(st.lists(st.integers(0, 1), min_size=2, max_size=9))
        prompt = draw(st.integers(1, len(ids) - 1))
        found.append({"input_ids": ids, "labels": [-100] * prompt + ids[prompt:]})
    return found


@given(batches())
def test_each_label_follows_the_tokens_of_its_own_pair(pairs: list[dict[str, list[int]]]) -> None:
    batch = Rows(0)(pairs)
    row = Row(**{name: batch[name] for name in Row.__dataclass_fields__})
    ids, positions = batch["input_ids"][0].tolist(), batch["position_ids"][0].tolist()
    expected = [
        (pair["input_ids"][: t + 1], label)
        for pair in pairs
        for t, label in enumerate(pair["labels"][1:])
        if label != -100
    ]
    found = []
    for place, label in zip(batch["wanted"].tolist(), batch["labels"][1:].tolist(), strict=True):
        seen = _seen(row, place)
        assert [positions[t] for t in seen] == list(range(len(seen)))
        found.append(([ids[t] for t in seen], label))
    assert found == expected
    assert batch["tokens"] == sum(len(p["input_ids"]) for p in pairs)
    assert ids[: batch["first"]] == pairs[0]["input_ids"][:-1]


def _seen(row: Row, token: int) -> list[int]:
    """The tokens whose keys `token` sees: all of its stretch's, one less for each query after it."""
    queries, keys = row.queries.tolist(), row.keys.tolist()
    n = next(n for n, end in enumerate(queries[1:]) if token < end)
    after = queries[n + 1] - 1 - token
    return row.sources[keys[n] : keys[n + 1] - after].tolist()


@given(batches())
def test_places_are_where_sources_says(pairs: list[dict[str, list[int]]]) -> None:
    batch = Rows(0)(pairs)
    own = torch.arange(batch["shared"], batch["input_ids"].shape[1])
    assert batch["sources"][batch["places"][batch["shared"] :].long()].equal(own)
    copies = [batch["sources"][int(start) + t] for start in batch["keys"][:-1] for t in range(batch["shared"])]
    assert copies == list(range(batch["shared"])) * (len(batch["keys"]) - 1)
    assert batch["longest"] == int(batch["keys"].diff().max())
