from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from moviechat.errors import ModelError
from moviechat.generation.endpoint import Endpoint
from moviechat.generation.load import load
from moviechat.generation.protocol import complete


class Completions(BaseHTTPRequestHandler):
    """A server of `/v1/completions` that does what the model's name says."""

    asked: list[dict[str, Any]]

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append({"path": self.path, "key": self.headers["Authorization"], **body})
        if body["model"] == "unknown":
            return self._refuse(404, "The model `unknown` does not exist.")
        if body["model"] == "locked":
            return self._refuse(401, "Invalid key.")
        if self.path.endswith("/chat/completions"):
            return self._choose(body["model"])
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        for text in (" The", " old", " bus", ".", " ###", "Instruction"):
            self._event({"choices": [{"text": text, "index": 0}]})
            if body["model"] == "dying" and text == " old":
                return None
            if body["model"] == "failing" and text == " old":
                return self._event({"error": {"message": "out of memory", "code": 500}})
        self.wfile.write(b"data: [DONE]\n\n")
        return None

    def _choose(self, model: str) -> None:
        message = {"role": "assistant", "content": None if model == "mute" else '{"label": "plot"}'}
        choices = [] if model == "empty" else [{"index": 0, "message": message, "finish_reason": "stop"}]
        said = {"id": "1", "object": "chat.completion", "created": 1, "model": model, "choices": choices}
        body = b"<html>" if model == "odd" else json.dumps(said).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _event(self, chunk: dict[str, Any]) -> None:
        if "choices" in chunk:
            chunk |= {"id": "1", "object": "text_completion", "created": 1, "model": "m"}
        self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())

    def _refuse(self, status: int, message: str) -> None:
        body = json.dumps({"error": {"message": message, "type": "invalid_request_error"}}).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


class Chunked(Completions):
    """One that promises more than it sends."""

    protocol_version = "HTTP/1.1"

    def end_headers(self) -> None:
        self.send_header("Content-Length", "100000")
        self.close_connection = True
        super().end_headers()


class Vllm(Completions):
    """vLLM with `--lora-modules moviechat=...`: the module is a model of its own beside the base."""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append({"path": self.path, **body})
        if body["model"] not in ("moviechat", "open_llama_3b_v2"):
            return self._refuse(404, f"The model `{body['model']}` does not exist.")
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.end_headers()
        for text in (" The", " old", " bus.", "") if body["model"] == "moviechat" else (" Below", " is", " a", ""):
            choice = {"index": 0, "text": text, "logprobs": None, "stop_reason": None, "finish_reason": None}
            self._event({"choices": [choice if text else choice | {"finish_reason": "stop"}], "usage": None})
        # With usage asked for, or --enable-force-include-usage, the last chunk has no choice.
        self._event({"choices": [], "usage": {"prompt_tokens": 9, "total_tokens": 12, "completion_tokens": 3}})
        self.wfile.write(b"data: [DONE]\n\n")
        return None


class Quiet(ThreadingHTTPServer):
    """A server that does not complain of readers who leave."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass


@pytest.fixture
def server(request: pytest.FixtureRequest) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    asked: list[dict[str, Any]] = []
    handler = type("Handler", (getattr(request, "param", Completions),), {"asked": asked})
    running = Quiet(("127.0.0.1", 0), handler)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{running.server_port}/v1", asked
    running.shutdown()
    running.server_close()


def test_the_answer_is_streamed_stripped_and_stopped(server: tuple[str, list[dict[str, Any]]]) -> None:
    url, asked = server
    model = Endpoint(url, "films", "secret")
    assert list(model.stream("prompt", max_new_tokens=7)) == ["The", " old", " bus", "."]
    assert complete(model, "prompt", max_new_tokens=7) == "The old bus."
    assert model.name == "films"
    sent = {"model": "films", "prompt": "prompt", "max_tokens": 7, "temperature": 0, "stop": ["###"], "stream": True}
    assert asked[0] == {"path": "/v1/completions", "key": "Bearer secret", **sent}


def test_a_stream_can_be_left(server: tuple[str, list[dict[str, Any]]]) -> None:
    stream = Endpoint(server[0], "films").stream("prompt", max_new_tokens=7)
    assert next(stream) == "The"
    stream.close()


@pytest.mark.parametrize(
    ("model", "sentence"),
    [("unknown", "does not exist"), ("locked", "Invalid key"), ("failing", "out of memory")],
)
def test_a_server_that_says_no(server: tuple[str, list[dict[str, Any]]], model: str, sentence: str) -> None:
    with pytest.raises(ModelError) as caught:
        complete(Endpoint(server[0], model, "secret"), "prompt", max_new_tokens=7)
    assert sentence in str(caught.value)
    assert f"{server[0]} did not answer as {model}" in str(caught.value)
    assert "MOVIECHAT_LLM_KEY" in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("server", [Chunked], indirect=True)
def test_a_server_that_breaks_off(server: tuple[str, list[dict[str, Any]]]) -> None:
    with pytest.raises(ModelError, match="did not answer as dying"):
        complete(Endpoint(server[0], "dying"), "prompt", max_new_tokens=7)


def test_no_server() -> None:
    with pytest.raises(ModelError, match=r"http://127.0.0.1:9/v1 did not answer as films \(Connection error"):
        complete(Endpoint("http://127.0.0.1:9/v1", "films"), "prompt", max_new_tokens=7)


@pytest.mark.parametrize("server", [Vllm], indirect=True)
def test_vllm_is_asked_for_its_lora_module_by_name(
    server: tuple[str, list[dict[str, Any]]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, asked = server
    monkeypatch.setenv("MOVIECHAT_LLM_URL", url)
    monkeypatch.setenv("MOVIECHAT_LLM_MODEL", "moviechat")
    assert complete(load(tmp_path), "prompt", max_new_tokens=7) == "The old bus."
    assert (asked[0]["path"], asked[0]["model"]) == ("/v1/completions", "moviechat")
    assert complete(Endpoint(url, "open_llama_3b_v2"), "prompt", max_new_tokens=7) == "Below is a"
    with pytest.raises(ModelError, match=r"did not answer as films .*`films` does not exist"):
        complete(Endpoint(url, "films"), "prompt", max_new_tokens=7)


SCHEMA = {"type": "object", "properties": {"label": {"type": "string", "enum": ["plot", "wish"]}}}


def test_one_of_several_is_chosen_by_a_schema(server: tuple[str, list[dict[str, Any]]]) -> None:
    url, asked = server
    assert Endpoint(url, "films", "secret").choose("say which", "a message", SCHEMA) == '{"label": "plot"}'
    assert (asked[0]["path"], asked[0]["key"]) == ("/v1/chat/completions", "Bearer secret")
    assert [m["content"] for m in asked[0]["messages"]] == ["say which", "a message"]
    assert asked[0]["response_format"]["json_schema"]["schema"] == SCHEMA
    assert asked[0]["temperature"] == 0


@pytest.mark.parametrize("model", ["mute", "empty"])
def test_a_reply_without_words_is_an_empty_choice(server: tuple[str, list[dict[str, Any]]], model: str) -> None:
    assert Endpoint(server[0], model).choose("say which", "a message", SCHEMA) == ""


@pytest.mark.parametrize("model", ["unknown", "locked", "odd"])
def test_a_server_that_does_not_choose(server: tuple[str, list[dict[str, Any]]], model: str) -> None:
    with pytest.raises(ModelError, match=f"did not answer as {model}"):
        Endpoint(server[0], model).choose("say which", "a message", SCHEMA)
