"""vLLM in this process, for evaluations of thousands of questions: it answers all prompts at once."""

from __future__ import annotations

import importlib.util
import json
import os
import threading
from collections.abc import Iterator, Sequence
from typing import Any

from moviechat.bundle import BundleInfo
from moviechat.errors import ModelError
from moviechat.generation.hf import weight_type
from moviechat.generation.protocol import STOP, ended, refuse_longer

_RANKS = (8, 16, 32, 64, 128, 256, 320, 512)  # the values of max_lora_rank that every vLLM takes
_LORA = 1  # vLLM numbers its adapters from 1
_OTHERWISE = "or evaluate without `--engine vllm`"
_MOST_TOLD = 300  # characters of a library's reason
# One process, so that batches are formed alike in every run; lines of vLLM's log would cut through the progress bars.
_ENVIRONMENT = {"VLLM_ENABLE_V1_MULTIPROCESSING": "0", "VLLM_LOGGING_LEVEL": "ERROR", "VLLM_NO_USAGE_STATS": "1"}


class Served:
    """A bundle's base and LoRA in one engine, loaded at first use; thread-safe.

    Raises ModelError without vLLM, and for a bundle that vLLM cannot answer for.
    """

    def __init__(self, info: BundleInfo) -> None:
        self._info, self._rank = info, _servable(info)
        if importlib.util.find_spec("vllm") is None:
            raise ModelError(
                "vLLM is not installed here: `pip install vllm` on a machine with a GPU (docs/training.md), "
                f"{_OTHERWISE}"
            )
        self._loaded: Any = None
        self._lock = threading.Lock()

    def model(self, *, adapter: bool) -> Vllm:
        """The base model, with the LoRA if `adapter`."""
        return Vllm(self, f"{self._info.model}+lora" if adapter else self._info.model, adapter)

    @property
    def version(self) -> str:
        """vLLM's version and the type of the weights: what, besides the bundle, decides an answer."""
        return f"vllm {_vllm().__version__}, {_named(weight_type())}"

    def answers(self, prompts: Sequence[str], name: str, *, adapter: bool, max_new_tokens: int) -> list[str]:
        """The greedy continuation of each prompt; ModelError, with the model's `name`, if one is too long."""
        with self._lock:
            self._loaded = self._loaded or self._load()
            tokens = [self._loaded.get_tokenizer()(prompt)["input_ids"] for prompt in prompts]
            for ids in tokens:
                # vLLM wants room for one token of the answer.
                refuse_longer(len(ids), self._info.context - 1, name, self._info.context)
            written = self._loaded.generate(
                [{"prompt_token_ids": ids} for ids in tokens],
                _vllm().SamplingParams(**sampling(max_new_tokens)),
                lora_request=self._lora() if adapter else None,
                use_tqdm=len(prompts) > 1,
            )
        return [ended(one.outputs[0].text) for one in written]

    def _load(self) -> Any:
        try:
            return _vllm().LLM(**arguments(self._info, self._rank, _named(weight_type())))
        except Exception as error:  # no GPU, a full one, a model that vLLM does not know: each raises another
            reason = " ".join(str(error).split())[:_MOST_TOLD]
            raise ModelError(f"vLLM cannot load {self._info.base} ({reason}): mend that, {_OTHERWISE}") from None

    def _lora(self) -> Any:
        from vllm.lora.request import LoRARequest

        return LoRARequest("adapter", _LORA, str(self._info.peft_adapter))


class Vllm:
    """The base of a `Served` bundle, with or without its LoRA."""

    def __init__(self, served: Served, name: str, adapter: bool) -> None:
        self.name = name
        self._served, self._adapter = served, adapter

    def stream(self, prompt: str, *, max_new_tokens: int) -> Iterator[str]:
        """The whole greedy continuation as one piece; ModelError if the prompt is longer than the context."""
        yield from filter(None, self.complete_all([prompt], max_new_tokens=max_new_tokens))

    def complete_all(self, prompts: Sequence[str], *, max_new_tokens: int) -> list[str]:
        """The greedy continuation of each prompt, all at once; ModelError if one is longer than the context."""
        return self._served.answers(prompts, self.name, adapter=self._adapter, max_new_tokens=max_new_tokens)


def arguments(info: BundleInfo, rank: int, dtype: str) -> dict[str, Any]:
    """The arguments of `vllm.LLM`: the bundle's base and context, and a LoRA of `rank`."""
    return {
        "model": str(info.base),
        "dtype": dtype,
        "max_model_len": info.context,
        "enable_lora": True,
        "max_lora_rank": next(most for most in _RANKS if rank <= most),
        # Compiling the model would take longer than the answers.
        "enforce_eager": True,
    }


def sampling(max_new_tokens: int) -> dict[str, Any]:
    """The arguments of `vllm.SamplingParams`: greedy, up to the published stop."""
    return {"temperature": 0.0, "max_tokens": max_new_tokens, "stop": [STOP]}


def _servable(info: BundleInfo) -> int:
    """The rank of the bundle's LoRA; ModelError if vLLM would not answer as the bundle does."""
    if info.engine != "transformers":
        raise ModelError(
            f"{info.base} is a GGUF, and vLLM needs a safetensors folder: set fetch_models.language_model to one "
            f"(hf: or file:), then `dvc repro bundle`, {_OTHERWISE}"
        )
    if info.quantize:
        raise ModelError(
            f"{info.folder} answers in 8-bit, which vLLM does not make of a base in 16 bits: set bundle.quantize to "
            f"none, then `dvc repro bundle`, {_OTHERWISE}"
        )
    rank = int(json.loads((info.peft_adapter / "adapter_config.json").read_text(encoding="utf-8"))["r"])
    if rank > _RANKS[-1]:
        raise ModelError(
            f"the adapter in {info.peft_adapter} has rank {rank}, and vLLM takes {_RANKS[-1]} at most: lower "
            f"train.rank, then `dvc repro`, {_OTHERWISE}"
        )
    return rank


def _vllm() -> Any:
    for name, value in _ENVIRONMENT.items():
        os.environ.setdefault(name, value)  # read when vLLM is imported
    import vllm

    return vllm


def _named(dtype: Any) -> str:
    return str(dtype).removeprefix("torch.")
