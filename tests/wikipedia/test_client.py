import email.utils
import json
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from moviechat.errors import FetchError
from moviechat.wikipedia.client import PER_MINUTE, TRIES, Client, contact

Loopback = Callable[[Callable[[BaseHTTPRequestHandler], None]], str]


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


def _client(clock: Clock) -> Client:
    return Client("me@example.org", per_minute=6000, clock=clock, sleep=clock.sleep)


class Script:
    """Answers with one reply after another, the last one for ever; notes what was asked."""

    def __init__(self, *replies: tuple[int, dict[str, str], Any]) -> None:
        self.replies = list(replies)
        self.asked: list[tuple[str | None, str]] = []

    def __call__(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers["Content-Length"])).decode()
        self.asked.append((request.headers["User-Agent"], body))
        status, headers, body = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        request.send_response(status)
        for name, value in ({"Content-Length": str(len(data))} | headers).items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(data)


GOOD = (200, {}, {"query": {}})
LAGGING = (200, {"Retry-After": "5"}, {"error": {"code": "maxlag", "info": "Waiting"}})


def test_it_says_who_asks(clock: Clock, loopback: Loopback) -> None:
    script = Script(GOOD)
    assert _client(clock).ask(loopback(script), {"titles": "Old Bus"}) == {"query": {}}
    agent, body = script.asked[0]
    assert agent is not None
    assert agent.startswith("moviechat")
    assert "me@example.org" in agent
    assert body == "titles=Old+Bus"


def test_requests_keep_their_distance(clock: Clock, loopback: Loopback) -> None:
    url, client = loopback(Script(GOOD)), Client("me", clock=clock, sleep=clock.sleep)
    for _ in range(1 + PER_MINUTE // 10):
        client.ask(url, {})
    assert clock.now == pytest.approx(60 / 10)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_what_passes_is_waited_for(clock: Clock, loopback: Loopback, status: int) -> None:
    script = Script((status, {"Retry-After": "7"}, {}), (status, {}, {}), GOOD)
    assert _client(clock).ask(loopback(script), {}) == {"query": {}}
    assert clock.slept == [7.0, 2.0]


def test_a_lagging_database_is_waited_for(clock: Clock, loopback: Loopback) -> None:
    assert _client(clock).ask(loopback(Script(LAGGING, GOOD)), {}) == {"query": {}}
    assert clock.slept == [5.0]


def test_a_date_to_come_back_at_is_honoured(clock: Clock, loopback: Loopback) -> None:
    date = email.utils.formatdate(time.time() + 120, usegmt=True)
    _client(clock).ask(loopback(Script((503, {"Retry-After": date}, {}), GOOD)), {})
    assert 60 < clock.slept[0] <= 120


@pytest.mark.parametrize(("said", "waited"), [("soon", 60.0), ("-3", 0.0), ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0)])
def test_a_strange_wait_is_taken_for_a_sane_one(clock: Clock, loopback: Loopback, said: str, waited: float) -> None:
    _client(clock).ask(loopback(Script((429, {"Retry-After": said}, {}), GOOD)), {})
    assert clock.slept[:1] == [waited]


def test_whoever_asks_for_hours_is_left_alone(clock: Clock, loopback: Loopback) -> None:
    with pytest.raises(FetchError, match="asks to be left alone for 7200 s"):
        _client(clock).ask(loopback(Script((429, {"Retry-After": "7200"}, {}))), {})
    assert clock.slept == []


@pytest.mark.parametrize(
    "half", [(200, {}, b'{"query": {"pa'), (200, {"Content-Length": "999"}, b'{"query"')], ids=["half JSON", "cut off"]
)
def test_half_a_reply_is_asked_for_again(clock: Clock, loopback: Loopback, half: Any) -> None:
    assert _client(clock).ask(loopback(Script(half, GOOD)), {}) == {"query": {}}


def test_it_gives_up_in_the_end(clock: Clock, loopback: Loopback) -> None:
    script = Script((503, {}, {}))
    with pytest.raises(
        FetchError, match=rf"did not answer in {TRIES} tries \(HTTP 503\): run again later, what came is"
    ):
        _client(clock).ask(loopback(script), {})
    assert len(script.asked) == TRIES
    assert [s for s in clock.slept if s >= 1] == [1.0, 2.0, 4.0, 8.0, 16.0]


def test_nobody_at_home_is_told(clock: Clock) -> None:
    with pytest.raises(FetchError, match=r"http://127\.0\.0\.1:1 did not answer"):
        _client(clock).ask("http://127.0.0.1:1", {})


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        ((403, {}, b"Please set a user agent"), "refused with HTTP 403 .Please set a user agent"),
        ((200, {}, {"error": {"code": "badvalue", "info": "No such thing"}}), "refused .badvalue: No such thing"),
        ((200, {}, [1]), "something else than a JSON object"),
    ],
)
def test_a_refusal_is_told_at_once(clock: Clock, loopback: Loopback, reply: Any, told: str) -> None:
    script = Script(reply)
    with pytest.raises(FetchError, match=told):
        _client(clock).ask(loopback(script), {})
    assert len(script.asked) == 1


def test_an_address_that_cannot_be_is_told(clock: Clock) -> None:
    with pytest.raises(FetchError, match="could not be asked"):
        _client(clock).ask("no address", {})


@pytest.mark.parametrize("value", ["", "  ", "mé@example.org", "a\nb"])
def test_a_contact_is_needed(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("MOVIECHAT_CONTACT", value)
    with pytest.raises(FetchError, match=r"MOVIECHAT_CONTACT is .*set it in the environment .*, or stay at home"):
        contact("stay at home")


def test_the_contact_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOVIECHAT_CONTACT", " me@example.org ")
    assert contact("stay at home") == "me@example.org"
