"""A queue: first come, first served, each told how many are before it."""

from __future__ import annotations

import itertools
import threading
import time
from bisect import insort
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

_FIRST_GUESS = 3.0  # seconds that a turn takes, before any was measured
_ORDER = itertools.count(1)


class GoneError(Exception):
    """The client went away: nobody waits for the answer."""


class BusyError(Exception):
    """As many wait as may; `retry_after` says in how many seconds a place may be free."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"busy for {retry_after} s")
        self.retry_after = retry_after


@dataclass(eq=False)
class Listener:
    """Who waits for an answer: `tell` hears how many are before it, `gone` is set when the client leaves.

    `place` orders listeners as they came; who was `served` once is not turned away later.
    """

    tell: Callable[[int], None] = lambda ahead: None
    gone: threading.Event = field(default_factory=threading.Event)
    place: int = field(default_factory=lambda: next(_ORDER))
    served: bool = False


LISTENER: ContextVar[Listener | None] = ContextVar("listener", default=None)


@dataclass(eq=False)
class _Waiter:
    listener: Listener
    told: int = 0
    has_turn: bool = False
    woken: threading.Event = field(default_factory=threading.Event)


class Line:
    """A queue in which `parallel` have their turn at once and `limit` may wait; the order is that of the listeners."""

    def __init__(self, *, limit: int, parallel: int = 1) -> None:
        self._limit, self._free = limit, parallel
        self._waiting: list[_Waiter] = []
        self._lock = threading.Lock()
        self._seconds = _FIRST_GUESS

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self._waiting)

    @contextmanager
    def turn(self) -> Iterator[Listener]:
        """A turn, when it comes, of the thread's listener; raises BusyError, and GoneError if it left meanwhile."""
        listener = LISTENER.get() or Listener()
        if (waiter := self._enter(listener)) and not self._called(waiter):
            raise GoneError
        listener.served, began = True, time.monotonic()
        try:
            yield listener
        finally:
            self._leave(time.monotonic() - began)

    def wake(self) -> None:
        """Let those who wait see that a client has gone."""
        with self._lock:
            gone = [w for w in self._waiting if w.listener.gone.is_set()]
            self._waiting = [w for w in self._waiting if w not in gone]
            for waiter in gone:
                waiter.woken.set()
            self._tell()

    def _enter(self, listener: Listener) -> _Waiter | None:
        """A place in the queue; None if nobody is before."""
        with self._lock:
            if self._free and not self._waiting:
                self._free -= 1
                return None
            if not listener.served and len(self._waiting) >= self._limit:
                raise BusyError(max(1, round(self._seconds * (len(self._waiting) + 1))))
            waiter = _Waiter(listener)
            insort(self._waiting, waiter, key=lambda w: w.listener.place)
            self._tell()
            return waiter

    def _called(self, waiter: _Waiter) -> bool:
        """Whether the waiter's turn has come; false if it left before."""
        if waiter.listener.gone.is_set():
            self.wake()
        waiter.woken.wait()
        return waiter.has_turn

    def _leave(self, seconds: float) -> None:
        with self._lock:
            self._seconds += (seconds - self._seconds) / 8
            if not self._waiting:
                self._free += 1
                return
            first = self._waiting.pop(0)
            first.has_turn = True
            first.woken.set()
            self._tell()

    def _tell(self) -> None:
        for ahead, waiter in enumerate(self._waiting, 1):  # those before, and the one that has its turn
            if ahead != waiter.told:
                waiter.told = ahead
                waiter.listener.tell(ahead)
