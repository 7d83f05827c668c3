from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2
import openai
import pytest

HELLO = [{"role": "user", "content": "hello"}]
HTTP = httpx2.Client(timeout=30)


def _post(url: str, messages: Any = HELLO, **more: Any) -> httpx2.Response:
    return HTTP.post(f"{url}/v1/chat/completions", json={"model": "moviechat", "messages": messages} | more)


def _client(url: str) -> openai.OpenAI:
    return openai.OpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0)


def test_openai_s_own_client(serve: Any) -> None:
    with _client(serve().url) as client:
        assert [m.id for m in client.models.list()] == ["moviechat"]
        assert client.models.retrieve("moviechat").id == "moviechat"
        done = client.chat.completions.create(model="moviechat", messages=HELLO)  # type: ignore[arg-type]
        assert done.choices[0].message.content == "You said hello"
        assert done.choices[0].finish_reason == "stop"
        assert (done.usage.prompt_tokens, done.usage.completion_tokens) == (1, 3)  # type: ignore[union-attr]
        assert done.moviechat["movies"][0]["tconst"] == "tt01"  # type: ignore[attr-defined]


def test_a_stream_of_openai_s_own_client(serve: Any) -> None:
    options = {"include_usage": True}
    with _client(serve().url) as client:
        stream = client.chat.completions.create(
            model="moviechat",
            messages=HELLO,  # type: ignore[arg-type]
            stream=True,
            stream_options=options,  # type: ignore[arg-type]
        )
        chunks = list(stream)
    *said, last, usage = chunks
    assert "".join(c.choices[0].delta.content or "" for c in said) == "You said hello"
    assert said[0].choices[0].delta.role == "assistant"
    assert {c.choices[0].finish_reason for c in said} == {None}
    assert last.choices[0].finish_reason == "stop"
    assert last.moviechat["suggestions"] == ["Who wrote it?"]
    assert usage.choices == [] and usage.usage.completion_tokens == 3
    assert len({c.id for c in chunks}) == 1


def test_openai_s_asynchronous_client(serve: Any) -> None:
    url = serve().url

    async def ask() -> list[str]:
        async with openai.AsyncOpenAI(base_url=f"{url}/v1", api_key="none") as client:
            stream = await client.chat.completions.create(model="moviechat", messages=HELLO, stream=True)  # type: ignore[call-overload]
            return [c.choices[0].delta.content or "" async for c in stream]

    assert "".join(asyncio.run(ask())) == "You said hello"


def test_curl_sees_the_words_as_events(serve: Any) -> None:
    body = json.dumps({"model": "moviechat", "messages": HELLO, "stream": True})
    command = ["curl", "-sN", f"{serve().url}/v1/chat/completions", "-H", "Content-Type: application/json", "-d", body]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\n\n")
    assert all(line.startswith("data: ") for line in lines[:-1]) and lines[-2:] == ["data: [DONE]", ""]


def test_llm_converses(serve: Any, tmp_path: Path) -> None:
    server = serve()
    model = {"model_id": "films", "model_name": "moviechat", "api_base": f"{server.url}/v1"}
    (tmp_path / "extra-openai-models.yaml").write_text(f"- {json.dumps(model)}\n")

    def said(*arguments: str) -> str:
        environment = os.environ | {"LLM_USER_PATH": str(tmp_path), "OPENAI_API_KEY": "none"}
        command = [sys.executable, "-m", "llm", *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout.strip()

    assert said("-m", "films", "one") == "You said one"
    assert said("-c", "--no-stream", "two") == "You said two"
    assert server.chat.overheard == 0  # the second was sent with the first, whose state was kept


def test_the_conversation_is_what_the_client_sends(serve: Any) -> None:
    server = serve()
    first = [{"role": "user", "content": "one"}, {"role": "assistant", "content": "You said one"}]
    assert _post(server.url, first[:1]).status_code == 200
    reply = _post(server.url, [*first, {"role": "user", "content": [{"type": "text", "text": "two"}]}]).json()
    assert reply["moviechat"]["understood"]["state"]["talked"] == ["one"]
    assert server.chat.overheard == 0  # the state after "one" was kept
    other = [{"role": "user", "content": "one"}, {"role": "assistant", "content": "edited"}, *HELLO]
    assert _post(server.url, other).json()["moviechat"]["understood"]["state"]["talked"] == ["one"]
    assert server.chat.overheard == 1  # said nowhere here: another worker's, or of before a restart


def test_conversations_do_not_reach_each_other(serve: Any) -> None:
    server = serve()

    def talk(name: int) -> bool:
        messages: list[dict[str, str]] = []
        for turn in range(5):
            messages.append({"role": "user", "content": f"{name}-{turn}"})
            reply = _post(server.url, messages).json()
            assert reply["moviechat"]["understood"]["state"].get("talked", []) == [f"{name}-{t}" for t in range(turn)]
            messages.append(reply["choices"][0]["message"])
        return True

    with ThreadPoolExecutor(16) as pool:
        assert all(pool.map(talk, range(32)))


def test_marks_and_system_messages(serve: Any) -> None:
    system = {"role": "system", "content": "Answer in rhymes. The user has seen 1917. She has not seen Parasite."}
    marks = {"seen": ["tt03"], "loved": ["tt01"], "hated": ["tt04"]}
    said = _post(serve().url, [system, *HELLO], moviechat=marks).json()["moviechat"]["understood"]["state"]
    assert sorted(said["seen"]) == ["tt01", "tt02", "tt03", "tt04"]
    assert said["likes"] == [{"tconst": "tt01", "weight": 1.0}, {"tconst": "tt04", "weight": -1.0}]


@pytest.mark.parametrize(
    ("change", "status", "param", "said"),
    [
        ({"messages": []}, 400, "messages", "at least 1 item"),
        ({"messages": "hello"}, 400, "messages", "valid list"),
        ({"messages": [{"role": "user", "content": 7}]}, 400, "messages.0.content.str", "valid string"),
        ({"messages": [{"role": "king", "content": "x"}]}, 400, "messages.0.role", "Input should be"),
        ({"messages": [{"role": "system", "content": "x"}]}, 400, "messages", "nothing to answer"),
        ({"messages": [*HELLO, {"role": "assistant", "content": "x"}]}, 400, "messages", "nothing to answer"),
        (
            {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:"}}]}]},
            400,
            "messages.0.content.0",
            "'image_url' cannot be read: this model reads text only",
        ),
        ({"messages": [{"role": "user", "content": "x" * 2001}]}, 400, "messages.0.content", "2,001 characters"),
        ({"messages": HELLO * 65}, 400, "messages", "65 turns"),
        ({"model": "gpt-4o"}, 404, "model", "There is no model 'gpt-4o' here"),
        ({"n": 2}, 400, "n", "one answer"),
        ({"moviechat": {"seen": ["../x"]}}, 400, "moviechat.seen.0", "pattern"),
    ],
)
def test_a_mistake_is_told_in_openai_s_shape(
    serve: Any, change: dict[str, Any], status: int, param: str, said: str
) -> None:
    response = _post(serve().url, **{"messages": HELLO} | change)
    error = response.json()["error"]
    assert (response.status_code, error["param"]) == (status, param)
    assert said in error["message"] and error["type"] == "invalid_request_error"


def test_an_error_tells_no_path(serve: Any) -> None:
    url = serve().url
    for word, status in (("fail", 502), ("crash", 500)):
        for stream in (False, True):
            response = _post(url, [{"role": "user", "content": word}], stream=stream)
            assert response.status_code == status and "secret" not in response.text
    assert HTTP.get(f"{url}/nothing").json()["error"]["message"] == "There is nothing here: see /openapi.json."
    assert HTTP.get(f"{url}/page/../../app.py").status_code == 404
    refused = HTTP.put(f"{url}/healthz")
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET")


def test_words_are_limited_when_the_client_says_so(serve: Any) -> None:
    url = serve().url
    choice = _post(url, max_tokens=2).json()["choices"][0]
    assert (choice["message"]["content"], choice["finish_reason"]) == ("You said", "length")
    assert '"finish_reason": "length"' in _post(url, max_tokens=2, stream=True).text


def test_hosts_origins_and_keys(serve: Any) -> None:
    url = serve(hosts=("films.test",), origins=("https://page.test",)).url
    assert HTTP.get(url, headers={"Host": "evil.test"}).status_code == 421
    assert HTTP.get(f"{url}/healthz", headers={"Host": "films.test"}).status_code == 200
    asked = {"url": f"{url}/v1/chat/completions", "json": {"messages": HELLO}}
    assert HTTP.post(**asked, headers={"Origin": "https://evil.test"}).status_code == 403
    allowed = HTTP.post(**asked, headers={"Origin": "https://page.test"})
    assert allowed.headers["access-control-allow-origin"] == "https://page.test"
    assert "access-control-allow-origin" not in HTTP.post(**asked).headers
    closed = serve(key="s3cret").url
    assert HTTP.get(closed).status_code == HTTP.get(f"{closed}/healthz").status_code == 200
    assert _post(closed).status_code == HTTP.get(f"{closed}/metrics").status_code == 401
    with openai.OpenAI(base_url=f"{closed}/v1", api_key="s3cret") as client:
        assert client.chat.completions.create(model="moviechat", messages=HELLO).id  # type: ignore[arg-type]


def test_large_bodies_are_refused(serve: Any) -> None:
    url = serve().url
    assert _post(url, [{"role": "user", "content": "x" * (1 << 20)}]).status_code == 413

    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as connection:  # of no told length
        head = "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        connection.sendall(f"{head}Transfer-Encoding: chunked\r\n\r\n".encode())
        chunk = b"10000\r\n" + b" " * 65536 + b"\r\n"
        for _ in range(17):
            connection.sendall(chunk)
        assert connection.recv(100).startswith(b"HTTP/1.1 413")


def test_the_queue_is_told_and_ends(serve: Any, fake_chat: Callable[..., Any]) -> None:
    chat = fake_chat(words=20, pause=0.02, limit=2)
    url = serve(chat).url
    plot = [{"role": "user", "content": "plot"}]
    with ThreadPoolExecutor(4) as pool:
        texts = []
        for _ in range(3):
            texts.append(pool.submit(_post, url, plot, stream=True))
            time.sleep(0.05)
        began = time.monotonic()
        refused = _post(url, plot)
        assert refused.status_code == 429 and int(refused.headers["retry-after"]) >= 1
        assert time.monotonic() - began < 0.3  # at once, while the others still wait
        assert _post(url).status_code == 200  # a fact does not wait for the model
        assert '"moviechat": {"waiting": 2}' in texts[2].result().text
        assert all(t.result().text.endswith("data: [DONE]\n\n") for t in texts)
    assert "moviechat_requests_total" in HTTP.get(f"{url}/metrics").text


@pytest.mark.parametrize("stream", [False, True])
def test_a_client_that_leaves_stops_its_answer(serve: Any, fake_chat: Callable[..., Any], stream: bool) -> None:
    chat = fake_chat(words=1_000, pause=0.01)
    server = serve(chat)
    body = json.dumps({"messages": [{"role": "user", "content": "plot"}], "stream": stream}).encode()
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as connection:
        head = "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        connection.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        while chat.model.written < 3:
            time.sleep(0.005)
    assert _post(server.url, [{"role": "user", "content": "plot"}], max_tokens=1, stream=True).status_code == 200
    written = chat.model.written
    time.sleep(0.1)
    assert chat.model.written <= written + 1 and written < 100


def test_before_the_films_are_loaded(serve: Any) -> None:
    url = serve(ready=False).url
    assert HTTP.get(f"{url}/healthz").status_code == 200
    for response in (HTTP.get(f"{url}/readyz"), _post(url), HTTP.get(f"{url}/api/about")):
        assert (response.status_code, response.headers["retry-after"]) == (503, "2")


def test_the_page_s_own_routes(serve: Any) -> None:
    url = serve().url
    about = HTTP.get(f"{url}/api/about").json()
    assert (about["films"], about["years"], about["turns"]) == (3, [2019, 2020], 64)
    cards = HTTP.get(f"{url}/api/films", params={"id": ["tt02", "tt99", "tt01"]}).json()
    assert [c["title"] for c in cards] == ["1917", "Parasite"] and cards[1]["runtime"] == 132
    report = HTTP.post(f"{url}/api/history?name=seen.txt", content=b"Parasite (2019)\nCats (2019)").json()
    assert (report["seen"], report["rows"], report["matched"]) == (["tt01"], 2, 1)
    assert HTTP.post(f"{url}/api/history?name=seen.csv", content=b"").json()["error"]["code"] == "unreadable_list"


def test_the_page_may_load_nothing_from_elsewhere(serve: Any) -> None:
    response = HTTP.get(serve().url)
    assert response.status_code == 200 and "text/html" in response.headers["content-type"]
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    for name in ("style=", "onclick=", "<style", "http://", "https://"):
        assert name not in response.text


def test_what_runs_is_finished_when_the_server_is_told_to_end(serve: Any, fake_chat: Callable[..., Any]) -> None:
    server = serve(fake_chat(words=20, pause=0.02))
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(_post, server.url, [{"role": "user", "content": "plot"}], stream=True)
        while server.chat.model.written < 3:
            time.sleep(0.005)
        server.server.should_exit = True  # as SIGTERM sets it
        assert answer.result().text.endswith("data: [DONE]\n\n") and server.chat.model.written == 20


def test_what_is_not_done_in_time_is_told_so_when_the_server_ends(serve: Any, fake_chat: Callable[..., Any]) -> None:
    server = serve(fake_chat(words=100, pause=0.1))
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(_post, server.url, [{"role": "user", "content": "plot"}])
        while server.chat.model.written < 1:
            time.sleep(0.005)
        server.server.config.timeout_graceful_shutdown = 0.2
        server.server.should_exit = True
        response = answer.result()
    assert response.status_code == 503 and int(response.headers["retry-after"]) > 0
    assert "is being stopped" in response.json()["error"]["message"] and server.chat.model.written < 20


def test_many_at_once_and_none_fails(serve: Any, fake_chat: Callable[..., Any]) -> None:
    url = serve(fake_chat(words=3, pause=0.001)).url
    asked = [[{"role": "user", "content": f"{'plot' if n % 4 == 0 else 'fact'} {n}"}] for n in range(256)]
    with ThreadPoolExecutor(64) as pool:
        assert {r.status_code for r in pool.map(lambda messages: _post(url, messages), asked)} == {200}
