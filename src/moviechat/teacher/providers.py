"""Servers with OpenAI's API: addresses, capabilities, and models that were shut down."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from moviechat.errors import FetchError, ParamsError
from moviechat.sections import Api

URL = "MOVIECHAT_TEACHER_URL"
KEY = "MOVIECHAT_TEACHER_KEY"

Structured = Literal["json_schema", "json_object", "none"]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The capabilities of a kind of server; `key` is the environment variable of its key, None if it needs none."""

    url: str | None
    key: str | None = None
    completions: bool = True  # /v1/completions, the instruct style
    token_limit: str = "max_tokens"
    structured: Structured = "json_schema"
    patterns: bool = False  # its schemas support regular expressions
    seed: bool = True
    batch: bool = False


# As documented in November 2026: platform.openai.com/docs/api-reference, ai.google.dev/gemini-api/docs/openai,
# docs.cohere.com/docs/compatibility-api, docs.vllm.ai, llama.cpp's tools/server/README.md, docs.ollama.com.
ENDPOINTS: Mapping[str, Endpoint] = {
    "openai": Endpoint(
        "https://api.openai.com/v1",
        "OPENAI_API_KEY",
        completions=False,
        token_limit="max_completion_tokens",
        seed=False,
        batch=True,
    ),
    # Gemini's batches accept files only through Google's own client, and no schema.
    "gemini": Endpoint(
        "https://generativelanguage.googleapis.com/v1beta/openai/", "GEMINI_API_KEY", completions=False, seed=False
    ),
    "cohere": Endpoint("https://api.cohere.ai/compatibility/v1", "COHERE_API_KEY", completions=False),
    "vllm": Endpoint("http://127.0.0.1:8000/v1", patterns=True),
    "llama.cpp": Endpoint("http://127.0.0.1:8080/v1", patterns=True),
    "ollama": Endpoint("http://127.0.0.1:11434/v1", patterns=True),
    "other": Endpoint(None, batch=True),
}

_ANY_INSTRUCT = "for style: instruct use any open model behind vllm, llama.cpp or ollama"
_OPENAI = (
    f"OpenAI only has chat models now (endpoint: openai, style: chat, model: gpt-5.6-luna or larger); {_ANY_INSTRUCT}"
)
_GEMINI = f"Gemini replaced PaLM (endpoint: gemini, style: chat); {_ANY_INSTRUCT}"
_COHERE = (
    f"Cohere's Command A took its place (endpoint: cohere, style: chat, model: command-a-03-2025); {_ANY_INSTRUCT}"
)
# The published system's teachers and similar ones: the shut-down date, and what to use instead.
RETIRED: Mapping[str, tuple[str, str]] = {
    "gpt-3.5-turbo-instruct": ("2026-09-28", _OPENAI),
    "text-bison-001": ("2024-08-15", _GEMINI),
    "command": ("2025-09-15", _COHERE),
    "command-light": ("2025-09-15", _COHERE),
}


@dataclass(frozen=True, slots=True)
class Access:
    """Address and key for requests; the key is not in the representation."""

    url: str
    key: str

    def __repr__(self) -> str:
        return f"Access({self.url!r})"


def endpoint(p: Api) -> Endpoint:
    """The endpoint of `p`; ParamsError if the model was shut down, or the endpoint does not support what `p` asks."""
    name = p.model.removeprefix("models/").removeprefix("cohere/")
    if name in RETIRED:
        day, instead = RETIRED[name]
        raise ParamsError(f"generate_qa.api.model {p.model} was shut down on {day}: {instead}")
    found = ENDPOINTS[p.endpoint]
    if p.style == "instruct" and not found.completions:
        raise ParamsError(f"generate_qa.api.style is instruct, but {p.endpoint} has no /v1/completions: set it to chat")
    if p.batch and not found.batch:
        raise ParamsError(f"generate_qa.api.batch is true, but {p.endpoint} has no batch API for it: set it to false")
    return found


def access(p: Api, environment: Mapping[str, str] = os.environ) -> Access:
    """Address and key from the environment; FetchError names the missing variable."""
    found = endpoint(p)
    url = environment.get(URL) or found.url
    if not url:
        raise FetchError(f"{URL} is not set, but generate_qa.api.endpoint is other: set it to the server's /v1 address")
    if not url.startswith(("http://", "https://")):
        raise FetchError(f"{URL} is {url!r}, which is no address: it begins with http:// or https:// and ends in /v1")
    key = environment.get(KEY) or (environment.get(found.key) if found.key else None)
    # Another address may not need the endpoint's key.
    if found.key and not key and url == found.url:
        raise FetchError(f"{found.key} is not set, but {p.endpoint} needs a key: put it in .env")
    return Access(url, key or "none")  # local servers need no key, but the client needs a string


def limits(p: Api) -> dict[str, Any]:
    """The options of a request that limit and format its reply, under the endpoint's names."""
    found: dict[str, Any] = {endpoint(p).token_limit: p.max_tokens}
    if p.temperature is not None:
        found["temperature"] = p.temperature
    return found | (p.options or {})
