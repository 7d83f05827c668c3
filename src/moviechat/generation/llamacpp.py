"""llama.cpp in this process, through xllamacpp: the default engine."""

from __future__ import annotations

import ctypes
import importlib.util
import secrets
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from moviechat import threads
from moviechat.errors import ModelError
from moviechat.generation.background import Emit, pieces
from moviechat.generation.protocol import STOP, trimmed

_SILENT = -1  # llama.cpp's log would overwrite the conversation
# llama.cpp reports the ranking with the token that it writes, but writes no end of text or half a character. The
# grammar makes it write another token and does not change the ranking.
_WRITABLE = "root ::= [ -~]+"


class LlamaCpp:
    """A GGUF model, with or without a GGUF LoRA; loaded at first use, answers one prompt at a time.

    `context` is in tokens, for prompt and answer; `threads` None uses all cores.
    Raises ModelError if a file is missing, and at first use if llama.cpp cannot read one.
    """

    def __init__(
        self, base: Path, adapter: Path | None, context: int, threads: int | None, *, name: str | None = None
    ) -> None:
        for path in filter(None, (base, adapter)):
            if not path.is_file():
                raise ModelError(f"{path} is missing: run `dvc repro bundle`")
        self.name = name or base.stem
        self._base, self._adapter, self._context, self._threads = base, adapter, context, threads
        self._engine: Any = None
        self._lock = threading.Lock()

    def stream(self, prompt: str, *, max_new_tokens: int) -> Iterator[str]:
        """The greedy continuation in pieces; raises ModelError if the prompt is longer than the context."""
        request = {"prompt": prompt, "max_tokens": max_new_tokens, "temperature": 0, "stop": [STOP], "stream": True}
        server = self._server()

        def work(emit: Emit) -> None:
            faults: list[str] = []

            def take(chunk: dict[str, Any]) -> bool:
                if "error" in chunk:
                    faults.append(chunk["error"]["message"])
                    return True
                return emit(chunk["choices"][0]["text"])

            server.handle_completions(request, take)
            if faults:
                raise self._fault(faults[0])

        return trimmed(pieces(work))

    def next_tokens(self, prompt: str, *, top: int = 10) -> list[tuple[int, float]]:
        """The `top` likeliest next tokens, best first, as (id, natural log of probability)."""
        request = {"prompt": prompt, "max_tokens": 1, "temperature": 0, "logprobs": top, "grammar": _WRITABLE}
        reply = self._server().handle_completions(request)
        if "error" in reply:
            raise self._fault(reply["error"]["message"])
        first = reply["choices"][0]["logprobs"]["content"][0]
        return [(t["id"], t["logprob"]) for t in first["top_logprobs"]]

    def _fault(self, message: str) -> ModelError:
        return ModelError(f"{self.name} could not answer ({message}): shorten the prompt, or raise bundle.context")

    def _server(self) -> Any:
        with self._lock:
            if self._engine is None:
                self._engine = self._loaded()
            return self._engine

    def _loaded(self) -> Any:
        threads.yield_soon()
        _lend_openmp()
        import xllamacpp

        try:
            return xllamacpp.Server(self._settings(xllamacpp))
        except RuntimeError:
            files = f"{self._base} and {self._adapter}" if self._adapter else str(self._base)
            raise ModelError(f"llama.cpp cannot load {files}: run `dvc repro bundle` to rebuild them") from None

    def _settings(self, xllamacpp: Any) -> Any:
        settings = xllamacpp.CommonParams()
        settings.model.path = str(self._base)
        if self._adapter:
            settings.lora_adapters = [xllamacpp.CommonAdapterLoraInfo(str(self._adapter), 1.0)]
        settings.n_ctx, settings.n_parallel = self._context, 1
        settings.cpuparams.n_threads = settings.cpuparams_batch.n_threads = self._threads or -1
        settings.verbosity, settings.warmup, settings.fit_params = _SILENT, False, False
        # A prompt continued from another's cache is split into other batches, which may round to another answer.
        settings.cache_prompt, settings.cache_ram_mib = False, 0
        # xllamacpp also listens on a loopback port: nobody else has the key, and no web page may use it.
        settings.api_keys, settings.cors_origins, settings.ui = [secrets.token_hex(16)], "", False
        return settings


def _lend_openmp() -> None:
    # xllamacpp needs a libgomp.so.1 that plain Debian lacks; torch's wheel has one, and need not be imported.
    torch = importlib.util.find_spec("torch")
    for folder in torch.submodule_search_locations or () if torch else ():
        library = Path(folder, "lib", "libgomp.so.1")
        if library.is_file():
            ctypes.CDLL(str(library), mode=ctypes.RTLD_GLOBAL)
