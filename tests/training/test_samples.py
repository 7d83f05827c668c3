"""Samples are what the model would answer, and taking them changes nothing."""

from __future__ import annotations

from typing import Any

import torch
from transformers import AutoTokenizer, TrainerControl, TrainerState

from moviechat.generation.hf import Transformers
from moviechat.schema import QAPair
from moviechat.training import adapted, loss, samples
from moviechat.training.examples import encode
from tests.training.test_loop import P

RECORDS = ["Description: Ana finds an old bus.\nRelease Year: 2019", "Description: A jungle, a spell.\nVotes: 134.0"]
PAIRS = [QAPair("tt1", "particular", f"What is in {n}?", "A bus.", text, "test") for n, text in enumerate(RECORDS)]


def made(base: Any) -> tuple[Any, samples.Samples, list[dict[str, list[int]]]]:
    tokenizer = AutoTokenizer.from_pretrained(base)
    rows = [encode(pair, tokenizer, 512) for pair in PAIRS]
    model = adapted.load(P.model_copy(update={"dropout": 0.0}), base)
    loss.install(model)
    return model, samples.Samples(rows, tokenizer), rows


def test_a_batch_of_samples_is_what_each_prompt_alone_would_get(tiny_llama: Any) -> None:
    from moviechat import prompts
    from moviechat.generation.protocol import complete

    model, asking, _ = made(tiny_llama.folder)
    plain = Transformers(tiny_llama.folder, None, False, context=512)
    alone = [complete(plain, prompts.render(q.question, q.input), max_new_tokens=samples.TOKENS) for q in PAIRS]
    assert [a[:20] for a in asking.answers(model)] == [" ".join(a.split())[:20] for a in alone]


def test_the_model_trains_on_as_if_nothing_had_been_asked(tiny_llama: Any) -> None:
    model, asking, rows = made(tiny_llama.folder)
    batch = {k: torch.tensor([rows[0][k]]) for k in ("input_ids", "labels")}
    batch["attention_mask"] = torch.ones_like(batch["input_ids"])
    before = model.train()(**batch).loss
    random = torch.get_rng_state()
    state = TrainerState(global_step=0)
    asking.on_train_begin(None, state, TrainerControl(), model=model)
    assert torch.equal(model(**batch).loss, before) and model.training
    assert torch.equal(torch.get_rng_state(), random)
    assert [row["question"] for row in samples.told(state.log_history)] == ["What is in 0?", "What is in 1?"]


def test_a_run_that_goes_on_does_not_ask_the_base_again(tiny_llama: Any) -> None:
    model, asking, _ = made(tiny_llama.folder)
    state = TrainerState(global_step=3)
    asking.on_train_begin(None, state, TrainerControl(), model=model)
    assert state.log_history == []
