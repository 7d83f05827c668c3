from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from moviechat.errors import BundleError
from moviechat.serve.web.house import Estate, House, open_house


class Opener:
    """Opens a folder as what its bundle.json says; "broken" cannot be opened."""

    def __init__(self) -> None:
        self.opened: list[str] = []
        self.closed: list[str] = []

    def __call__(self, folder: Path) -> House:
        said = (folder / "bundle.json").read_text()
        self.opened.append(said)
        if said == "broken":
            raise BundleError("broken")
        return SimpleNamespace(said=said, close=lambda: self.closed.append(said))  # type: ignore[return-value]


def _write(folder: Path, said: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "bundle.json").write_text(said)
    return folder


def _until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not true():
        assert time.monotonic() < end
        time.sleep(0.005)


@pytest.fixture
def estate(tmp_path: Path) -> Any:
    """An estate that looks often, its opener and the folder that it finds."""
    found, opener = [tmp_path / "a"], Opener()
    made = Estate(lambda: found[0], opener, look=0.01)
    yield made, opener, found
    made.stop()


def _said(estate: Estate) -> str:
    return getattr(estate.now, "said", "")


def test_a_bundle_is_opened_once(estate: Any) -> None:
    made, opener, found = estate
    _write(found[0], "first")
    assert made.now is None
    made.start(wait=True)
    assert _said(made) == "first"
    time.sleep(0.1)
    assert opener.opened == ["first"] and opener.closed == []
    made.stop()
    assert opener.closed == ["first"]


def test_a_replaced_bundle_and_another_folder_are_taken_up(estate: Any, tmp_path: Path) -> None:
    made, _, found = estate
    _write(found[0], "first")
    made.start(wait=True)
    _write(found[0], "second")
    _until(lambda: _said(made) == "second")
    found[0] = _write(tmp_path / "b", "champion")
    _until(lambda: _said(made) == "champion")


def test_what_cannot_be_opened_leaves_the_old_one(estate: Any) -> None:
    made, opener, found = estate
    made.start()
    time.sleep(0.05)
    assert made.now is None  # the folder is not here yet
    _write(found[0], "first")
    _until(lambda: _said(made) == "first")
    _write(found[0], "broken")
    _until(lambda: opener.opened.count("broken") > 2)
    assert _said(made) == "first"
    _write(found[0], "mended")
    _until(lambda: _said(made) == "mended")


class Writer(BaseHTTPRequestHandler):
    """A server of `/v1/completions` that says the same to every prompt."""

    says = ""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        for word in self.says.split():
            chunk = {"id": "1", "object": "text_completion", "created": 1, "model": "m"}
            chunk |= {"choices": [{"index": 0, "text": f" {word}", "logprobs": None, "finish_reason": None}]}
            self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
        self.wfile.write(b"data: [DONE]\n\n")

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def writer(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Writer]]:
    """A language model that the environment names."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Writer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("MOVIECHAT_LLM_URL", f"http://127.0.0.1:{server.server_address[1]}/v1")
    monkeypatch.setenv("MOVIECHAT_LLM_MODEL", "writer")
    Writer.says = "A first word."
    yield Writer
    server.shutdown()


def test_a_server_that_is_named_words_plots_and_is_checked(bundle_folder: Path, writer: type[Writer]) -> None:
    house = open_house(bundle_folder, limit=3, parallel=2)
    for says, worded in (("The old bus is their only refuge.", True), ("They flee to Paris by train.", False)):
        writer.says = says
        reply = house.chat.session().ask("What is the only refuge of the driver in Diablo Rojo PTY?")
        assert (reply.model == "writer", says in reply.answer) == (worded, worded)
        assert "Paris" not in reply.answer and house.waiting == 0
