"""transformers in this process, in 8-bit as published or in 16 bits (32 on a CPU): for bases without GGUF."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from moviechat.errors import ModelError
from moviechat.generation.background import Emit, pieces
from moviechat.generation.protocol import STOP, UNFINISHED, ended, refuse_longer, trimmed

_TOGETHER = 16  # prompts per batch


class Transformers:
    """A Llama folder, with or without a peft LoRA folder; loaded at first use.

    `quantize` loads the linear layers in 8-bit (LLM.int8(), arXiv:2208.07339) with bitsandbytes.
    Raises ModelError if a folder is missing, and at first use if it cannot be read.
    """

    def __init__(
        self, folder: Path, adapter: Path | None, quantize: bool, *, context: int, name: str | None = None
    ) -> None:
        for path in filter(None, (folder, adapter)):
            if not path.is_dir():
                raise ModelError(f"{path} is missing: run `dvc repro bundle`")
        self.name = name or folder.name
        self._folder, self._adapter, self._quantize, self._context = folder, adapter, quantize, context
        self._loaded: Any = None
        self._lock = threading.Lock()

    def stream(self, prompt: str, *, max_new_tokens: int) -> Iterator[str]:
        """The greedy continuation in pieces; raises ModelError if the prompt is longer than the context."""
        model, tokenizer = self._both()
        inputs = self._encoded(prompt, model, tokenizer)
        return trimmed(pieces(lambda emit: self._generate(model, tokenizer, inputs, max_new_tokens, emit)))

    def complete_all(self, prompts: Sequence[str], *, max_new_tokens: int) -> list[str]:
        """The greedy continuation of each prompt, in batches; ModelError if one is longer than the context."""
        model, tokenizer = self._both()
        texts: list[str] = []
        for start in range(0, len(prompts), _TOGETHER):
            rows = [self._encoded(p, model, tokenizer)["input_ids"][0] for p in prompts[start : start + _TOGETHER]]
            texts += self._batch(model, tokenizer, rows, max_new_tokens)
        return [ended(text) for text in texts]

    def _batch(self, model: Any, tokenizer: Any, rows: Sequence[Any], max_new_tokens: int) -> list[str]:
        import torch

        greedy = _greedy(model, tokenizer, max_new_tokens)
        length = max(map(len, rows))
        # Padded on the left, so that each continuation starts right after its prompt.
        ids = torch.stack([torch.nn.functional.pad(r, (length - len(r), 0), value=greedy.pad_token_id) for r in rows])
        mask = torch.stack([torch.nn.functional.pad(torch.ones_like(r), (length - len(r), 0)) for r in rows])
        stops = _Stops(tokenizer, length)
        with self._lock:
            written = model.generate(
                input_ids=ids, attention_mask=mask, generation_config=greedy, stopping_criteria=[stops]
            )
        return list(tokenizer.batch_decode(written[:, length:], skip_special_tokens=True))

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
        greedy = _greedy(model, tokenizer, max_new_tokens)
        handed_over = _HandOver(tokenizer, inputs["input_ids"].shape[1], emit)
        with self._lock:
            model.generate(**inputs, generation_config=greedy, stopping_criteria=[handed_over])

    def _encoded(self, prompt: str, model: Any, tokenizer: Any) -> Any:
        inputs = tokenizer(prompt, return_tensors="pt").to(model.device)
        refuse_longer(inputs["input_ids"].shape[1], self._context, self.name, self._context)
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
            model: Any = AutoModelForCausalLM.from_pretrained(self._folder, trust_remote_code=False, **self._options())
            if self._adapter:
                from peft import PeftModel

                model = PeftModel.from_pretrained(model, self._adapter)
            return model.eval(), AutoTokenizer.from_pretrained(self._folder, trust_remote_code=False)
        except Exception as error:  # whatever a library raises over a garbled file
            reason = " ".join(str(error).split())[:300]
            raise ModelError(f"transformers cannot load {self._folder} ({reason}): run `dvc repro bundle`") from None

    def _options(self) -> dict[str, Any]:
        import torch
        from transformers import BitsAndBytesConfig

        options = {"dtype": weight_type(), "device_map": {"": "cuda:0" if torch.cuda.is_available() else "cpu"}}
        if not self._quantize:
            return options
        return options | {"quantization_config": BitsAndBytesConfig(load_in_8bit=True)}  # type: ignore[no-untyped-call]


def weight_type() -> Any:
    """torch's type of the weights here: bf16, fp16 on a GPU without bf16, fp32 on a CPU."""
    import torch

    if not torch.cuda.is_available():
        return torch.float32
    return torch.bfloat16 if torch.cuda.is_bf16_supported(including_emulation=False) else torch.float16


def _greedy(model: Any, tokenizer: Any, max_new_tokens: int) -> Any:
    # The model's own generation settings may sample; only its end-of-text tokens are used.
    return type(model.generation_config)(
        max_new_tokens=max_new_tokens,
        do_sample=False,
        eos_token_id=model.generation_config.eos_token_id,
        pad_token_id=tokenizer.eos_token_id if tokenizer.pad_token_id is None else tokenizer.pad_token_id,
    )


class _Stops:
    """A stopping criterion that ends each of several continuations at its `###`."""

    def __init__(self, tokenizer: Any, prompt_length: int) -> None:
        self._tokenizer, self._prompt_length = tokenizer, prompt_length

    def __call__(self, input_ids: Any, scores: Any, **_: Any) -> Any:
        import torch

        texts = self._tokenizer.batch_decode(input_ids[:, self._prompt_length :], skip_special_tokens=True)
        return torch.tensor([STOP in text for text in texts], device=input_ids.device)


class _HandOver:
    """A stopping criterion that emits the text of each new token, and stops at `###` or if nobody listens."""

    def __init__(self, tokenizer: Any, prompt_length: int, emit: Emit) -> None:
        self._tokenizer, self._prompt_length, self._emit = tokenizer, prompt_length, emit
        self._done = 0  # characters emitted so far

    def __call__(self, input_ids: Any, scores: Any, **_: Any) -> Any:
        import torch

        text = self._tokenizer.decode(input_ids[0, self._prompt_length :], skip_special_tokens=True)
        piece = "" if text.endswith(UNFINISHED) else text[self._done :]
        self._done += len(piece)
        stop = self._emit(piece) or STOP in text
        return torch.full((input_ids.shape[0],), stop, dtype=torch.bool, device=input_ids.device)
