"""The loss is the response's alone, by whatever way the model is called."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from transformers import AutoTokenizer

from moviechat.training import adapted, doors, loss, place
from moviechat.training.examples import RightPadded, encode
from tests.training.test_loop import PAIRS, P


def both(base: Any) -> tuple[Any, Any, dict[str, Any]]:
    """The model as peft made it, the same with our loss, and a batch."""
    tokenizer = AutoTokenizer.from_pretrained(base)
    plain, ours = (adapted.load(P.model_copy(update={"dropout": 0.0}), base) for _ in range(2))
    loss.install(ours, doors.install(ours, place.here(P)))
    batch = RightPadded(2)([encode(pair, tokenizer, 512) for pair in PAIRS])
    return plain, ours, {k: v for k, v in batch.items() if k not in ("tokens", "first")}


@pytest.mark.parametrize("number", [None, 7])
def test_it_is_the_loss_of_all_logits(tiny_llama: Any, number: int | None) -> None:
    plain, ours, batch = both(tiny_llama.folder)
    torch.testing.assert_close(
        ours(**batch, num_items_in_batch=number).loss, plain(**batch, num_items_in_batch=number).loss
    )


def test_no_logits_of_the_prompt_are_computed(tiny_llama: Any) -> None:
    _, ours, batch = both(tiny_llama.folder)
    seen: list[int] = []
    ours.get_base_model().lm_head.register_forward_hook(lambda _m, args, _o: seen.append(len(args[0])))
    ours(**batch)
    assert seen == [int((batch["labels"] != -100).sum())]


def test_the_prompt_has_no_gradient_but_the_end_of_text_has(tiny_llama: Any) -> None:
    _, ours, batch = both(tiny_llama.folder)
    head = ours.get_base_model().lm_head
    rows: list[torch.Tensor] = []
    head.register_forward_hook(lambda _m, _a, out: rows.append(out) or out.retain_grad())
    ours.get_base_model().get_input_embeddings().weight.requires_grad_(True)
    ours(**batch).loss.backward()
    wanted = batch["labels"][:, 1:][batch["labels"][:, 1:] != -100]
    assert int(wanted[-1]) == AutoTokenizer.from_pretrained(tiny_llama.folder).eos_token_id
    assert rows[0].grad is not None and bool((rows[0].grad.abs().sum(-1) > 0).all())


def test_writing_gives_back_what_it_took(tiny_llama: Any) -> None:
    plain, ours, batch = both(tiny_llama.folder)
    with loss.writing(ours) as writer:
        assert writer(input_ids=batch["input_ids"]).logits.shape[1] == batch["input_ids"].shape[1]
    torch.testing.assert_close(ours(**batch).loss, plain(**batch).loss)
