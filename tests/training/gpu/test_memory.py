"""A step's micro-batches are taken together as far as the memory reaches, and their pairs stay the same."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from moviechat.training.gpu import memory
from tests.training.test_loop import P

OPEN_LLAMA: Any = SimpleNamespace(
    hidden_size=3200, intermediate_size=8640, num_hidden_layers=26, num_attention_heads=32
)
LENGTHS = [400] * 100
STEP = P.model_copy(update={"micro_batch": 4, "accumulation": 4})


@pytest.mark.parametrize(("gigabytes", "micro_batch", "accumulation"), [(70, 16, 1), (20, 8, 2), (2, 4, 4)])
def test_as_many_as_fit(gigabytes: int, micro_batch: int, accumulation: int) -> None:
    found = memory.together(STEP, OPEN_LLAMA, gigabytes * 1e9, LENGTHS)
    assert (found.micro_batch, found.accumulation) == (micro_batch, accumulation)


def test_a_quantised_base_takes_more() -> None:
    found = memory.together(STEP.model_copy(update={"quantize": "8bit"}), OPEN_LLAMA, 40e9, LENGTHS)
    assert found.micro_batch * found.accumulation == 16 and found.accumulation > 1


def test_only_whole_shares_of_a_step() -> None:
    found = memory.together(STEP.model_copy(update={"accumulation": 3}), OPEN_LLAMA, 15e9, LENGTHS)
    assert (found.micro_batch, found.accumulation) == (4, 3)
