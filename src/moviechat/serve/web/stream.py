"""A response of server-sent events that ends when the client leaves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

from starlette.responses import Response

_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}  # nginx would hold the words back


class EventStream(Response):
    """The bytes of `events` as they come; when the client leaves, `events` is closed."""

    media_type = "text/event-stream"

    def __init__(self, events: Any) -> None:
        super().__init__(headers=_HEADERS)
        del self.headers["content-length"]
        self._events: Any = events

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """The ASGI application."""
        await until_gone(self._send(send), receive)

    async def _send(self, send: Any) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        async with aclosing(self._events) as events:
            async for chunk in events:
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


async def until_gone(work: Any, receive: Any) -> Any:
    """The result of the coroutine `work`; None, and `work` cancelled, if the client leaves before."""
    task, left = asyncio.ensure_future(work), asyncio.ensure_future(_left(receive))
    try:
        await asyncio.wait({task, left}, return_when=asyncio.FIRST_COMPLETED)
        return await task if task.done() else None
    finally:
        for pending in (task, left):
            pending.cancel()
        await asyncio.gather(task, left, return_exceptions=True)


async def _left(receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def preceded(first: Any, rest: AsyncIterator[Any]) -> AsyncIterator[Any]:
    """`first`, then `rest`, which is closed with it."""
    async with aclosing(rest) as more:  # type: ignore[type-var]
        yield first
        async for item in more:
            yield item
