"""The batch API against a loopback server with files and batches."""

import json
import re
from collections import Counter
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from moviechat.errors import FetchError
from moviechat.teacher import Draft, Film
from moviechat.teacher.api import ApiTeacher
from moviechat.teacher.batch import line, parts
from moviechat.teacher.request import requests


class Server:
    """Files and batches in memory; `results` says what becomes of a line the n-th time that it is sent."""

    def __init__(self, results: Callable[[str, int], str]) -> None:
        self.results = results
        self.files: dict[str, str] = {}
        self.batches: dict[str, dict[str, Any]] = {}
        self.lines, self.polls = Counter[str](), Counter[str]()
        self.lose_the_answer = self.die_in_polls = False

    def __call__(self, request: BaseHTTPRequestHandler) -> None:
        data = request.rfile.read(int(request.headers["Content-Length"] or 0))
        path = request.path.partition("?")[0].removeprefix("/v1")
        status, reply = self._do(request.command, path, data)
        body = reply.encode() if isinstance(reply, str) else json.dumps(reply).encode()
        request.send_response(status)
        request.send_header("Content-Type", "application/json")
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    def _do(self, method: str, path: str, data: bytes) -> tuple[int, Any]:
        if path == "/files":
            name = f"file-{len(self.files)}"
            lines = re.findall(rb'^{"custom_id.*$', data, re.MULTILINE)
            self.files[name] = b"\n".join(lines).decode()
            return 200, {"id": name, "object": "file", "bytes": 1, "created_at": 1, "filename": "f", "purpose": "batch"}
        if path.startswith("/files/"):
            return 200, self.files[path.split("/")[2]]
        if path == "/batches" and method == "POST":
            return self._make(json.loads(data))
        if path == "/batches":
            return 200, {"object": "list", "data": list(self.batches.values()), "has_more": False}
        return self._poll(path.split("/")[2])

    def _make(self, asked: dict[str, Any]) -> tuple[int, Any]:
        name = f"batch-{len(self.batches)}"
        self.batches[name] = {"id": name, "object": "batch", "status": "in_progress", "created_at": 1} | asked
        self._work(self.batches[name])
        return (400, {"error": {"message": "lost"}}) if self.lose_the_answer else (200, self.batches[name])

    def _poll(self, name: str) -> tuple[int, Any]:
        self.polls[name] += 1
        if self.die_in_polls:
            return 401, {"error": {"message": "killed"}}
        if self.polls[name] == 1:
            return 500, {"error": {"message": "busy"}}
        return 200, self.batches[name] | {
            "status": self.batches[name]["ends"] if self.polls[name] > 2 else "in_progress"
        }

    def _work(self, batch: dict[str, Any]) -> None:
        out, failed, ends = [], [], "completed"
        for asked in map(json.loads, self.files[batch["input_file_id"]].splitlines()):
            film = re.search("^Title: (.*)$", asked["body"]["messages"][-1]["content"], re.MULTILINE).group(1)  # type: ignore[union-attr]
            what = self.results(film, self.lines[film])
            self.lines[film] += 1
            answer = {"question": f"What is {film}?", "answer": "An old bus."}
            content = json.dumps({"about": answer, "setting": answer})
            body = {"choices": [{"message": {"content": content}}], "usage": {"prompt_tokens": 1000}}
            if what == "unreadable":
                body["choices"][0]["message"]["content"] = 42  # type: ignore[index, call-overload]
            if what in ("good", "unreadable"):
                out.append({"custom_id": asked["custom_id"], "response": {"status_code": 200, "body": body}})
            elif what == "expired":
                ends = "expired"
                failed.append({"custom_id": asked["custom_id"], "response": None, "error": {"code": "batch_expired"}})
            elif what == "failed":
                ends = "failed"
            else:
                response = {"status_code": int(what), "body": {"error": {"message": "no"}}}
                failed.append({"custom_id": asked["custom_id"], "response": response})
        for kind, lines in (("output", out), ("error", failed)):
            name = f"{kind}-{len(self.files)}"
            self.files[name] = "\n".join(map(json.dumps, reversed(lines)))
            batch[f"{kind}_file_id"] = name if lines else None
        batch["ends"] = ends
        batch["errors"] = {"data": [{"message": "too many tokens"}]} if ends == "failed" else None


@pytest.fixture
def start(loopback: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Server]:
    def begin(results: Callable[[str, int], str] = lambda film, n: "good") -> Server:
        server = Server(results)
        monkeypatch.setenv("MOVIECHAT_TEACHER_URL", loopback(server) + "/v1")
        return server

    return begin


@pytest.fixture
def write(tmp_path: Path, make_api: Any) -> Callable[..., list[Draft]]:
    def ask(films: list[Film], **changes: Any) -> list[Draft]:
        p = make_api(**{"batch": True, "tries": 3} | changes)
        return list(ApiTeacher(p, 2, 42, tmp_path, lambda draft: draft.fault).write(films))

    return ask


def _whole(drafts: list[Draft], number: int) -> bool:
    return [d.question for d in drafts] == [f"What is Bus Number {n:03}?" for n in range(number) for _ in range(2)]


def test_a_batch_is_sent_once_and_its_replies_are_kept(start: Any, write: Any, make_films: Any) -> None:
    server, films = start(), make_films(20)
    drafts = write(films)
    assert _whole(drafts, 20)
    assert len(server.batches) == 1
    assert server.batches["batch-0"]["completion_window"] == "24h"
    assert write(films) == drafts
    assert set(server.lines.values()) == {1}


def test_a_run_that_died_while_it_waited_fetches_what_it_sent(start: Any, write: Any, make_films: Any) -> None:
    server, films = start(), make_films(5)
    server.die_in_polls = True
    with pytest.raises(FetchError):
        write(films)
    server.die_in_polls = False
    assert _whole(write(films), 5)
    assert set(server.lines.values()) == {1}


def test_a_batch_whose_sending_was_never_heard_of_is_looked_for(start: Any, write: Any, make_films: Any) -> None:
    server, films = start(), make_films(5)
    server.lose_the_answer = True
    with pytest.raises(FetchError, match="what was sent is remembered"):
        write(films)
    server.lose_the_answer = False
    assert _whole(write(films), 5)
    assert set(server.lines.values()) == {1}


@pytest.mark.parametrize("fault", ["expired", "500", "429", "failed"])
def test_lines_that_were_not_answered_are_sent_again(start: Any, write: Any, make_films: Any, fault: str) -> None:
    server = start(lambda film, n: fault if n == 0 and (fault == "failed" or "003" in film) else "good")
    assert _whole(write(make_films(6)), 6)
    assert server.lines["Bus Number 003"] == 2
    if fault != "failed":
        assert server.lines.total() == 7


def test_a_line_that_is_refused_is_kept_as_such(start: Any, write: Any, make_films: Any) -> None:
    server, films = start(lambda film, n: "400" if "001" in film else "good"), make_films(3)
    drafts = write(films)
    assert [d.fault is None for d in drafts] == [True, True, False, False, True, True]
    assert "refused by the server: HTTP 400" in str(drafts[2].fault)
    assert write(films) == drafts
    assert server.lines.total() == 3


def test_a_line_that_nobody_can_read_is_sent_again_then_counted(start: Any, write: Any, make_films: Any) -> None:
    server, films = start(lambda film, n: "unreadable" if "001" in film else "good"), make_films(3)
    drafts = write(films, tries=2)
    assert [d.fault for d in drafts[2:4]] == ["unreadable reply: its text is 42"] * 2
    assert server.lines["Bus Number 001"] == 2
    assert write(films, tries=2) == drafts
    assert server.lines.total() == 4


def test_a_line_that_is_never_answered_fails_the_run(start: Any, write: Any, make_films: Any) -> None:
    start(lambda film, n: "expired" if "001" in film else "good")
    with pytest.raises(
        FetchError, match=r"(?s)1 of 3 requests got no reply in 2 tries: .*\n  1 x HTTP None: .*batch_expired"
    ):
        write(make_films(3), tries=2)


def test_no_more_is_sent_than_there_is_money_for(start: Any, write: Any, make_films: Any, make_api: Any) -> None:
    server = start()
    with pytest.raises(FetchError, match="max_cost"):
        write(make_films(30), max_cost=0.01)
    assert 3 < server.lines.total() < 20
    assert _whole(write(make_films(30)), 30)
    assert set(server.lines.values()) == {1}


def test_a_batch_is_cut_by_lines_and_by_bytes(make_films: Any, make_api: Any) -> None:
    asked = [r for film in make_films(10) for r in requests(film, make_api(), 2, 42)]
    size = len(line(asked[0]))
    assert [len(p) for p in parts(asked, lines=4)] == [4, 4, 2]
    assert [len(p) for p in parts(asked, size=3 * size + 10)] == [3, 3, 3, 1]
    assert list(parts([])) == []
    assert json.loads(line(asked[0]))["url"] == "/v1/chat/completions"
