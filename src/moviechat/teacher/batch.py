"""The batch API: the same requests for less money, answered within a day; nothing is sent twice."""

from __future__ import annotations

import asyncio
import itertools
import json
import uuid
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from moviechat.errors import FetchError
from moviechat.sections import Api
from moviechat.teacher import budget
from moviechat.teacher.asking import Kept, back_off, beyond
from moviechat.teacher.client import PASSING, STOPPING, Client, PassingError
from moviechat.teacher.reply import Reply, UnreadableError, read_body
from moviechat.teacher.request import Request
from moviechat.teacher.store import Store

if TYPE_CHECKING:
    from openai.types import Batch

MOST_LINES = 50_000
MOST_BYTES = 200 * 1000 * 1000
_ENDED = {"completed", "expired", "failed", "cancelled"}
_FIRST_POLL, _LAST_POLL, _SLOWER = 0.5, 60.0, 1.3  # seconds, and the growth of the pauses
_PATHS = {"chat": "/v1/chat/completions", "instruct": "/v1/completions"}

_TOLD = 200  # characters of a fault in messages

_T = TypeVar("_T")


def line(request: Request) -> bytes:
    """The request as a line of a batch, identified by its key."""
    whole = {"custom_id": request.key, "method": "POST", "url": _PATHS[request.style], "body": request.body}
    return json.dumps(whole, ensure_ascii=False).encode() + b"\n"


def parts(
    requests: Sequence[Request], lines: int = MOST_LINES, size: int = MOST_BYTES
) -> Iterator[list[tuple[Request, bytes]]]:
    """The requests with their lines, split at the limits of a batch."""
    part: list[tuple[Request, bytes]] = []
    total = 0
    for request in requests:
        data = line(request)
        if part and (len(part) == lines or total + len(data) > size):
            yield part
            part, total = [], 0
        part.append((request, data))
        total += len(data)
    if part:
        yield part


class Batches:
    """Sends, remembers, waits for and fetches batches; `unanswered`: the last fault of each request without a reply."""

    def __init__(self, client: Client, p: Api, purse: budget.Purse, store: Store, kept: Kept) -> None:
        self._client, self._api, self._p, self._purse = client, client.raw, p, purse
        self._store, self._kept = store, kept
        self._unreadable: dict[str, Reply] = {}
        self.unanswered: dict[str, str] = {}

    async def all(self, requests: Sequence[Request]) -> None:
        """Send all, in at most `p.tries` rounds; batches of an earlier run come first and are only fetched."""
        asked = {r.key: r for r in requests}
        await self._fetch_open(asked, set())
        for attempt in range(self._p.tries):
            left = self._left(asked)
            if not left:
                return
            if attempt:
                await asyncio.sleep(back_off(attempt))
            await self._round(left, asked)
        for request in self._left(asked):
            # What came in each round and cannot be read is kept as such: another run would pay for it again.
            if reply := self._unreadable.get(request.key):
                self._kept(request, reply)
        self._left(asked)

    def _left(self, asked: Mapping[str, Request]) -> list[Request]:
        known = self._store.find(asked)
        left = [r for key, r in asked.items() if key not in known]
        self.unanswered = {r.key: self.unanswered.get(r.key, "no line in the batch's results") for r in left}
        return left

    async def _round(self, left: Sequence[Request], asked: Mapping[str, Request]) -> None:
        affordable = list(itertools.takewhile(self._purse.open, left))
        for part in parts(affordable):
            await self._submit(part)
        aside = {r.key for r in affordable}
        await self._fetch_open(asked, aside)
        for key in aside:
            self._purse.settle(asked[key], 0.0)
        if len(affordable) < len(left):
            raise FetchError(beyond(self._p, self._purse))

    async def _submit(self, part: Sequence[tuple[Request, bytes]]) -> None:
        name = uuid.uuid4().hex
        data = b"".join(data for _, data in part)
        file = await self._sure(lambda: self._api.files.create(file=(f"{name}.jsonl", data), purpose="batch"))
        self._store.submitting(name, [r.key for r, _ in part], file.id)
        self._store.submitted(name, await self._create(name, file.id, part[0][0].style))

    async def _create(self, name: str, file: str, style: str) -> str:
        """The server's name of the new batch; it may exist even if its creation was answered with an error."""
        path: Any = _PATHS[style]

        async def make() -> str:
            if (there := await self._look_for(file)) is not None:
                return there
            made = await self._api.batches.create(
                input_file_id=file, endpoint=path, completion_window="24h", metadata={"moviechat": name}
            )
            return made.id

        return await self._sure(make)

    async def _look_for(self, file: str) -> str | None:
        async for found in self._api.batches.list(limit=100):
            if found.input_file_id == file:
                return found.id
        return None

    async def _fetch_open(self, asked: Mapping[str, Request], aside: set[str]) -> None:
        """Wait for every batch that was not fetched yet; `aside` are the requests with money set aside."""
        for name, server, file, _ in self._store.open_batches():
            # Without a name: a run died between sending and hearing, so the batch may or may not exist.
            there = server or await self._sure(lambda file=file: self._look_for(file))  # type: ignore[misc]
            if there is not None:
                await self._fetch(await self._ended(there), asked, aside)
            self._store.fetched(name)

    async def _ended(self, server: str) -> Batch:
        pause = _FIRST_POLL
        while True:
            found = await self._sure(lambda: self._api.batches.retrieve(server))
            if found.status in _ENDED:
                return found
            await asyncio.sleep(pause)
            pause = min(_LAST_POLL, pause * _SLOWER)

    async def _fetch(self, batch: Batch, asked: Mapping[str, Request], aside: set[str]) -> None:
        if batch.status == "failed":
            faults = (batch.errors and batch.errors.data) or []
            told = "; ".join(fault.message or fault.code or "" for fault in faults)
            self.unanswered = dict.fromkeys(asked, f"the batch failed: {told}")
        for file in filter(None, (batch.output_file_id, batch.error_file_id)):
            content = await self._sure(lambda file=file: self._api.files.content(file))  # type: ignore[misc]
            for text in content.text.splitlines():
                self._take(text, "instruct" if batch.endpoint == _PATHS["instruct"] else "chat", asked, aside)

    def _take(self, text: str, style: str, asked: Mapping[str, Request], aside: set[str]) -> None:
        try:
            value = json.loads(text)
            key, response = str(value["custom_id"]), value.get("response") or {}
            status, body = response.get("status_code"), response.get("body")
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return  # half a line: its request has no reply and is sent again
        try:
            reply = _reply(status, body, style)
        except UnreadableError as error:
            self._unreadable[key], self.unanswered[key] = error.reply, str(error)
            return
        if reply is None:
            self.unanswered[key] = f"HTTP {status}: {json.dumps(value.get('error') or body)[:_TOLD]}"
        elif key not in asked:  # of another run: paid for, and stored for it
            self._store.keep(key, reply)
        else:
            paid = budget.cost(asked[key], reply, self._p)
            if key in aside:
                aside.remove(key)
                self._purse.settle(asked[key], paid)
            else:
                self._purse.spent += paid
            self._kept(asked[key], reply)

    async def _sure(self, call: Callable[[], Awaitable[_T]]) -> _T:
        """The call's result, for calls that may be repeated; FetchError if none of `p.tries` was answered."""
        fault = ""
        for attempt in range(self._p.tries):
            try:
                return await call()
            except Exception as error:
                try:
                    fault = self._client.judge(error).fault or ""
                    break
                except PassingError as passing:
                    fault = passing.fault
            await asyncio.sleep(back_off(attempt))
        raise FetchError(
            f"the batch API did not do what it was asked ({fault}): run again, what was sent is remembered"
        )


def _reply(status: Any, body: Any, style: str) -> Reply | None:
    """What a line of the results says; None for what may pass (expired, overloaded, half a reply).

    Raises UnreadableError for an answer without a text.
    """
    if status == 200:
        try:
            return read_body(json.dumps(body), style, batch=True)
        except UnreadableError:
            raise
        except ValueError:
            return None
    if not isinstance(status, int) or not 400 <= status < 500 or status in STOPPING | PASSING:
        return None
    return Reply("", fault=f"refused by the server: HTTP {status}: {json.dumps(body)[:_TOLD]}", batch=True)
