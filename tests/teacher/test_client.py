"""One try at a request: what a server says about waiting, and llama.cpp's own server, in both styles."""

import asyncio
import email.utils
import re
import secrets
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from moviechat.generation.llamacpp import _lend_openmp
from moviechat.teacher.api import ApiTeacher
from moviechat.teacher.client import Client, PassingError, wait
from moviechat.teacher.providers import Access
from moviechat.teacher.reply import drafts
from moviechat.teacher.request import requests
from moviechat.teacher.store import Store


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "3"}, 3.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after": "-1"}, 0.0),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": ""}, None),
        ({"retry-after": "7", "retry-after-ms": "250"}, 0.25),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0.0),
    ],
)
def test_what_a_server_asks_to_wait(headers: dict[str, str], seconds: float | None) -> None:
    assert wait(headers) == seconds


def test_a_date_is_waited_for() -> None:
    seconds = wait({"retry-after": email.utils.formatdate(time.time() + 100, usegmt=True)})
    assert seconds is not None
    assert 90 < seconds <= 100


def test_an_address_where_nobody_listens_was_never_reached(make_api: Any, make_films: Any) -> None:
    async def ask() -> None:
        client = Client(make_api(), Access("http://127.0.0.1:9/v1", "secret"))
        try:
            await client.ask(requests(make_films(1)[0], make_api(), 2, 42)[0])
        finally:
            await client.close()

    with pytest.raises(PassingError) as caught:
        asyncio.run(ask())
    assert not caught.value.reached
    assert "secret" not in str(caught.value)


@pytest.fixture(scope="module")
def llama(models_folder: Path) -> Iterator[tuple[str, str]]:
    """llama.cpp's server with SmolLM2 on loopback: its address and key."""
    _lend_openmp()
    import xllamacpp

    key = secrets.token_hex(16)
    settings = xllamacpp.CommonParams()
    settings.model.path = str(models_folder / "language_model" / "base.gguf")
    settings.n_ctx, settings.n_parallel = 4096, 2
    settings.cpuparams.n_threads = settings.cpuparams_batch.n_threads = 2
    settings.verbosity, settings.warmup, settings.fit_params = -1, False, False
    settings.api_keys, settings.cors_origins, settings.ui = [key], "", False
    server = xllamacpp.Server(settings)
    yield f"{server.listening_address}/v1", key
    del server


@pytest.mark.parametrize(("style", "tokens"), [("chat", 200), ("instruct", 40)])
def test_llama_cpp_is_asked_in_both_styles(
    llama: tuple[str, str],
    make_api: Any,
    make_films: Any,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    style: str,
    tokens: int,
) -> None:
    monkeypatch.setenv("MOVIECHAT_TEACHER_URL", llama[0])
    monkeypatch.setenv("MOVIECHAT_TEACHER_KEY", llama[1])
    p, films = make_api(endpoint="llama.cpp", style=style, max_tokens=tokens, timeout=120.0), make_films(1)
    written = list(ApiTeacher(p, 1, 42, tmp_path, lambda d: d.fault).write(films))
    [asked] = requests(films[0], p, 1, 42)
    reply = Store(tmp_path).find([asked.key])[asked.key]
    assert reply.prompt_tokens and reply.prompt_tokens > 100
    assert reply.completion_tokens and 0 < reply.completion_tokens <= tokens
    assert drafts(asked, reply) == written
    if style == "chat":  # the server keeps to the schema
        assert re.match(rf'{{\s*"{asked.slots[0]}"\s*:\s*{{\s*"question"\s*:', reply.text)
        assert reply.finish == "length" or (written[0].question and written[0].answer)
    monkeypatch.setenv("MOVIECHAT_TEACHER_URL", "http://127.0.0.1:9/v1")
    assert list(ApiTeacher(p, 1, 42, tmp_path, lambda d: d.fault).write(films)) == written
