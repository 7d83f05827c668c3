"""The bundle that is served: loaded whole before the first question, and replaced while questions are answered."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from moviechat.bundle import MANIFEST
from moviechat.chat.shelf import BundleShelf
from moviechat.serve.web.conversations import Conversations
from moviechat.serve.web.line import Line
from moviechat.serve.web.queued import QueuedModel, QueuedReader

if TYPE_CHECKING:
    from moviechat.chat import Chat
    from moviechat.chat.history import Catalogue
    from moviechat.generation.protocol import LanguageModel
    from moviechat.grounding.check import Checker

log = logging.getLogger("moviechat.serve")
LOOK = 2.0  # seconds between looks at the bundle
CHAMPION_LOOK = 60.0  # seconds between looks at the registry
Stamp = tuple[Path, int, int]


class QueuedShelf(BundleShelf):
    """A bundle with a queue before its language model, and one before its reader of texts."""

    def __init__(self, folder: Path, *, limit: int, parallel: int) -> None:
        super().__init__(folder)
        self.asking, self.reading = Line(limit=limit, parallel=parallel), Line(limit=limit)

    @cached_property
    def model(self) -> LanguageModel:
        """The language model, behind its queue."""
        from moviechat.generation.load import load

        return QueuedModel(load(self._info), self.asking)

    @cached_property
    def checker(self) -> Checker:
        """What says whether an answer is supported; its reader is behind a queue."""
        from moviechat.grounding.check import Checker

        return Checker(QueuedReader(self._info.parser, self._info.encoder, self.reading))


class House:
    """A chat, the queues of its answers, its conversations' states, and its catalogue as lists name it."""

    def __init__(self, chat: Chat, *lines: Line) -> None:
        self.chat, self.talks, self._lines = chat, Conversations(chat), lines

    @cached_property
    def catalogue(self) -> Catalogue:
        """The films as rows of a person's list name them."""
        from moviechat.chat.history import Catalogue

        return Catalogue(self.chat.shelf.movies)

    def close(self) -> None:
        """Let the bundle's files go."""
        if isinstance(shelf := self.chat.shelf, BundleShelf):
            shelf.close()

    def wake(self) -> None:
        """Let those who wait see that a client has gone."""
        for line in self._lines:
            line.wake()

    @property
    def waiting(self) -> int:
        """How many answers wait."""
        return sum(line.waiting for line in self._lines)


def open_house(folder: Path, *, limit: int, parallel: int) -> House:
    """The bundle in `folder`, every part of it loaded; raises BundleError or ModelError."""
    from moviechat.chat import Chat

    shelf = QueuedShelf(folder, limit=limit, parallel=parallel)
    house = House(Chat(shelf), shelf.asking, shelf.reading)
    warm(house.chat)
    return house


def warm(chat: Chat) -> None:
    """Load what is loaded when first needed: a bundle that is replaced later stays whole in memory."""
    for text in ("a comedy that is short", "who directed it?"):
        chat.session().ask(text)
    if chat.shelf.worded:
        next(iter(chat.shelf.model.stream("The", max_new_tokens=1)), None)
    reader = chat.shelf.checker.reader
    _ = chat.shelf.passages, chat.shelf.facts, reader.read("It is read."), reader.encode(["It is read."])


class Estate:
    """The house that is open now; another is opened when `find` names another folder, or its bundle is replaced."""

    def __init__(self, find: Callable[[], Path], opened: Callable[[Path], House], look: float = LOOK) -> None:
        self._find, self._opened, self._look = find, opened, look
        self._now: House | None = None
        self._stamp: Stamp | None = None
        self._stop, self._open_once = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="bundle", daemon=True)

    @property
    def now(self) -> House | None:
        """The house to ask; None before the first is open."""
        return self._now

    def start(self, wait: bool = False) -> None:
        """Open the house on a thread, and watch; return at once, or when the house is open."""
        self._thread.start()
        if wait:
            self._open_once.wait()

    def stop(self) -> None:
        """Watch no longer, and let the bundle go: a worker that a signal ends has no later moment for it."""
        self._stop.set()
        if self._now:
            self._now.close()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._look_once()
            except Exception as error:  # a bundle that is being written, a registry that is away: the next look is soon
                log.warning("no new bundle can be opened: %s", error)
            self._stop.wait(self._look)

    def _look_once(self) -> None:
        stamp = _stamp(self._find())
        if stamp == self._stamp:
            return
        house = self._opened(stamp[0])
        if _stamp(stamp[0]) == stamp:  # it was not replaced while it was read
            self._now, self._stamp = house, stamp
            self._open_once.set()
            log.info("the bundle in %s is open", stamp[0])


def _stamp(folder: Path) -> Stamp:
    found = (folder / MANIFEST).stat()
    return folder, found.st_mtime_ns, found.st_size
