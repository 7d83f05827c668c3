"""transformers in this process, in 8-bit as published or in full: for bases that have no GGUF."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from moviechat.errors import ModelError
from moviechat.generation.background import Emit, pieces
from moviechat.generation.protocol import STOP, trimmed


class Transformers:
    """A Llama folder, with a peft LoRA folder or without; loaded when first asked.

    `quantize` loads the linear layers in 8-bit (LLM.int8(), arXiv:2208.07339) with bitsandbytes.
    Raises ModelError if a folder is missing, and at the first question if it cannot be read.
    """

    def __init__(
        self, folder: Path, adapter: Path | None, quantize: bool, *, context: int, name: str | None = None
    ) -> None:
        for path in filter(None, (folder, adapter)):
            if not path.is_dir():
                raise ModelError(f"{path} is not here: run `dvc repro bundle` to make it")
        self.name = name or folder.name
        self._folder, self._adapter, self._quantize, self._context = folder, adapter, quantize, context
        self._loaded: Any = None
        self._lock = threading.Lock()

    def stream(self, prompt: str, *, max_new_tokens: int) -> Iterator[str]:
        """The greedy continuation in pieces; raises ModelError if the prompt is longer than the context."""
        model, tokenizer = self._both()
        inputs = self._encoded(prompt, model, tokenizer)
        return trimmed(pieces(lambda emit: self._generate(model, tokenizer, inputs, max_new_tokens, emit)))

    def next_tokens(self, prompt: str, *, top: int = 10) -> list[tuple[int, float]]:
        """The `top` likeliest next tokens, best first, as (id, natural log of probability)."""
        import torch

        model, tokenizer = self._both()
        inputs = self._encoded(prompt, model, tokenizer)
        with self._lock, torch.inference_mode():
            logits = model(**inputs).logits[0, -1]
        best = torch.log_softmax(logits.float(), dim=-1).topk(top)
        return list(zip(best.indices.tolist(), best.values.tolist(), strict=True))

    def _generate(self, model: Any, tokenizer: Any, inputs: Any, max_new_tokens: int, emit: Emit) -> None:
        # The model's own settings may sample; its end-of-text tokens are all that is taken from them.
        greedy = type(model.generation_config)(
            max_new_tokens=max_new_tokens,
            do_sample=False,
            eos_token_id=model.generation_config.eos_token_id,
            pad_token_id=tokenizer.eos_token_id if tokenizer.pad_token_id is None else tokenizer.pad_token_id,
        )
        handed_over = _HandOver(tokenizer, inputs["input_ids"].shape[1], emit)
        with self._lock:
            model.generate(**inputs, generation_config=greedy, stopping_criteria=[handed_over])

    def _encoded(self, prompt: str, model: Any, tokenizer: Any) -> Any:
        inputs = tokenizer(prompt, return_tensors="pt").to(model.device)
        length = inputs["input_ids"].shape[1]
        if length > self._context:
            raise ModelError(
                f"{self.name} could not answer (the prompt has {length} tokens, the context {self._context}): "
                "shorten the prompt, or raise bundle.context"
            )
        return inputs

    def _both(self) -> tuple[Any, Any]:
        with self._lock:
            if self._loaded is None:
                self._loaded = self._load()
            model, tokenizer = self._loaded
            return model, tokenizer

    def _load(self) -> tuple[Any, Any]:
        from transformers import AutoModelForCausalLM, AutoTokenizer

        try:
            model: Any = AutoModelForCausalLM.from_pretrained(self._folder, **self._options())
            if self._adapter:
                from peft import PeftModel

                model = PeftModel.from_pretrained(model, self._adapter)
            return model.eval(), AutoTokenizer.from_pretrained(self._folder)
        except (OSError, ValueError, ImportError, RuntimeError) as error:
            reason = " ".join(str(error).split())[:300]
            raise ModelError(f"transformers cannot load {self._folder} ({reason}): run `dvc repro bundle`") from None

    def _options(self) -> dict[str, Any]:
        import torch
        from transformers import BitsAndBytesConfig

        gpu = torch.cuda.is_available()
        half = torch.bfloat16 if gpu and torch.cuda.is_bf16_supported() else torch.float16
        options = {"dtype": half if gpu else torch.float32, "device_map": {"": "cuda:0" if gpu else "cpu"}}
        if not self._quantize:
            return options
        return options | {"quantization_config": BitsAndBytesConfig(load_in_8bit=True)}  # type: ignore[no-untyped-call]


class _HandOver:
    """A stopping criterion that emits the text of each new token, and stops at `###` or when nobody listens."""

    def __init__(self, tokenizer: Any, prompt_length: int, emit: Emit) -> None:
        self._tokenizer, self._prompt_length, self._emit = tokenizer, prompt_length, emit
        self._done = 0  # characters emitted

    def __call__(self, input_ids: Any, scores: Any, **_: Any) -> Any:
        import torch

        text = self._tokenizer.decode(input_ids[0, self._prompt_length :], skip_special_tokens=True)
        # A character of several tokens shows as U+FFFD until its last.
        piece = "" if text.endswith("\ufffd") else text[self._done :]
        self._done += len(piece)
        stop = self._emit(piece) or STOP in text
        return torch.full((input_ids.shape[0],), stop, dtype=torch.bool, device=input_ids.device)
