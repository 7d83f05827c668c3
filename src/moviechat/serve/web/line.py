"""The queue before the language model: first come, first served, each told how many are before it."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from moviechat.generation.protocol import LanguageModel

_LOOK = 1.0  # seconds between looks whether a waiting client is still there
_FIRST_GUESS = 3.0  # seconds that an answer takes, before any was measured


class GoneError(Exception):
    """The client went away: nobody waits for the answer."""


class BusyError(Exception):
    """As many wait as may; `retry_after` says in how many seconds a place may be free."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"busy for {retry_after} s")
        self.retry_after = retry_after


@dataclass
class Listener:
    """Who waits for an answer: `tell` hears how many are before it, `gone` is set when the client leaves."""

    tell: Callable[[int], None] = lambda ahead: None
    gone: threading.Event = field(default_factory=threading.Event)


LISTENER: ContextVar[Listener | None] = ContextVar("listener", default=None)


class Line:
    """`model` with a queue before it: `parallel` are served at once and `limit` may wait."""

    def __init__(self, model: LanguageModel, *, limit: int, parallel: int = 1) -> None:
        self._model, self._limit, self._free = model, limit, parallel
        self._waiting: deque[object] = deque()
        self._changed = threading.Condition()
        self._seconds = _FIRST_GUESS

    @property
    def name(self) -> str:
        """The model's name."""
        return self._model.name

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self._waiting)

    def stream(self, prompt: str, *, max_new_tokens: int) -> Iterator[str]:
        """The model's continuation, when its turn comes; raises BusyError, GoneError, and what the model raises."""
        listener = LISTENER.get() or Listener()
        with self._turn(listener):
            pieces = self._model.stream(prompt, max_new_tokens=max_new_tokens)
            for piece in pieces:
                if listener.gone.is_set():
                    raise GoneError
                yield piece

    def wake(self) -> None:
        """Let those who wait see that a client has gone."""
        with self._changed:
            self._changed.notify_all()

    @contextmanager
    def _turn(self, listener: Listener) -> Iterator[None]:
        self._wait(listener)
        began = time.monotonic()
        try:
            yield
        finally:
            with self._changed:
                self._free += 1
                self._seconds += (time.monotonic() - began - self._seconds) / 8
                self._changed.notify_all()

    def _wait(self, listener: Listener) -> None:
        ticket, told = object(), None
        with self._changed:
            if not self._free and len(self._waiting) >= self._limit:
                raise BusyError(max(1, round(self._seconds * (len(self._waiting) + 1))))
            self._waiting.append(ticket)
            try:
                while not self._free or self._waiting[0] is not ticket:
                    ahead = self._waiting.index(ticket) + 1  # those before, and the one that is served
                    if ahead != told:
                        listener.tell(told := ahead)
                    self._changed.wait(_LOOK)
                    if listener.gone.is_set():
                        raise GoneError
                self._free -= 1
            finally:
                self._waiting.remove(ticket)
                self._changed.notify_all()
