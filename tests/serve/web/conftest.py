"""A server on loopback over a chat made by hand: it remembers what it was told, and says so."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import uvicorn

from moviechat.chat.state import State
from moviechat.errors import ModelError
from moviechat.schema import Movie
from moviechat.serve.web.app import application
from moviechat.serve.web.house import House
from moviechat.serve.web.line import Line
from moviechat.serve.web.queued import QueuedModel
from moviechat.serve.web.settings import Settings

MOVIES = (
    Movie("tt01", "Parasite", "Gisaengchung", 2019, 132, ("Comedy", "Drama"), 8.5, 1_000_000, ("Bong Joon Ho",)),
    Movie("tt02", "1917", "1917", 2019, 119, ("War",), 8.2, 700_000, ("Sam Mendes",)),
    Movie("tt03", "<script>alert(1)</script>", "x", 2020, 94, ("Horror",), 7.0, 300_000),
)


@dataclass
class FakeReply:
    """A reply that tells the state it was given in."""

    answer: str
    state: State
    kind: str = "fact"
    grounded: bool | None = True

    def to_json(self) -> dict[str, Any]:
        movies = [{"tconst": "tt01", "title": "Parasite", "year": 2019, "reason": None}]
        understood = {"intent": "fact", "limits": {"runtime_max": 100}, "like": [], "not_checked": []}
        return {"answer": self.answer, "kind": self.kind, "grounded": self.grounded, "movies": movies} | {
            "sources": [],
            "understood": understood | {"state": self.state.to_json()},
            "suggestions": ["Who wrote it?"],
            "model": "catalogue",
            "seconds": 0.01,
        }


@dataclass
class FakeModel:
    """Writes `words` words, slowly; keeps count of those that were asked for."""

    words: int = 5
    pause: float = 0.0
    written: int = 0
    name: str = "fake-lm"

    def stream(self, prompt: str, *, max_new_tokens: int) -> Iterator[str]:
        for _ in range(self.words):
            time.sleep(self.pause)
            self.written += 1
            yield "word "


class FakeSession:
    """Asks the model about plots, fails at "fail", and otherwise echoes."""

    def __init__(self, chat: FakeChat, state: State) -> None:
        self.state, self._chat = state, chat
        self.last: FakeReply | None = None

    def overhear(self, text: str, answered: str = "") -> None:
        self._chat.overheard += 1
        self.state = replace(self.state, talked=(*self.state.talked, text))

    def stream(self, text: str) -> Iterator[str]:
        if "fail" in text:
            raise ModelError("/secret/path is broken")
        if "crash" in text:
            raise RuntimeError("/secret/path is broken")
        words = self._chat.shelf.model.stream(text, max_new_tokens=9) if "plot" in text else ["You ", "said ", text]
        said = []
        for word in words:
            said.append(word)
            yield word
        self.last = FakeReply("".join(said), self.state)
        self.state = replace(self.state, talked=(*self.state.talked, text))


@dataclass
class FakeChat:
    """The chat's stable surface."""

    model: FakeModel = field(default_factory=FakeModel)
    limit: int = 64
    overheard: int = 0

    def __post_init__(self) -> None:
        self.line = Line(limit=self.limit)
        self.shelf = SimpleNamespace(
            model=QueuedModel(self.model, self.line), movies={m.tconst: m for m in MOVIES}, linker=self
        )

    def films(self, text: str) -> list[Any]:
        sure = [SimpleNamespace(films=(m.tconst,), score=0.9) for m in MOVIES if m.title in text]
        return [*sure, SimpleNamespace(films=("tt03",), score=0.1), SimpleNamespace(films=(), score=0.9)]

    def session(self, state: State | None = None) -> FakeSession:
        return FakeSession(self, state or State())


@dataclass
class FakeEstate:
    """A house that is open."""

    now: House | None

    def start(self, wait: bool = False) -> None: ...

    def stop(self) -> None: ...


@dataclass
class Served:
    """A running server and the chat behind it."""

    url: str
    chat: FakeChat
    estate: FakeEstate
    server: uvicorn.Server


Serve = Callable[..., Served]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts a server: `serve(chat, **settings)`."""
    running: list[tuple[uvicorn.Server, threading.Thread]] = []

    def start(chat: FakeChat | None = None, ready: bool = True, **settings: Any) -> Served:
        chat = chat or FakeChat()
        bound = socket.create_server(("127.0.0.1", 0))
        estate = FakeEstate(House(chat, chat.line) if ready else None)  # type: ignore[arg-type]
        options = Settings(**{"bundle": str(Path.cwd()), "queue": chat.limit} | settings)
        app = application(options, estate)  # type: ignore[arg-type]
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=5))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        running.append((server, thread))
        return Served(f"http://127.0.0.1:{bound.getsockname()[1]}", chat, estate, server)

    yield start
    for server, thread in running:
        server.should_exit = True
        thread.join(5)


@pytest.fixture
def fake_chat() -> Callable[..., FakeChat]:
    """Makes a chat: `fake_chat(words=5, pause=0.0, limit=64)`, words and pause being the model's."""
    return lambda *, limit=64, **model: FakeChat(FakeModel(**model), limit)
