"""Choose the engine: the bundle's own, or the endpoint in the environment."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from moviechat.addresses import scrubbed
from moviechat.bundle import BundleInfo, open_bundle
from moviechat.errors import ModelError
from moviechat.generation.protocol import LanguageModel

if TYPE_CHECKING:
    from moviechat.generation.endpoint import Endpoint

_URL = "MOVIECHAT_LLM_URL"


def elsewhere() -> bool:
    """Whether the environment names a server that answers instead of the bundle's own model."""
    return bool(os.environ.get(_URL))


def endpoint() -> Endpoint:
    """The server that the environment names; raises ModelError if there is none."""
    if not elsewhere():
        raise ModelError(f"chat.understand is llm but {_URL} is empty: set it, or set chat.understand to network")
    return _endpoint(os.environ[_URL])


def load(bundle: Path | BundleInfo, *, adapter: bool = True) -> LanguageModel:
    """The language model of a bundle, or of its folder; without its LoRA if `adapter` is false.

    MOVIECHAT_LLM_URL, MOVIECHAT_LLM_MODEL and MOVIECHAT_LLM_KEY name an OpenAI-compatible endpoint instead.
    Raises BundleError for an unusable bundle and ModelError for an incomplete endpoint.
    """
    if elsewhere():
        return _endpoint(os.environ[_URL])
    info = bundle if isinstance(bundle, BundleInfo) else open_bundle(bundle)
    return _transformers(info, adapter) if info.engine == "transformers" else _llama_cpp(info, adapter)


def _endpoint(url: str) -> Endpoint:
    from moviechat.generation.endpoint import Endpoint

    model = os.environ.get("MOVIECHAT_LLM_MODEL")
    if not model:
        raise ModelError(
            f"MOVIECHAT_LLM_URL is {scrubbed(url)} but MOVIECHAT_LLM_MODEL is empty: set it to the model's name there"
        )
    return Endpoint(url, model, os.environ.get("MOVIECHAT_LLM_KEY"))


def _llama_cpp(info: BundleInfo, adapter: bool) -> LanguageModel:
    from moviechat.generation.llamacpp import LlamaCpp

    lora = info.gguf_adapter if adapter else None
    return LlamaCpp(info.base, lora, info.context, info.threads, name=_name(info, adapter))


def _transformers(info: BundleInfo, adapter: bool) -> LanguageModel:
    from moviechat.generation.hf import Transformers

    lora = info.peft_adapter if adapter else None
    return Transformers(info.base, lora, info.quantize, context=info.context, name=_name(info, adapter))


def _name(info: BundleInfo, adapter: bool) -> str:
    return f"{info.model}+lora" if adapter else info.model
