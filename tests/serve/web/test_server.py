"""The server as it is started: a process, its address, its end."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

COMMAND = [sys.executable, "-c", "from moviechat.serve.cli import main; main()", "serve", "--port", "0", "--bundle"]
SETTINGS = Path(__file__).parents[3] / "benchmarks" / "schemathesis.toml"
QUESTION = [{"role": "user", "content": "Who directed Parasite?"}]


@contextmanager
def _running(bundle: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    with subprocess.Popen([*COMMAND, str(bundle), *options], stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr
            found = re.search(r"http://127\.0\.0\.1:\d+", line := process.stderr.readline())
            assert found, line
            assert httpx2.get(f"{found.group()}/healthz", timeout=60).status_code == 200
            while httpx2.get(f"{found.group()}/readyz").status_code != 200:
                time.sleep(0.1)
            yield process, found.group()
        finally:
            process.terminate()


def _ask(url: str) -> str:
    response = httpx2.post(f"{url}/v1/chat/completions", json={"messages": QUESTION}, timeout=60)
    return str(response.json()["choices"][0]["message"]["content"])


def test_a_bundle_is_served_until_sigterm(bundle_folder: Path) -> None:
    with _running(bundle_folder) as (process, url):
        assert "Bong Joon Ho" in _ask(url)
        assert "moviechat_replies_total" in httpx2.get(f"{url}/metrics").text
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


def test_the_server_keeps_its_own_schema(bundle_folder: Path, tmp_path: Path) -> None:
    command = [Path(sys.executable).with_name("schemathesis"), "--config-file", SETTINGS, "run"]
    options = ["--max-examples", "5", "--seed", "1", "--phases", "examples,coverage,fuzzing", "--continue-on-failure"]
    with _running(bundle_folder) as (_, url):
        asked = [*command, f"{url}/openapi.json", *options, "--generation-database", "none"]
        found = subprocess.run(asked, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert found.returncode == 0, found.stdout


def test_workers_answer_one_conversation(bundle_folder: Path) -> None:
    with _running(bundle_folder, "--workers", "2") as (process, url):
        answered = {"role": "assistant", "content": "Bong Joon Ho."}
        messages = [*QUESTION, answered, {"role": "user", "content": "How long is it?"}]
        asked = {"url": f"{url}/v1/chat/completions", "json": {"messages": messages}, "timeout": 60}
        answers = {httpx2.post(**asked).json()["choices"][0]["message"]["content"] for _ in range(8)}
        assert len(answers) == 1 and "132" in answers.pop()
        assert httpx2.get(f"{url}/metrics").text.count("moviechat_replies_total{") == 1
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


def test_a_new_bundle_is_taken_up_while_questions_are_answered(bundle_folder: Path, tmp_path: Path) -> None:
    import shutil

    folder = tmp_path / "bundle"
    shutil.copytree(bundle_folder, folder)
    with _running(folder) as (_, url):
        answers, stop = list[str](), threading.Event()

        def asking() -> None:
            while not stop.is_set():
                answers.append(_ask(url))

        thread = threading.Thread(target=asking)
        thread.start()
        shutil.rmtree(folder)  # as DVC does before a stage runs
        shutil.copytree(bundle_folder, folder)
        (folder / "bundle.json").touch()
        time.sleep(5)
        stop.set()
        thread.join(60)
        assert len(answers) > 3 and {"Bong Joon Ho" in a for a in answers} == {True}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--host", "0.0.0.0"], "--host 0.0.0.0 lets other machines in: set MOVIECHAT_API_KEY"),
        (["--bundle", "/nowhere"], "no bundle in /nowhere"),
        (["--host", "203.0.113.7"], "set MOVIECHAT_API_KEY"),
    ],
)
def test_what_cannot_be_is_told_in_a_sentence(bundle_folder: Path, options: list[str], said: str) -> None:
    command = [*COMMAND, str(bundle_folder), *options]
    environment = {k: v for k, v in os.environ.items() if k != "MOVIECHAT_API_KEY"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60)
    assert done.returncode == 2 and said in done.stderr and "Traceback" not in done.stderr


def test_a_taken_port_is_told(bundle_folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [*COMMAND, str(bundle_folder), "--port", port], capture_output=True, text=True, timeout=60
        )
    assert done.returncode == 2 and f"port {port} cannot be had" in done.stderr
