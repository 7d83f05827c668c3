"""A browser, and a server over the sample's films whose chat is made by hand: a few words, real limits, real states."""

from __future__ import annotations

import re
import shutil
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import uvicorn

from moviechat.chat.state import State
from moviechat.chat.wish import Wish
from moviechat.errors import ModelError
from moviechat.limits import Limits
from moviechat.schema import Movie
from moviechat.serve.web.app import application
from moviechat.serve.web.house import House
from moviechat.serve.web.line import Line
from moviechat.serve.web.queued import QueuedModel
from moviechat.serve.web.settings import Settings

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "build" / "pictures"
GENRES = ("Comedy", "Thriller", "Horror", "Drama", "Romance", "Animation", "Documentary", "Action")


@dataclass
class Reply:
    """A reply of the contract's JSON."""

    answer: str
    kind: str
    movies: list[dict[str, Any]]
    sources: list[dict[str, Any]] = field(default_factory=list)
    limits: Limits = field(default_factory=Limits)
    not_checked: list[str] = field(default_factory=list)

    grounded: bool | None = True

    def to_json(self) -> dict[str, Any]:
        understood = {"intent": self.kind, "limits": self.limits.to_json(), "like": [], "not_checked": self.not_checked}
        return {"answer": self.answer, "kind": self.kind, "grounded": self.grounded, "movies": self.movies} | {
            "sources": self.sources,
            "understood": understood,
            "suggestions": ["Anything shorter?", "Who directed the first?"],
            "model": "fake-lm" if self.kind == "plot" else "catalogue",
            "seconds": 0.01,
        }


class Session:
    """Understands genres, "under N minutes", "no GENRE", "who directed TITLE", and that a wish goes on."""

    def __init__(self, chat: Cinema, state: State) -> None:
        self.state, self.chat = state, chat
        self.last: Reply | None = None

    def overhear(self, text: str, answered: str = "") -> None:
        self.last = self._reply(text)

    def stream(self, text: str) -> Iterator[str]:
        if "fail" in text and self.chat.fails:
            self.chat.fails -= 1
            raise ModelError("the model is broken")
        self.last = reply = self._reply(text)
        for word in re.findall(r"\s*\S+", reply.answer):
            time.sleep(self.chat.pause)
            yield word

    def _reply(self, text: str) -> Reply:
        named = next((m for m in self.chat.movies.values() if m.title in text), None)
        if named and "like" not in text:
            return self._fact(named) if "direct" in text else self._plot(named)
        limits = self.state.wish.limits if self.state.wish else Limits()
        found = _limits(text, limits)
        self.state = replace(self.state, wish=Wish(limits=found))
        return self._recommend(found, ["streaming service"] if "Netflix" in text else [])

    def _recommend(self, limits: Limits, unchecked: list[str]) -> Reply:
        films = [m for m in self.chat.by_votes if m.tconst not in self.state.seen and _keeps(m, limits)][:5]
        self.state = replace(self.state, seen=(*self.state.seen, *(m.tconst for m in films)))
        lines = [f"{m.title} ({m.year}), {m.runtime} min: rated {m.rating}." for m in films]
        answer = "\n".join([f"Here are {len(films)} that keep every limit:", *lines])
        movies = [_ref(m) | {"reason": f"“{self.chat.told(m)}”"} for m in films]
        sources = [_source(m, "rating", str(m.rating)) for m in films]
        return Reply(answer, "recommend", movies, sources, limits, unchecked)

    def _fact(self, movie: Movie) -> Reply:
        answer = f"{movie.label} was directed by {', '.join(movie.directors)}."
        return Reply(answer, "fact", [_ref(movie)], [_source(movie, "directors", ", ".join(movie.directors))])

    def _plot(self, movie: Movie) -> Reply:
        text = self.chat.texts.get(movie.tconst, "Nothing is written of it.")
        source = _source(movie, "description", text) | {"url": "https://films.test/x", "license": "CC BY-SA 4.0"}
        return Reply(text.split(". ")[0] + ".", "plot", [_ref(movie)], [source])


def _limits(text: str, limits: Limits) -> Limits:
    unwanted = tuple(g for g in GENRES if re.search(rf"no {g}", text, re.I))
    said = "" if "fine" in text else text
    wanted = tuple(g for g in GENRES if g not in unwanted and re.search(rf"\b{g[:5]}", said, re.I))
    most = re.search(r"under (\d+) min", text)
    return replace(
        limits,
        genres_all=limits.genres_all or wanted[:1],
        genres_not=limits.genres_not or unwanted,
        runtime_max=int(most.group(1)) - 1 if most else limits.runtime_max,
    )


def _keeps(movie: Movie, limits: Limits) -> bool:
    genres = set(movie.genres)
    short = limits.runtime_max is None or (movie.runtime is not None and movie.runtime <= limits.runtime_max)
    return set(limits.genres_all) <= genres and not set(limits.genres_not) & genres and short


def _ref(movie: Movie) -> dict[str, Any]:
    return {"tconst": movie.tconst, "title": movie.title, "year": movie.year, "reason": None}


def _source(movie: Movie, named: str, text: str) -> dict[str, Any]:
    return {"tconst": movie.tconst, "field": named, "text": text, "url": None, "license": None}


class Cinema:
    """The chat's stable surface over `movies`; fails `fails` times at "fail"."""

    def __init__(self, movies: Mapping[str, Movie], texts: Mapping[str, str]) -> None:
        self.movies, self.texts = dict(movies), texts
        self.by_votes = sorted(movies.values(), key=lambda m: (m.tconst not in texts, -m.votes))  # the told ones first
        self.pause, self.fails = 0.0, 1
        model: Any = SimpleNamespace(name="fake-lm")
        self.shelf = SimpleNamespace(model=QueuedModel(model, Line(limit=9)), movies=self.movies, linker=self)

    def told(self, movie: Movie) -> str:
        """The first sentence of its text."""
        return self.texts.get(movie.tconst, "Nothing is written of it.").split(". ")[0].rstrip(".")

    def films(self, text: str) -> list[Any]:
        return []

    def session(self, state: State | None = None) -> Session:
        return Session(self, state or State())


@pytest.fixture(scope="module")
def cinema(sample_films: Any) -> Cinema:
    """The sample's films, one of them called like markup."""
    movies, texts = sample_films
    evil = Movie("tt666", "<img src=x onerror=alert(1)>", "x", 2020, 90, ("Horror",), 1.0, 9, ("A <b>B</b>",))
    return Cinema(movies | {"tt666": evil}, texts | {"tt666": "A *text* with <script>alert(2)</script> in it. End."})


@pytest.fixture(scope="module")
def site(cinema: Cinema) -> Iterator[str]:
    """The address of a server."""
    with _served(cinema) as url:
        yield url


@pytest.fixture
def closed_site(cinema: Cinema) -> Iterator[str]:
    """The address of one that wants the key "open sesame"."""
    with _served(cinema, key="open sesame") as url:
        yield url


@contextmanager
def _served(cinema: Cinema, **settings: Any) -> Iterator[str]:
    bound = socket.create_server(("127.0.0.1", 0))
    estate: Any = SimpleNamespace(now=House(cinema), start=lambda wait: None, stop=lambda: None)  # type: ignore[arg-type]
    app = application(Settings(str(ROOT), **settings), estate)
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{bound.getsockname()[1]}"
    server.should_exit = True
    thread.join(5)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A headless browser."""
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "the page's tests need a browser: apt-get install chromium (as .ci/run does)"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()
