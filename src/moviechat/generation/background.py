"""A generator over the output of another thread, for engines that call back instead of yielding."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from queue import SimpleQueue

Emit = Callable[[str], bool]
"""Passes on a piece; returns true if the listener has left and the work should stop."""


def pieces(work: Callable[[Emit], None]) -> Iterator[str]:
    """Yield what `work` emits from its own thread; its exception is raised here, after the pieces before it."""
    queue: SimpleQueue[str | BaseException | None] = SimpleQueue()
    closed = threading.Event()

    def emit(piece: str) -> bool:
        queue.put(piece)
        return closed.is_set()

    def produce() -> None:
        try:
            work(emit)
            queue.put(None)
        except BaseException as error:  # whatever fails, the reader must not wait forever
            queue.put(error)

    thread = threading.Thread(target=produce, name="generation", daemon=True)
    thread.start()
    try:
        yield from _taken(queue)
    finally:
        closed.set()
        thread.join()


def _taken(queue: SimpleQueue[str | BaseException | None]) -> Iterator[str]:
    while (item := queue.get()) is not None:
        if isinstance(item, BaseException):
            raise item
        yield item
