from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moviechat.errors import ModelError
from moviechat.models import llama


@given(heads=st.integers(1, 9), half=st.integers(1, 8), columns=st.integers(0, 3))
def test_rows_come_back_in_their_order(heads: int, half: int, columns: int) -> None:
    shape = (heads * 2 * half,) + ((columns,) if columns else ())
    rows = np.arange(np.prod(shape)).reshape(shape)
    assert np.array_equal(llama.deinterleave(llama.interleave(rows, heads), heads), rows)


def test_the_halves_of_each_head_are_interleaved() -> None:
    assert llama.interleave(np.arange(8), 2).tolist() == [0, 2, 1, 3, 4, 6, 5, 7]
    assert llama.interleave(np.arange(8), 1).tolist() == [0, 4, 1, 5, 2, 6, 3, 7]


@pytest.mark.parametrize("module", [f"model.layers.11.{part}" for part in llama.PARTS] + list(llama.WHOLES))
def test_names_come_back(module: str) -> None:
    assert llama.from_gguf(llama.to_gguf(module)) == module


@pytest.mark.parametrize("module", ["model.layers.1.mlp.gate", "model.layers.x.mlp.up_proj", "transformer.h.0"])
def test_a_foreign_module_is_refused(module: str) -> None:
    with pytest.raises(ModelError, match=module):
        llama.to_gguf(module)


@pytest.mark.parametrize("name", ["rope_freqs", "blk.0.ffn_gate_exps", "blk.a.attn_q"])
def test_a_foreign_tensor_is_refused(name: str) -> None:
    with pytest.raises(ModelError, match=name):
        llama.from_gguf(name)


def test_only_queries_and_keys_turn() -> None:
    turned = {part: llama.heads_of(f"blk.3.{part}", 9, 3) for part in llama.PARTS.values()}
    assert {part: heads for part, heads in turned.items() if heads} == {"attn_q": 9, "attn_k": 3}
    assert llama.heads_of("output", 9, 3) is None
