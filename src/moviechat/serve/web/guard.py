"""What stands before every route: who may ask, by which name, from which page, and how much; and what is counted."""

from __future__ import annotations

import asyncio
import hmac
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from moviechat.serve.web import faults
from moviechat.serve.web.faults import RequestError
from moviechat.serve.web.figures import Figures
from moviechat.serve.web.settings import Settings

Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

BODY = 1 << 20  # bytes
UPLOAD = 16 << 20  # bytes of a person's list of films, which is read in memory and kept nowhere
UPLOADS = "/api/history"
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
_CLOSED = ("/v1/", "/api/", "/mcp", "/metrics")  # what a key opens; the page itself holds nothing
_HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
    (
        b"content-security-policy",
        b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        b"font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        b"require-trusted-types-for 'script'; trusted-types 'none'",
    ),
]


class Guard:
    """The application behind its checks."""

    def __init__(self, app: App, settings: Settings, figures: Figures) -> None:
        self._app, self._settings, self._figures = app, settings, figures
        self._hosts = _LOCAL | {settings.host.strip("[]").lower()} | {h.lower() for h in settings.hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        headers = dict(scope["headers"])
        answer = _Answer(send, self._origin_told(headers))
        began = time.perf_counter()
        try:
            self._check(scope, headers)
            if scope["method"] == "OPTIONS" and b"access-control-request-method" in headers:
                await answer.preflight()
            else:
                await self._app(scope, _measured(receive, _most(scope["path"]), headers, answer), answer)
        except RequestError as fault:
            await answer.fault(fault)
        except asyncio.CancelledError:  # uvicorn's, when what runs is not done in time
            await answer.fault(faults.ending())
        finally:
            self._figures.request(scope, answer.status, time.perf_counter() - began)
        return None

    def _check(self, scope: Scope, headers: dict[bytes, bytes]) -> None:
        self._check_host(headers.get(b"host", b"").decode("latin-1"))
        self._check_origin(headers)
        if scope["path"].startswith(_CLOSED) and scope["method"] != "OPTIONS":
            self._check_key(headers.get(b"authorization", b""))

    def _check_host(self, host: str) -> None:
        """A page of another site whose name leads here (DNS rebinding) calls us by that name."""
        if self._settings.local and _hostname(host) not in self._hosts:
            raise RequestError(
                421,
                f"This server is not called {host[:100]!r}: name it with --allow-host to let that in.",
                code="unknown_host",
            )

    def _check_origin(self, headers: dict[bytes, bytes]) -> None:
        origin = headers.get(b"origin", b"").decode("latin-1")
        own = origin and urlsplit(origin).netloc.lower() == headers.get(b"host", b"").decode("latin-1").lower()
        if origin and not own and origin not in self._settings.origins:
            raise RequestError(
                403, f"Pages of {origin[:100]} may not ask here: allow them with --allow-origin.", code="origin"
            )

    def _check_key(self, authorization: bytes) -> None:
        key = self._settings.key
        if key and not hmac.compare_digest(authorization, b"Bearer " + key.encode()):
            raise RequestError(
                401,
                "An API key is needed: send it as 'Authorization: Bearer KEY'. It is the server's MOVIECHAT_API_KEY.",
                code="invalid_api_key",
            )

    def _origin_told(self, headers: dict[bytes, bytes]) -> bytes:
        origin = headers.get(b"origin", b"")
        return origin if origin.decode("latin-1") in self._settings.origins else b""


class _Answer:
    """`send`, with our headers, remembering the status and whether a response has begun."""

    def __init__(self, send: Send, origin: bytes) -> None:
        self._send, self._origin = send, origin
        self.status = 0
        self.refused: RequestError | None = None  # whatever the application makes of it

    async def __call__(self, message: MutableMapping[str, Any]) -> None:
        if self.refused:
            await self.fault(self.refused)
        else:
            await self._pass(message)

    async def _pass(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = [*message.get("headers", ()), *_HEADERS, *self._cors()]
        await self._send(message)

    async def fault(self, fault: RequestError) -> None:
        """Answer with a fault, unless an answer has begun."""
        if not self.status:
            body = fault.body()
            extra = [(k.lower().encode(), v.encode()) for k, v in fault.headers().items()]
            await self._whole(fault.status, body, [(b"content-type", b"application/json"), *extra])

    async def preflight(self) -> None:
        """Answer a browser that asks whether an allowed page may ask."""
        allowed = [
            (b"access-control-allow-methods", b"GET, POST"),
            (b"access-control-allow-headers", b"authorization, content-type"),
            (b"access-control-max-age", b"600"),
        ]
        await self._whole(204, b"", allowed if self._origin else [])

    async def _whole(self, status: int, body: bytes, headers: list[tuple[bytes, bytes]]) -> None:
        length = [] if status == 204 else [(b"content-length", str(len(body)).encode())]
        await self._pass({"type": "http.response.start", "status": status, "headers": [*headers, *length]})
        await self._pass({"type": "http.response.body", "body": body})

    def _cors(self) -> list[tuple[bytes, bytes]]:
        return [(b"access-control-allow-origin", self._origin), (b"vary", b"Origin")] if self._origin else []


def _most(path: str) -> int:
    return UPLOAD if path == UPLOADS else BODY


def _measured(receive: Receive, most: int, headers: dict[bytes, bytes], answer: _Answer) -> Receive:
    """`receive`, which has `answer` refuse and ends the body once it has more than `most` bytes."""
    told = headers.get(b"content-length", b"0")
    if told.isdigit() and int(told[:20]) > most:
        raise _too_long(most)
    got = 0

    async def measured() -> MutableMapping[str, Any]:
        nonlocal got
        message = await receive()
        got += len(message.get("body", b""))
        if got > most:
            answer.refused = _too_long(most)
            raise answer.refused
        return message

    return measured


def _too_long(most: int) -> RequestError:
    return RequestError(413, f"The request is larger than {most >> 20} MB: send less.", code="too_large")


def _hostname(host: str) -> str:
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    return name.strip("[]").lower()
