"""Any server with OpenAI's `/v1/completions` and `/v1/chat/completions` (vLLM, llama.cpp, Ollama, hosted)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from moviechat.addresses import scrubbed
from moviechat.errors import ModelError
from moviechat.generation.protocol import STOP, trimmed
from moviechat.proxies import spare_loopback

TIMEOUT = 120.0  # seconds without a byte
_NO_COMPLETION = (ValueError, AttributeError, TypeError)  # what openai raises over a reply that is something else
_AT_ONCE, _CHOICE = 10.0, 64  # seconds and tokens of a choice: somebody waits, and there is another way to choose


class Endpoint:
    """A server, queried with the published prompt, or for one choice among several; `url` ends in `/v1`."""

    def __init__(self, url: str, model: str, key: str | None = None) -> None:
        self.name = model
        self._url, self._key = url, key or "none"  # local servers need no key, but the client needs a string

    def stream(self, prompt: str, *, max_new_tokens: int) -> Iterator[str]:
        """The greedy continuation in pieces as they arrive; raises ModelError with the server's address."""
        return trimmed(self._pieces(prompt, max_new_tokens))

    def choose(self, instruction: str, message: str, schema: dict[str, Any]) -> str:
        """The reply to a `message` as JSON of `schema`; raises ModelError with the server's address."""
        import httpx2
        import openai

        spare_loopback()
        wanted = {"type": "json_schema", "json_schema": {"name": "reply", "strict": True, "schema": schema}}
        said = [{"role": "system", "content": instruction}, {"role": "user", "content": message}]
        request: dict[str, Any] = {"model": self.name, "messages": said, "response_format": wanted}
        try:
            with openai.OpenAI(base_url=self._url, api_key=self._key, timeout=_AT_ONCE, max_retries=0) as client:
                reply = client.chat.completions.create(**request, temperature=0, max_tokens=_CHOICE)
            return (reply.choices[0].message.content if reply.choices else None) or ""
        except (openai.OpenAIError, httpx2.HTTPError, *_NO_COMPLETION) as error:
            raise ModelError(self._sentence(error)) from None

    def _pieces(self, prompt: str, max_new_tokens: int) -> Iterator[str]:
        import httpx2
        import openai

        spare_loopback()
        client = openai.OpenAI(base_url=self._url, api_key=self._key, timeout=TIMEOUT)
        request: dict[str, Any] = {"model": self.name, "prompt": prompt, "max_tokens": max_new_tokens}
        try:
            with client, client.completions.create(**request, temperature=0, stop=[STOP], stream=True) as chunks:
                for chunk in chunks:
                    yield from (choice.text for choice in chunk.choices if choice.text)
        except (openai.OpenAIError, httpx2.HTTPError) as error:
            raise ModelError(self._sentence(error)) from None

    def _sentence(self, error: Exception) -> str:
        what = scrubbed(" ".join(str(error).split())) or type(error).__name__
        return (
            f"{scrubbed(self._url)} did not answer as {self.name} ({what}): check MOVIECHAT_LLM_URL, "
            "MOVIECHAT_LLM_MODEL and MOVIECHAT_LLM_KEY, or unset them to use the bundle's own model"
        )
