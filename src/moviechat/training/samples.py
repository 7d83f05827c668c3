"""What the model answers while it learns: a few validation questions, before the first step and at every evaluation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from transformers import TrainerCallback

from moviechat.training import loss
from moviechat.training.examples import IGNORED, asked

TOKENS = 32  # maximum tokens of an answer
_STOP = "###"  # starts a section of the prompt


class Samples(TrainerCallback):
    """Greedy answers to `rows`, kept in the trainer's log, so that a resumed run has the earlier ones."""

    def __init__(self, rows: Sequence[Mapping[str, list[int]]], tokenizer: Any) -> None:
        self._tokenizer = tokenizer
        starts = [sum(label == IGNORED for label in row["labels"]) for row in rows]
        self._prompts = [row["input_ids"][:n] for row, n in zip(rows, starts, strict=True)]
        self._golds = [self._text(row["input_ids"][n:]) for row, n in zip(rows, starts, strict=True)]

    def on_train_begin(self, args: Any, state: Any, control: Any, model: Any = None, **_: Any) -> None:
        """Answers of the base alone: a new adapter changes nothing."""
        if state.global_step == 0:
            self._take(state, model)

    def on_evaluate(self, args: Any, state: Any, control: Any, model: Any = None, **_: Any) -> None:
        """Answers of the current adapter."""
        self._take(state, model)

    def _take(self, state: Any, model: Any) -> None:
        if not self._prompts or not state.is_world_process_zero:
            return
        told = zip(self._prompts, self._golds, self.answers(model), strict=True)
        rows = [{"question": asked(ids, self._tokenizer), "gold": gold, "answer": answer} for ids, gold, answer in told]
        state.log_history.append({"step": state.global_step, "samples": rows})

    def answers(self, model: Any) -> list[str]:
        """One text per prompt, all generated in one batch."""
        length, end = max(map(len, self._prompts)), self._tokenizer.eos_token_id
        ids = torch.tensor([[end] * (length - len(p)) + p for p in self._prompts], device=model.device)
        mask = torch.tensor([[0] * (length - len(p)) + [1] * len(p) for p in self._prompts], device=model.device)
        with loss.writing(model) as writer:
            settings = type(writer.generation_config)(
                max_new_tokens=TOKENS, do_sample=False, eos_token_id=end, pad_token_id=end, use_cache=True
            )
            written = writer.generate(input_ids=ids, attention_mask=mask, generation_config=settings)
        return [self._text(row[length:].tolist()) for row in written]

    def _text(self, ids: list[int]) -> str:
        text: str = self._tokenizer.decode(ids, skip_special_tokens=True)
        return " ".join(text.partition(_STOP)[0].split())


def told(history: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Every sample of a trainer's log as a row: step, question, gold, answer."""
    return [{"step": entry["step"], **row} for entry in history for row in entry.get("samples", ())]
