"""A micro-batch in one row: every token is there, the shared ones once, and loss and gradients stay the same."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from moviechat.training import loss
from moviechat.training.cpu import door as cpu
from moviechat.training.cpu.packed import Layout
from tests.training.cpu.test_fused import ALL, adapted


@st.composite
def batches(draw: st.DrawFn) -> Tensor:
    """Ids [pairs, length] of few values, so that openings are often shared."""
    pairs, length = draw(st.integers(1, 4)), draw(st.integers(1, 9))
    return torch.tensor(
        draw(st.lists(st.lists(st.integers(0, 1), min_size=length, max_size=length), min_size=pairs, max_size=pairs))
    )


@given(batches())
def test_every_token_is_found_where_places_says(ids: Tensor) -> None:
    layout = Layout.of(ids)
    row = layout.pack(ids)
    assert len(row) == layout.tokens
    everywhere = layout.places(torch.ones_like(ids, dtype=torch.bool))
    assert row[everywhere].view_as(ids).equal(ids)
    assert set(everywhere.tolist()) == set(range(layout.tokens))


@given(batches())
def test_no_longer_opening_could_be_shared(ids: Tensor) -> None:
    layout = Layout.of(ids)
    length = ids.shape[1]
    assert (ids[:, : layout.shared] == ids[0, : layout.shared]).all()
    assert layout.shared == length - 1 or len(ids) == 1 or len(set(ids[:, layout.shared].tolist())) > 1
    assert layout.rest == length - layout.shared > 0


def test_a_lone_pair_shares_nothing() -> None:
    assert Layout.of(torch.tensor([[1, 2, 3]])) == Layout(0, 1, 3)


def batch(shared: int, length: int, pairs: int = 3) -> dict[str, Any]:
    """Ids with `shared` equal columns in front, each pair shorter than the one before, its last four tokens counted."""
    ids = torch.randint(0, 61, (pairs, length), generator=torch.Generator().manual_seed(5))
    ids[:, :shared] = ids[0, :shared]
    if shared < length:
        ids[:, shared] = torch.arange(pairs)
    mask, labels = torch.ones_like(ids), torch.full_like(ids, -100)
    for n in range(pairs):
        end = length - 2 * n
        mask[n, end:] = 0
        labels[n, end - 4 : end] = ids[n, end - 4 : end]
    return {"input_ids": ids, "attention_mask": mask, "labels": labels}


@pytest.mark.parametrize("layers", [None, [2], [0, 1]])
@pytest.mark.parametrize(("shared", "length"), [(0, 20), (7, 20), (150, 320), (20, 20)])
def test_loss_and_gradients_are_those_of_transformers_and_peft(
    layers: list[int] | None, shared: int, length: int
) -> None:
    plain = adapted(ALL, layers)
    fast = copy.deepcopy(plain)
    way = cpu.install(fast)
    assert way
    loss.install(fast, way)
    rows = batch(shared, length)
    expected, found = plain(**rows).loss, fast(**rows).loss
    torch.testing.assert_close(found, expected)
    expected.backward()
    found.backward()
    for (name, p), q in zip(plain.named_parameters(), fast.parameters(), strict=True):
        assert (p.grad is None) == (q.grad is None), name
        if p.grad is not None:
            assert (q.grad - p.grad).abs().max() <= 1e-4 * p.grad.abs().max() + 1e-7, name


def test_the_last_layer_goes_on_with_the_counted_tokens_alone() -> None:
    model = adapted(ALL)
    way = cpu.install(model)
    assert way
    loss.install(model, way)
    lengths: list[int] = []
    for layer in model.get_base_model().model.layers:
        layer.register_forward_hook(lambda _m, _i, out: lengths.append(out.shape[1]))
    model(**batch(7, 20))
    assert lengths == [7 + 3 * 13, 7 + 3 * 13, 12]
