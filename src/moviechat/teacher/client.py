"""One try at one request, through the `openai` client: a reply, or the reason for none."""

from __future__ import annotations

import asyncio
import email.utils
import json
import math
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from moviechat.errors import FetchError
from moviechat.jsonl import encodable
from moviechat.proxies import spare_loopback
from moviechat.sections import Api
from moviechat.teacher.providers import Access
from moviechat.teacher.reply import Reply, UnreadableError, read_body
from moviechat.teacher.request import Request

if TYPE_CHECKING:
    import openai

PASSING = {408, 409, 425, 429}  # and everything from 500 up
STOPPING = {401, 403, 404}  # key, account, address or model is wrong: every other request would fail too
_NO_MONEY = {"insufficient_quota", "billing_hard_limit_reached", "billing_not_active", "account_deactivated"}
_PAYMENT_REQUIRED = 402
_TOLD = 300  # characters of a server's message


class PassingError(Exception):
    """Not now: the fault, and the seconds the server asks to wait (None if it does not say).

    `limited`: we ask too much; `reached`: a server is there; `taken`: it began to answer, and may want its money;
    `reply`: it did answer, and nobody can read what.
    """

    def __init__(
        self,
        fault: str,
        after: float | None = None,
        *,
        limited: bool = False,
        reached: bool = True,
        taken: bool = False,
        reply: Reply | None = None,
    ) -> None:
        super().__init__(fault)
        self.fault, self.after = fault, after
        self.limited, self.reached, self.taken, self.reply = limited, reached, taken, reply


class Client:
    """A client of one server; used in one event loop, closed at its end."""

    def __init__(self, p: Api, where: Access) -> None:
        import openai

        spare_loopback()
        self._timeout, self._where = p.timeout, where
        # Retries are ours (asking.py): the client's own are two, for any fault, and ignore limits.
        self.raw = openai.AsyncOpenAI(base_url=where.url, api_key=where.key, max_retries=0, timeout=p.timeout)

    async def close(self) -> None:
        """Close the connections."""
        await self.raw.close()

    async def ask(self, request: Request) -> Reply:
        """The server's reply, or its refusal of this one request as a reply with a fault.

        Raises PassingError for temporary faults, FetchError for those that stop the whole run (no money, a wrong key).
        """
        try:
            # The client's own timeout is for silence; a body that arrives byte by byte never reaches it.
            async with asyncio.timeout(self._timeout):
                body = await self._send(request)
        except Exception as error:
            return self.judge(error)
        try:
            return read_body(body, request.style)
        except UnreadableError as error:
            raise PassingError(str(error), taken=True, reply=error.reply) from None
        except ValueError as error:
            raise PassingError(str(error), taken=True) from None

    def judge(self, error: Exception) -> Reply:
        """A call's exception as `ask` reports it: the refusal of one request is returned, everything else is raised."""
        import httpx2
        import openai

        if isinstance(error, TimeoutError | openai.APITimeoutError):
            raise PassingError(f"no reply in {self._timeout:g} s", taken=True) from None
        if isinstance(error, openai.APIStatusError):
            return self._refused(error)
        if isinstance(error, openai.APIConnectionError | httpx2.HTTPError):
            cause = error.__cause__ or error
            reached = not isinstance(cause, httpx2.ConnectError)
            told = f"connection lost ({type(cause).__name__})"
            raise PassingError(told, reached=reached, taken=reached) from None
        raise error

    async def _send(self, request: Request) -> str:
        # The raw text: the client's own parsing fails on bad JSON and accepts other pages as strings.
        known = {"model", "messages", "prompt", "stop", "seed", "temperature", "response_format"}
        known |= {"max_tokens", "max_completion_tokens"}
        usual: dict[str, Any] = {k: v for k, v in request.body.items() if k in known}
        more = {k: v for k, v in request.body.items() if k not in known}
        api = self.raw.completions if request.style == "instruct" else self.raw.chat.completions
        response = await api.with_raw_response.create(**usual, extra_body=more or None)
        return str(response.http_response.text)

    def _refused(self, error: openai.APIStatusError) -> Reply:
        status, code = error.status_code, _code(error)
        told = encodable(f"HTTP {status}: {' '.join(_message(error).split())[:_TOLD]}")
        if code in _NO_MONEY or status == _PAYMENT_REQUIRED:
            raise FetchError(f"{self._where.url} has no money left for us ({told}): top up the account, then run again")
        if status in STOPPING:
            raise FetchError(
                f"{self._where.url} refused ({told}): check its key and address (.env) and generate_qa.api.model"
            )
        if status in PASSING or status >= 500:
            raise PassingError(told, wait(error.response.headers), limited=status == 429)
        return Reply("", fault=f"refused by the server: {told}")


def _code(error: openai.APIStatusError) -> str:
    body = error.body if isinstance(error.body, dict) else {}
    return str(error.code or error.type or body.get("code") or body.get("type"))


def _message(error: openai.APIStatusError) -> str:
    body = error.body
    message = body.get("message") if isinstance(body, dict) else None
    return str(message or (json.dumps(body) if body else error.message))


def wait(headers: Mapping[str, str]) -> float | None:
    """Seconds that the server asks to wait (RFC 9110: a number or a date; also OpenAI's retry-after-ms), or None."""
    asked, thousandth = headers.get("retry-after"), headers.get("retry-after-ms")
    try:
        seconds = float(thousandth) / 1000 if thousandth else float(asked or "")
        return max(0.0, seconds) if math.isfinite(seconds) else None
    except ValueError:
        pass
    try:
        return max(0.0, email.utils.parsedate_to_datetime(asked or "").timestamp() - time.time())
    except ValueError:
        return None
