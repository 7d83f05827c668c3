"""Servers on loopback in place of those of the internet: IMDb's files, Wikidata and Wikipedia, a language model.

Each counts in `asked` what it was asked for.
"""

from __future__ import annotations

import json
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qs

KINDS = ("film",) * 16 + ("television", "book", "film awards", "disambiguation")
WHO = "driver doctor sister widow soldier singer pilot farmer teacher nurse priest girl".split()
DOES = "hides finds loses buries steals paints follows sells".split()
WHAT = "a letter,an old radio,the last boat,a white horse,her diary,a map,the stolen car,a violin".split(",")
WHERE = "in the jungle,at the river,near the station,on an island,behind the church,in the winter".split(",")
COUNTRIES = {"Q884": "South Korea", "Q142": "France", "Q668": "India", "Q30": "United States"}
NOT_SAID = "The description does not say."
_ENTITY = "http://www.wikidata.org/entity/"
_SENTENCE_END = re.compile(r"(?<=\.)\s+")
_FAULTS: tuple[tuple[int, dict[str, str], str], ...] = (
    (429, {"Retry-After": "1"}, '{"error": {"message": "slow down", "code": "rate_limit_exceeded"}}'),
    (429, {}, '{"error": {"message": "slow down", "code": "rate_limit_exceeded"}}'),
    (500, {}, '{"error": {"message": "oops"}}'),
    (503, {}, "<html>over capacity"),
    (200, {"Content-Length": "999999"}, '{"choices": [{"mess'),
    (200, {}, '{"choices": [{"mess'),
)


class Server(ThreadingHTTPServer):
    """What the servers share."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.asked: Counter[str] = Counter()
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_port}"

    def count(self, what: str) -> None:
        """Count a request."""
        with self.lock:
            self.asked[what] += 1

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A killed client is not an error of the server."""


S = TypeVar("S", bound=Server)


@contextmanager
def served(server: S) -> Iterator[S]:
    """The server, which answers from a thread of its own until the end."""
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def reply(self, status: int, headers: dict[str, str], body: bytes) -> None:
        """Send an answer; one that says another length than it has ends the connection."""
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = "Content-Length" in headers

    def body(self) -> bytes:
        """What was sent."""
        return self.rfile.read(int(self.headers["Content-Length"]))

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


class Files(Server):
    """The files of a folder, as IMDb serves its own: with ETag and Last-Modified, whole or from a byte on."""

    def __init__(self, folder: Path) -> None:
        super().__init__(_FilesHandler)
        self.folder = folder


class _FilesHandler(_Handler):
    server: Files

    def do_GET(self) -> None:
        """Send a file, what of it a Range asks for, or that it has not changed."""
        path = self.server.folder / Path(self.path).name
        if not path.is_file():
            return self.reply(404, {}, b"")
        about = path.stat()
        headers = {"ETag": f'"{about.st_size:x}-{about.st_mtime_ns:x}"', "Accept-Ranges": "bytes"}
        headers["Last-Modified"] = formatdate(about.st_mtime, usegmt=True)
        if self.headers["If-None-Match"] == headers["ETag"]:
            self.server.count("unchanged")
            return self.reply(304, headers, b"")
        begins = re.fullmatch(r"bytes=(\d+)-", self.headers["Range"] or "")
        start = int(begins.group(1)) if begins and self.headers["If-Range"] in (None, headers["ETag"]) else 0
        if start:
            headers["Content-Range"] = f"bytes {start}-{about.st_size - 1}/{about.st_size}"
        self.server.count("resumed" if start else "files")
        return self.reply(206 if start else 200, headers, path.read_bytes()[start:])


class Wikimedia(Server):
    """Wikidata at /sparql and Wikipedia at /api, for films whose ids are numbers.

    One film in ten has no article; of the others some are gone, moved, or on a series, an award or a novel. Articles of
    the films of `changed` have another text and revision.
    """

    def __init__(self, seed: int) -> None:
        super().__init__(_WikimediaHandler)
        self.seed, self.changed = seed, frozenset[int]()

    def answer(self, path: str, fields: dict[str, str]) -> dict[str, Any]:
        """What one of the services says."""
        if path == "/sparql":
            numbers = [int(n) for n in re.findall(r'"tt(\d+)"', fields["query"])]
            are_facts = "?field" in fields["query"]
            self.count("Wikidata, facts" if are_facts else "Wikidata")
            return {"results": {"bindings": _facts(numbers) if are_facts else _articles(numbers)}}
        whole = "content" in fields.get("rvprop", "")
        self.count("texts" if whole else "revisions")
        titles = fields["titles"].split("|")
        moved = [{"from": t, "to": f"{t} (film)"} for t in titles if _number(t) % 50 == 1]
        return {"query": {"redirects": moved, "pages": [self._page(t, whole) for t in titles]}}

    def _page(self, title: str, whole: bool) -> dict[str, Any]:
        number = _number(title)
        if number % 97 == 2:
            return {"title": title, "missing": True}
        revision: dict[str, Any] = {"revid": 10 * number + (number in self.changed)}
        if whole:
            revision["slots"] = {"main": {"content": _article(number, self.seed + (number in self.changed))}}
        return {"title": f"{title} (film)" if number % 50 == 1 else title, "revisions": [revision]}


class _WikimediaHandler(_Handler):
    server: Wikimedia

    def do_POST(self) -> None:
        """Answer a form."""
        form = {name: values[0] for name, values in parse_qs(self.body().decode()).items()}
        self.reply(200, {}, json.dumps(self.server.answer(self.path, form)).encode())


def _facts(numbers: list[int]) -> list[dict[str, Any]]:
    """Two rows a film: its country and its language."""
    entities = sorted(COUNTRIES)
    found = []
    for n in numbers:
        country = entities[n % len(entities)]
        for field, value, name in (("countries", country, COUNTRIES[country]), ("languages", "Q1860", "English")):
            uris = {"item": f"{_ENTITY}Q{n}", "value": f"{_ENTITY}{value}"}
            row = {key: {"type": "uri", "value": uri} for key, uri in uris.items()}
            said = {"imdb": f"tt{n:07d}", "field": field, "en": name}
            found.append(row | {key: {"type": "literal", "value": text} for key, text in said.items()})
    return found


def _articles(numbers: list[int]) -> list[dict[str, Any]]:
    return [{"imdb": {"value": f"tt{n:07d}"}, "title": {"value": f"Film {n}"}} for n in numbers if n % 10]


def _number(title: str) -> int:
    return int(title.split()[1])


def _article(number: int, seed: int) -> str:
    draw = random.Random(f"{seed} {number}")

    def said(sentences: int) -> str:
        parts = (map(draw.choice, (WHO, DOES, WHAT, WHERE)) for _ in range(sentences))
        return " ".join(f"The {' '.join(words)}.<ref>{{{{cite|x}}}}</ref>" for words in parts)

    kind = KINDS[number % len(KINDS)]
    box = "{{disambiguation}}" if kind == "disambiguation" else f"{{{{Infobox {kind}|name=Film {number}}}}}"
    parts = [f"{box}\n'''Film {number}''' is a [[film]]. {said(2)}"]
    for share, heading in ((0.8, "Plot"), (0.7, "Cast"), (0.5, "Production"), (0.5, "Critical response")):
        if draw.random() < share:
            parts.append(f"== {heading} ==\n{said(3)}")
    return "\n\n".join(parts)


class Teacher(Server):
    """Writes pairs that the film's text supports, or fails in a share of the requests; `asked` counts what was paid.

    A reply takes `latency` seconds, and its answers are sentences of the text in the request.
    """

    def __init__(self, faults: float = 0.0, latency: float = 0.2) -> None:
        super().__init__(_TeacherHandler)
        self.faults, self.latency, self.failed = faults, latency, 0
        self._draw = random.Random(5)

    def fault(self) -> tuple[int, dict[str, str], str] | None:
        """How the next request fails, if it does."""
        with self.lock:
            fails, fault = self._draw.random() < self.faults, self._draw.choice(_FAULTS)
            self.failed += fails
        return fault if fails else None


class _TeacherHandler(_Handler):
    server: Teacher

    def do_POST(self) -> None:
        """Answer a request for a chat completion."""
        text = json.loads(self.body())["messages"][-1]["content"]
        if fault := self.server.fault():
            status, headers, body = fault
            return self.reply(status, headers, body.encode())
        time.sleep(self.server.latency)
        film = (re.findall(r"^Title: (.*)$", text, re.MULTILINE) or ["?"])[0]
        usage = {"prompt_tokens": 500, "completion_tokens": 150}
        message = {"content": json.dumps(_pairs(film, text))}
        reply = {"choices": [{"finish_reason": "stop", "message": message}], "usage": usage}
        self.server.count(film)
        return self.reply(200, {}, json.dumps(reply).encode())


def _pairs(film: str, text: str) -> dict[str, dict[str, str]]:
    told = re.findall(r"^Description: (.*)$", text, re.MULTILINE)
    sentences = _SENTENCE_END.split(told[0]) if told else [NOT_SAID]
    slots = re.findall(r"^\d+\. (\w+): ", text, re.MULTILINE)
    return {
        slot: {"question": f"What is the {slot} of {film}?", "answer": sentences[number % len(sentences)]}
        for number, slot in enumerate(slots)
    }
