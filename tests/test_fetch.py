import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from moviechat.errors import FetchError
from moviechat.fetch import CHUNK, Version, fetch, forget, version

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
        fetch(url, target, tries=1)
    shelf.cut = whole
    assert not target.exists()


def test_a_file_arrives_whole_and_alone(shelf: Shelf, url: str, target: Path) -> None:
    fetch(url, target)
    assert target.read_bytes() == BODY
    assert sorted(target.parent.iterdir()) == [target, target.with_name("file.gz.json")]


def test_a_cut_is_gone_on_from(shelf: Shelf, url: str, target: Path) -> None:
    _cut_off(shelf, url, target)
    _cut_off(shelf, url, target, cut=3000)
    fetch(url, target)
    assert target.read_bytes() == BODY
    assert shelf.ranges == [None, "bytes=1000-", "bytes=3000-"]
    assert sorted(target.parent.iterdir()) == [target, target.with_name("file.gz.json")]


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


class Script:
    """Answers each request as the next of `steps` says, the last one again and again; notes the headers."""

    def __init__(self, *steps: Callable[[BaseHTTPRequestHandler], None]) -> None:
        self.steps, self.asked = list(steps), list[dict[str, str]]()

    def __call__(self, request: BaseHTTPRequestHandler) -> None:
        self.asked.append(dict(request.headers))
        step = self.steps.pop(0) if len(self.steps) > 1 else self.steps[0]
        step(request)


def _says(code: int, body: bytes = b"", **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(code)
        for name, value in {"Content_Length": str(len(body)), **headers}.items():
            request.send_header(name.replace("_", "-"), value)
        request.end_headers()
        request.wfile.write(body)

    return answer


def test_what_may_pass_is_waited_for(shelf: Shelf, target: Path, loopback: Callable[..., str]) -> None:
    script = Script(_says(500), _says(503, Retry_After="7"), _says(429), shelf)
    waits: list[float] = []
    fetch(loopback(script), target, sleep=waits.append)
    assert target.read_bytes() == BODY
    assert waits == [1.0, 7.0, 4.0]


def test_a_server_that_asks_for_hours_is_left_alone(target: Path, loopback: Callable[..., str]) -> None:
    with pytest.raises(FetchError, match=r"asks to be left alone for 7200 s"):
        fetch(loopback(_says(503, Retry_After="7200")), target, sleep=lambda s: None)


def test_what_does_not_pass_ends_after_some_tries(target: Path, loopback: Callable[..., str]) -> None:
    script = Script(_says(500))
    with pytest.raises(FetchError, match=r"could not be fetched in 3 tries \(HTTP 500\)"):
        fetch(loopback(script), target, tries=3, sleep=lambda s: None)
    assert len(script.asked) == 3


@pytest.mark.parametrize("code", [401, 403, 410, 416])
def test_a_refusal_is_told_at_once(target: Path, loopback: Callable[..., str], code: int) -> None:
    script = Script(_says(code))
    with pytest.raises(FetchError, match=rf"could not be fetched \({code}"):
        fetch(loopback(script), target, sleep=lambda s: None)
    assert len(script.asked) == 1


def test_breaks_are_gone_on_from_as_long_as_something_comes(shelf: Shelf, url: str, target: Path) -> None:
    shelf.cut = 1000

    def a_little_more(seconds: float) -> None:
        assert seconds == 1.0
        shelf.cut += 1000

    fetch(url, target, tries=2, sleep=a_little_more)
    assert target.read_bytes() == BODY
    assert shelf.ranges == [None, *(f"bytes={n}-" for n in range(1000, len(BODY), 1000))]


def test_a_stall_is_a_break(target: Path, loopback: Callable[..., str]) -> None:
    over, shelf = threading.Event(), Shelf(BODY * 20)

    def stalling(request: BaseHTTPRequestHandler) -> None:
        _says(200, shelf.body[: CHUNK + 100], Content_Length=str(len(shelf.body)), ETag='"1"')(request)
        request.wfile.flush()
        over.wait(30)

    fetch(loopback(Script(stalling, shelf)), target, timeout=0.2, sleep=lambda s: None)
    over.set()
    assert target.read_bytes() == shelf.body
    assert shelf.ranges == [f"bytes={CHUNK}-"]


def test_a_length_that_is_never_reached_is_told(target: Path, loopback: Callable[..., str]) -> None:
    url = loopback(_says(200, BODY, Content_Length=str(len(BODY) + 5)))
    with pytest.raises(FetchError, match=r"in 2 tries"):
        fetch(url, target, tries=2, sleep=lambda s: None)
    assert not target.exists()


def test_a_file_of_no_bytes_is_not_taken(target: Path, loopback: Callable[..., str]) -> None:
    with pytest.raises(FetchError, match=r"0 bytes came"):
        fetch(loopback(_says(200)), target, tries=2, sleep=lambda s: None)
    assert not target.exists()


def test_a_file_that_changed_half_way_is_fetched_whole(
    shelf: Shelf, target: Path, loopback: Callable[..., str]
) -> None:
    half = _says(200, b"old" * 100, Content_Length="10000", ETag='"0"')
    fetch(loopback(Script(half, shelf)), target, sleep=lambda s: None)
    assert target.read_bytes() == BODY
    assert version(target) == Version(etag='"1"')


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ({"ETag": '"1"', "Last_Modified": "Thu, 26 Nov 2026 08:00:00 GMT"}, {"If-None-Match": '"1"'}),
        ({"ETag": 'W/"1"'}, {"If-None-Match": 'W/"1"'}),
        (
            {"Last_Modified": "Thu, 26 Nov 2026 08:00:00 GMT"},
            {"If-Modified-Since": "Thu, 26 Nov 2026 08:00:00 GMT"},
        ),
    ],
)
def test_an_unchanged_file_is_not_fetched_again(
    target: Path, loopback: Callable[..., str], said: dict[str, str], asked: dict[str, str]
) -> None:
    script = Script(_says(200, BODY, **said), _says(304), _says(200, b"new"))
    url = loopback(script)
    fetch(url, target)
    fetch(url, target)
    assert target.read_bytes() == BODY
    assert asked.items() <= script.asked[1].items()
    fetch(url, target)
    assert target.read_bytes() == b"new"
    assert version(target) == Version()


def test_a_file_without_a_version_or_forgotten_is_fetched_again(target: Path, loopback: Callable[..., str]) -> None:
    script = Script(_says(200, b"a"), _says(200, b"b", ETag='"2"'), _says(200, b"c"))
    url = loopback(script)
    for body in (b"a", b"b", b"c"):
        fetch(url, target)
        assert target.read_bytes() == body
        if body == b"b":
            forget(target)
    assert not any("If-None-Match" in asked for asked in script.asked)


def test_the_day_of_a_file_is_that_of_its_last_modification() -> None:
    assert Version(modified="Thu, 26 Nov 2026 23:30:00 GMT").date == "2026-11-26"
    assert (Version().date, Version(modified="yesterday").date) == (None, None)


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
