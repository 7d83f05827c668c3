"""One answer on a thread of its own, its events handed to the event loop."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import deque
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from moviechat.errors import ModelError
from moviechat.serve.web import faults
from moviechat.serve.web.faults import RequestError
from moviechat.serve.web.line import LISTENER, BusyError, GoneError, Listener
from moviechat.serve.web.marks import heard
from moviechat.serve.web.messages import Conversation

if TYPE_CHECKING:
    from moviechat.reply import Reply
    from moviechat.serve.web.house import House

log = logging.getLogger("moviechat.serve")


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """The language model serves `ahead` others first."""

    ahead: int


@dataclass(frozen=True, slots=True)
class Done:
    """The whole reply: nothing comes after it."""

    reply: Reply


Event = Piece | Waiting | Done | RequestError


class Answering:
    """Threads that answer; more than `most` requests at once are turned away."""

    def __init__(self, most: int) -> None:
        self._most, self._now = most, 0
        self._threads = ThreadPoolExecutor(most, thread_name_prefix="answer")

    async def events(self, house: House, talk: Conversation, *, words: bool) -> AsyncIterator[Event]:
        """What happens until the answer is complete, its words only if `words`; a RequestError ends it.

        Closing the iterator stops the answer.
        """
        loop, channel, listener = asyncio.get_running_loop(), _Channel(), Listener()
        put = channel.put
        listener.tell = lambda ahead: put(Waiting(ahead))
        if self._now >= self._most:
            yield RequestError(429, "Too many questions at once: try again in a moment.", code="busy", retry_after=1)
            return
        self._now += 1
        work = loop.run_in_executor(self._threads, _answer, house, talk, listener, put, words)
        work.add_done_callback(self._one_less)
        try:
            while not isinstance(event := await channel.get(), Done | RequestError):
                yield event
            yield event
        finally:
            listener.gone.set()
            house.wake()

    def close(self) -> None:
        """Take no more work."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _one_less(self, _: object) -> None:
        self._now -= 1


class _Channel:
    """Events from a thread to the event loop that made it; words that come faster than they are taken are joined."""

    def __init__(self) -> None:
        self._loop, self._there = asyncio.get_running_loop(), asyncio.Event()
        self._events: deque[Event] = deque()
        self._woken = False

    def put(self, event: Event) -> None:
        """Hand an event over, from any thread; the loop is woken once for all that it has not taken."""
        self._events.append(event)
        if not self._woken:
            self._woken = True
            self._loop.call_soon_threadsafe(self._there.set)

    async def get(self) -> Event:
        """The next event."""
        while not self._events:
            self._there.clear()
            self._woken = False
            if not self._events:  # none was put before the flag fell
                await self._there.wait()
        event = self._events.popleft()
        if not isinstance(event, Piece):
            return event
        texts = [event.text]
        while self._events and isinstance(more := self._events[0], Piece):
            texts.append(more.text)
            self._events.popleft()
        return Piece("".join(texts))


def _answer(house: House, talk: Conversation, listener: Listener, put: Callable[[Event], None], words: bool) -> None:
    token = LISTENER.set(listener)
    try:
        put(_done(house, talk, listener.gone, put if words else _leave_out))
    except GoneError:
        put(faults.failed())  # nobody reads it
    except BusyError as busy:
        message = f"Too many wait for the language model: try again in {busy.retry_after} seconds."
        put(RequestError(429, message, code="busy", retry_after=busy.retry_after))
    except ModelError as error:
        log.error("the language model failed: %s", error)
        put(faults.model_failed())
    except Exception:
        log.exception("an answer failed")
        put(faults.failed())
    finally:
        LISTENER.reset(token)


def _leave_out(_: Event) -> None:
    """Who wants the whole answer is not told its words one by one."""


def _done(house: House, talk: Conversation, gone: threading.Event, put: Callable[[Event], None]) -> Done:
    talk = house.talks.known(talk)
    session = house.talks.session(talk)
    for piece in session.stream(heard(talk.last)):
        if gone.is_set():
            raise GoneError
        put(Piece(piece))
    if (reply := session.last) is None:
        raise RuntimeError("the session ended without a reply")
    house.talks.remember(talk, reply.answer, session.state)
    return Done(reply)
