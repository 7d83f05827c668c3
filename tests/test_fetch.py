import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from moviechat.errors import FetchError
from moviechat.fetch import CHUNK, fetch

BODY = bytes(range(256)) * 40


class Shelf:
    """One file on a server that resumes, cuts off, changes and forgets as it is told to; notes what was asked."""

    def __init__(self, body: bytes = BODY, etag: str | None = '"1"') -> None:
        self.body, self.etag, self.cut = body, etag, len(body)
        self.labels: dict[str, str] = {}
        self.ranges: list[str | None] = []

    def __call__(self, request: BaseHTTPRequestHandler) -> None:
        asked = request.headers.get("Range")
        self.ranges.append(asked)
        start = int(asked[len("bytes=") : -1]) if asked and request.headers["If-Range"] == self.etag else 0
        request.send_response(206 if start else 200)
        if start:
            request.send_header("Content-Range", f"bytes {start}-{len(self.body) - 1}/{len(self.body)}")
        if self.etag:
            request.send_header("ETag", self.etag)
        for name, value in self.labels.items():
            request.send_header(name, value)
        request.send_header("Content-Length", str(len(self.body) - start))
        request.end_headers()
        request.wfile.write(self.body[start : self.cut])


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def url(shelf: Shelf, loopback: Callable[..., str]) -> str:
    return loopback(shelf) + "/file.gz"


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "file.gz"


def _cut_off(shelf: Shelf, url: str, target: Path, cut: int = 1000) -> None:
    whole, shelf.cut = shelf.cut, cut
    with pytest.raises(FetchError, match="run again to go on"):
        fetch(url, target)
    shelf.cut = whole
    assert not target.exists()


def test_a_file_arrives_whole_and_alone(shelf: Shelf, url: str, target: Path) -> None:
    fetch(url, target)
    assert target.read_bytes() == BODY
    assert list(target.parent.iterdir()) == [target]


def test_a_cut_is_gone_on_from(shelf: Shelf, url: str, target: Path) -> None:
    _cut_off(shelf, url, target)
    _cut_off(shelf, url, target, cut=3000)
    fetch(url, target)
    assert target.read_bytes() == BODY
    assert shelf.ranges == [None, "bytes=1000-", "bytes=3000-"]
    assert list(target.parent.iterdir()) == [target]


def test_a_file_that_changed_meanwhile_begins_again(shelf: Shelf, url: str, target: Path) -> None:
    _cut_off(shelf, url, target)
    shelf.body, shelf.cut, shelf.etag = b"new" * 1000, 3000, '"2"'
    fetch(url, target)
    assert target.read_bytes() == b"new" * 1000


@pytest.mark.parametrize("etag", ['W/"1"', None])
def test_without_a_strong_validator_nothing_is_resumed(shelf: Shelf, url: str, target: Path, etag: str | None) -> None:
    shelf.etag = etag
    _cut_off(shelf, url, target)
    fetch(url, target)
    assert target.read_bytes() == BODY
    assert shelf.ranges == [None, None]


def test_a_validator_that_is_lost_on_the_way_vouches_for_nothing(shelf: Shelf, url: str, target: Path) -> None:
    _cut_off(shelf, url, target)
    shelf.body, shelf.cut, shelf.etag = b"new" * 4000, 12000, 'W/"2"'
    _cut_off(shelf, url, target)
    shelf.etag = '"1"'
    fetch(url, target)
    assert target.read_bytes() == b"new" * 4000


def test_a_refused_range_begins_again(shelf: Shelf, target: Path, loopback: Callable[..., str]) -> None:
    def picky(request: BaseHTTPRequestHandler) -> None:
        if request.headers.get("Range"):
            request.send_error(416)
        else:
            shelf(request)

    url = loopback(picky)
    _cut_off(shelf, url, target)
    fetch(url, target)
    assert target.read_bytes() == BODY


@pytest.mark.parametrize(
    "header", [("Content-Range", "bytes 5-10239/10240"), ("ETag", '"2"')], ids=["another place", "another file"]
)
def test_a_part_of_something_else_is_not_appended(
    shelf: Shelf, target: Path, loopback: Callable[..., str], header: tuple[str, str]
) -> None:
    def confused(request: BaseHTTPRequestHandler) -> None:
        if not request.headers.get("Range"):
            return shelf(request)
        request.send_response(206)
        for name, value in {"Content-Range": "bytes 1000-10239/10240", "ETag": '"1"', **dict([header])}.items():
            request.send_header(name, value)
        request.end_headers()
        return request.wfile.write(b"something else")

    url = loopback(confused)
    _cut_off(shelf, url, target)
    fetch(url, target)
    assert target.read_bytes() == BODY


def test_bytes_are_kept_as_sent(shelf: Shelf, url: str, target: Path) -> None:
    shelf.labels = {"Content-Encoding": "gzip"}
    fetch(url, target)
    assert target.read_bytes() == BODY


def test_an_answer_without_a_length_is_taken(target: Path, loopback: Callable[..., str]) -> None:
    def unmeasured(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.end_headers()
        request.wfile.write(BODY)

    fetch(loopback(unmeasured), target)
    assert target.read_bytes() == BODY


def test_a_missing_file_is_told_with_its_address(target: Path, loopback: Callable[..., str]) -> None:
    url = loopback(lambda request: request.send_error(404)) + "/no.gz"
    with pytest.raises(FetchError, match=rf"{url} could not be fetched \(404.*check the address"):
        fetch(url, target)
    assert not list(target.parent.iterdir())


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/x", "no address", "ftp://127.0.0.1/x"])
def test_an_address_that_cannot_be_is_told(url: str, target: Path) -> None:
    with pytest.raises(FetchError, match="check the address"):
        fetch(url, target)


def test_a_kill_leaves_no_half_file_and_the_next_run_goes_on(target: Path, loopback: Callable[..., str]) -> None:
    shelf = Shelf(BODY * 400)
    half_sent, killed = threading.Event(), threading.Event()

    def halting(request: BaseHTTPRequestHandler) -> None:
        if half_sent.is_set():
            return shelf(request)
        shelf.cut = 2 * CHUNK
        shelf(request)
        request.wfile.flush()
        shelf.cut = len(shelf.body)
        half_sent.set()
        return None if killed.wait(60) else request.log_error("never killed")

    url = loopback(halting)
    code = f"from pathlib import Path; from moviechat.fetch import fetch; fetch({url!r}, Path({str(target)!r}))"
    with subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.DEVNULL) as child:
        assert half_sent.wait(60)
        child.kill()
    killed.set()
    assert child.returncode == -signal.SIGKILL
    assert not target.exists()
    fetch(url, target)
    assert target.read_bytes() == shelf.body
