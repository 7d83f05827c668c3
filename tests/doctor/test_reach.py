from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from moviechat import params
from moviechat.doctor import reach
from moviechat.params import Params

ROOT = Path(__file__).parents[2]
Serve = Callable[[Callable[[BaseHTTPRequestHandler], None]], str]


@pytest.fixture
def p() -> Params:
    return params.load(ROOT / "params.yaml")


@pytest.fixture
def full() -> Params:
    return params.load(ROOT / "profiles" / "imdb.yaml")


@pytest.fixture
def listening() -> Iterator[int]:
    """A port that a program has which speaks no HTTP."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield int(taken.getsockname()[1])


@pytest.fixture
def free(listening: int) -> int:
    """A port that nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _with(status: int, asked: list[str] | None = None) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(request: BaseHTTPRequestHandler) -> None:
        if asked is not None:
            asked.extend([request.path, str(request.headers.get("Authorization"))])
        request.send_response(status)
        request.send_header("Content-Length", "0")
        request.end_headers()

    return answer


def test_contact(p: Params, full: Params) -> None:
    assert reach.contact(p, {}).state == reach.contact(full, {"MOVIECHAT_CONTACT": "me@x.org"}).state == "ok"
    for environment in ({}, {"MOVIECHAT_CONTACT": "  "}):
        check = reach.contact(full, environment)
        assert check.state == "missing" and "describe and enrich" in check.said
        assert str(check.mend).startswith("export MOVIECHAT_CONTACT=")


def test_keys_are_named_and_never_shown() -> None:
    assert reach.keys({}).said == "none is set"
    told = reach.keys({"OPENAI_API_KEY": "sk-secret", "HF_TOKEN": "hf-secret", "COHERE_API_KEY": ""})
    assert told.said == "set: OPENAI_API_KEY, HF_TOKEN"


def test_the_teacher(p: Params, full: Params) -> None:
    check = reach.teacher(p, {})
    assert check and check.state == "ok" and "no language model is asked" in check.said
    assert reach.teacher(None, {}) is None
    asks = full.model_copy(update={"generate_qa": full.generate_qa.model_copy(update={"provider": "api"})})
    check = reach.teacher(asks, {})
    assert check and check.state == "missing" and check.said.startswith("OPENAI_API_KEY is not set")
    check = reach.teacher(asks, {"OPENAI_API_KEY": "sk-secret"})
    assert check and check.state == "ok" and "secret" not in check.said


def test_the_model_elsewhere(loopback: Serve, free: int) -> None:
    assert reach.model({}) is None
    asked: list[str] = []
    url = loopback(_with(200, asked)) + "/v1"
    named = {"MOVIECHAT_LLM_URL": url, "MOVIECHAT_LLM_MODEL": "films", "MOVIECHAT_LLM_KEY": "key"}
    check = reach.model(named)
    assert check and (check.state, check.said) == ("ok", f"films at {url}") and asked == ["/v1/models", "Bearer key"]
    check = reach.model({"MOVIECHAT_LLM_URL": url})
    assert check and check.needed and "MOVIECHAT_LLM_MODEL is empty" in check.said
    refused = loopback(_with(401)) + "/v1"
    for away, why in ((refused, "HTTP 401"), (f"http://me:secret@127.0.0.1:{free}/v1", "refused"), ("nonsense", "")):
        check = reach.model(named | {"MOVIECHAT_LLM_URL": away})
        assert check and (check.state, check.needed) == ("missing", True) and why in check.said
        assert "secret" not in check.said + str(check.mend)


def test_loopback_is_asked_without_a_proxy(loopback: Serve, free: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{free}")
    port = str(urlsplit(loopback(_with(200))).port)
    assert reach.service("prefect", {"MOVIECHAT_PREFECT_PORT": port}).state == "ok"


@pytest.mark.parametrize("name", ["prefect", "mlflow"])
def test_the_services(loopback: Serve, listening: int, free: int, name: str) -> None:
    variable = f"MOVIECHAT_{name.upper()}_PORT"
    asked: list[str] = []
    healthy = reach.service(name, {variable: str(urlsplit(loopback(_with(200, asked))).port)})
    assert healthy.state == "ok" and asked[0] in ("/api/health", "/health")
    away = reach.service(name, {variable: str(free)})
    assert (away.state, away.needed, away.mend) == ("missing", False, "make up")
    for port in (listening, urlsplit(loopback(_with(404))).port):
        other = reach.service(name, {variable: str(port)})
        assert other.state == "missing" and f"another program has port {port}" in other.said
        assert str(other.mend).startswith(f"{variable}=")
    wrong = reach.service(name, {variable: "many"})
    assert wrong.state == "missing" and wrong.mend == f"unset {variable}"


def test_the_page(loopback: Serve, listening: int, free: int) -> None:
    assert reach.page(free).said == f"port {free} is free for `moviechat serve`"
    served = urlsplit(loopback(_with(200))).port
    assert served and reach.page(served).state == "ok"
    taken = reach.page(listening)
    assert (taken.state, taken.mend) == ("missing", f"moviechat serve --port {listening + 1}")


def test_no_champion_makes_no_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    assert reach.champion().state == "ok" and list(tmp_path.iterdir()) == []


def test_a_registry_that_is_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"http://me:secret@127.0.0.1:{free}")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    check = reach.champion()
    assert (check.state, check.needed) == ("missing", False) and "make up" in str(check.mend)
    assert f"MLflow at http://127.0.0.1:{free} cannot be asked" in check.said and "secret" not in check.said


def test_the_checkout(tmp_path: Path) -> None:
    assert reach.workplace(ROOT).state == "ok"
    elsewhere = reach.workplace(tmp_path)
    assert elsewhere.state == "missing" and "dvc.yaml, params.yaml, .git" in elsewhere.said and not elsewhere.needed
