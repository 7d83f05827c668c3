"""What the tests of the API teacher share: its parameters, and a server that misbehaves."""

from __future__ import annotations

import json
import re
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from moviechat.schema import Movie, Passage
from moviechat.sections import Api
from moviechat.teacher import Film

_API: dict[str, Any] = {
    "endpoint": "other",
    "model": "films",
    "style": "chat",
    "structured": None,
    "temperature": 0.0,
    "max_tokens": 400,
    "reasoning": False,
    "one_by_one": False,
    "attempts": 1,
    "options": None,
    "mix": {"about": 1, "setting": 1, "themes": 0, "ending": 0, "particular": 0, "fact": 0, "not_said": 0},
    "batch": False,
    "in_flight": 8,
    "requests_per_minute": None,
    "tokens_per_minute": None,
    "timeout": 10.0,
    "tries": 4,
    "unanswered": "stop",
    "input_price": 1.0,
    "output_price": 2.0,
    "batch_discount": 0.5,
    "max_cost": 1000.0,
}


@pytest.fixture(scope="session")
def make_api() -> Callable[..., Api]:
    """The section generate_qa.api with changes: `make_api(model="films")`."""

    def make(**changes: Any) -> Api:
        return Api.model_validate(_API | changes)

    return make


@pytest.fixture(scope="session")
def make_films() -> Callable[[int], list[Film]]:
    """So many films, each with a text of its own."""

    def make(number: int) -> list[Film]:
        return [_film(n) for n in range(number)]

    return make


def _film(n: int) -> Film:
    movie = Movie(f"tt{n:04}", f"Bus Number {n:03}", f"Bus Number {n:03}", 2019, 80, ("Horror",), 5.0, 134)
    text = f"An old bus is lost in the jungle near village {n + 5000}. Its driver sings."
    return Film(movie, (Passage(movie.tconst, 0, text, None, "people", None, None, None),))


@dataclass
class Asked:
    """One request as the server saw it: the film, the slots, the body, and how often this film was asked for before."""

    film: str
    slots: Sequence[str]
    body: dict[str, Any]
    before: int
    text: str

    def pairs(self, **changes: Any) -> dict[str, Any]:
        """A good pair for every slot, with changes: `about={...}` another pair, `about=None` none."""
        answer = "An old bus is lost in the jungle."
        pairs = {s: {"question": f"What is the {s} of {self.film}?", "answer": answer} for s in self.slots}
        return {slot: pair for slot, pair in (pairs | changes).items() if pair is not None}


@dataclass
class Answer:
    """What the server sends: a text as a completion, or a status with a body; it may hang or break off first."""

    text: str = ""
    finish: str = "stop"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: str | None = None
    message: dict[str, Any] = field(default_factory=dict)
    usage: bool = True
    hang: bool = False
    cut: bool = False


def error(status: int, code: str, **headers: str) -> Answer:
    """A failure in OpenAI's error shape."""
    body = json.dumps({"error": {"message": f"it is {code}", "code": code, "type": code}})
    return Answer(status=status, body=body, headers=headers)


Script = Callable[[Asked], Answer]


class Server:
    """Answers by a script, and remembers what it was asked: `films` counts requests a film, `paid` replies."""

    def __init__(self, script: Script) -> None:
        self.script, self.films, self.paid = script, Counter[str](), Counter[str]()
        self.asked: list[Asked] = []
        self.most, self._now, self._lock = 0, 0, threading.Lock()
        self.released = threading.Event()

    def __call__(self, request: BaseHTTPRequestHandler) -> None:
        body = json.loads(request.rfile.read(int(request.headers["Content-Length"])))
        text = body.get("prompt") or "\n".join(m["content"] for m in body["messages"])
        text = text[text.rindex("<record>\n") :]  # what stands before it is an example
        film = re.search(r"^Title: (.*)$", text, re.MULTILINE).group(1)  # type: ignore[union-attr]
        slots = re.findall(r"^\d+\. (\w+): ", text, re.MULTILINE)
        with self._lock:
            asked = Asked(film, slots, body, self.films[film], text)
            self.films[film] += 1
            self.asked.append(asked)
            self._now += 1
            self.most = max(self.most, self._now)
        answer = self.script(asked)
        if answer.hang:
            self.released.wait(20)
        with self._lock:
            self._now -= 1
            self.paid[film] += answer.status == 200 and not answer.cut and not answer.hang and answer.body is None
        self._send(request, answer, "prompt" in body)

    def _send(self, request: BaseHTTPRequestHandler, answer: Answer, instruct: bool) -> None:
        said = {"text": answer.text} if instruct else {"message": {"role": "assistant", "content": answer.text}}
        if answer.message:
            said = {"message": answer.message}
        usage = {"usage": {"prompt_tokens": 1000, "completion_tokens": 100}} if answer.usage else {}
        choice = {"index": 0, "finish_reason": answer.finish} | said
        whole = {"id": "1", "object": "o", "created": 1, "model": "films-1", "choices": [choice]} | usage
        data = (json.dumps(whole) if answer.body is None else answer.body).encode()
        request.send_response(answer.status)
        for name, value in ({"Content-Type": "application/json"} | answer.headers).items():
            request.send_header(name.replace("_", "-"), value)
        request.send_header("Content-Length", str(len(data)))
        request.end_headers()
        request.wfile.write(data[: len(data) // 2] if answer.cut else data)


def good(asked: Asked) -> Answer:
    """What was asked for, in the style it was asked in."""
    pairs = asked.pairs()
    if "prompt" not in asked.body:
        return Answer(json.dumps(pairs))
    lines = [f"Q{n}: {p['question']}\nA{n}: {p['answer']}" for n, p in enumerate(pairs.values(), 1)]
    return Answer("\n".join(lines).removeprefix("Q1:"))


@pytest.fixture
def serve(
    loopback: Callable[..., str], monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Callable[[Script], Server]:
    """Starts a server by a script, and points the teacher at it: `server = serve(script)`."""

    def start(script: Script = good) -> Server:
        server = Server(script)
        monkeypatch.setenv("MOVIECHAT_TEACHER_URL", loopback(server) + "/v1")
        request.addfinalizer(server.released.set)
        return server

    return start


@pytest.fixture(scope="session")
def say() -> Any:
    """The words of the scripts: `say.Answer`, `say.error` and `say.good`."""

    class Say:
        Answer = staticmethod(Answer)
        error = staticmethod(error)
        good = staticmethod(good)

    return Say
