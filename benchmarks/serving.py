"""What the benchmarks of the server share: servers on loopback, connections that are kept, and what a process uses."""

from __future__ import annotations

import asyncio
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import psutil

Address = tuple[str, int]
_MOVIECHAT = "from moviechat.serve.cli import main; main()"
_LLAMA_CPP = """
import sys, time, xllamacpp
base, adapter, port, context = sys.argv[1:]
settings = xllamacpp.CommonParams()
settings.model.path, settings.n_ctx, settings.n_parallel = base, int(context), 1
settings.lora_adapters = [xllamacpp.CommonAdapterLoraInfo(adapter, 1.0)] if adapter else []
settings.port, settings.ui, settings.verbosity, settings.fit_params = int(port), False, -1, False
settings.cache_prompt, settings.cache_ram_mib = not adapter, 0
server = xllamacpp.Server(settings)
time.sleep(1e6)
"""


@dataclass
class Times:
    """Seconds of answers by kind, and how many failed."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    failed: int = 0

    def add(self, kind: str, seconds: float) -> None:
        """Count an answer."""
        self.seconds.setdefault(kind, []).append(seconds)

    @property
    def answers(self) -> int:
        """How many there were."""
        return sum(map(len, self.seconds.values()))


class Connection:
    """One kept connection to the server; no more of HTTP than a benchmark needs."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, messages: Sequence[dict[str, str]]) -> tuple[int, dict[str, Any]]:
        """The status and the body of a completion."""
        reader, writer = self._streams = self._streams or await asyncio.open_connection(*self._address)
        body = json.dumps({"model": "moviechat", "messages": list(messages)}).encode()
        head = f"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n"
        writer.write(f"{head}Content-Type: application/json\r\n\r\n".encode() + body)
        said = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = re.search(r"content-length: (\d+)", said, re.I)
        assert length, said
        return int(said.split()[1]), json.loads(await reader.readexactly(int(length.group(1))))

    def close(self) -> None:
        """Leave."""
        if self._streams:
            self._streams[1].close()


async def talk(address: Address, turns: Sequence[tuple[str, str]], times: Times) -> None:
    """Ask turns (kind, text) one after the other, each with all that was said before."""
    connection, messages = Connection(address), list[dict[str, str]]()
    for kind, text in turns:
        messages.append({"role": "user", "content": text})
        began = time.perf_counter()
        status, reply = await connection.ask(messages)
        times.add(kind, time.perf_counter() - began)
        if status != 200:
            times.failed += 1
            break
        messages.append({"role": "assistant", "content": reply["choices"][0]["message"]["content"]})
    connection.close()


@contextmanager
def moviechat(bundle: Path, *options: str, **environment: str) -> Iterator[tuple[Address, psutil.Process]]:
    """The address and process of `moviechat serve`, once it is ready."""
    command = [sys.executable, "-c", _MOVIECHAT, "serve", "--port", "0", "--bundle", str(bundle), *options]
    settings = {k: v for k, v in os.environ.items() if not k.startswith("MOVIECHAT_LLM")} | environment
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=settings) as process:
        try:
            assert process.stderr
            found = re.search(r"http://([\d.]+):(\d+)", process.stderr.readline())
            assert found, "the server did not start"
            wait(f"{found.group()}/readyz")
            yield (found.group(1), int(found.group(2))), psutil.Process(process.pid)
        finally:
            process.terminate()


@contextmanager
def llama_cpp(base: Path, adapter: Path | None, context: int) -> Iterator[str]:
    """The URL (up to `/v1`) of llama.cpp's own server with the model, in a process of its own.

    Without an adapter it keeps what prompts begin with.
    """
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-c", _LLAMA_CPP, str(base), str(adapter or ""), str(port), str(context)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, env=os.environ | {"GOMP_SPINCOUNT": "500"}) as process:
        try:
            wait(f"http://127.0.0.1:{port}/health")
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            process.terminate()


def completed(url: str, prompt: str, most: int) -> str:
    """What the server at `url` writes after `prompt`, at most `most` tokens of it."""
    asked = {"prompt": prompt, "max_tokens": most, "temperature": 0, "stop": ["###"]}
    request = Request(f"{url}/completions", json.dumps(asked).encode(), {"Content-Type": "application/json"})
    with urlopen(request, timeout=120) as response:
        return str(json.loads(response.read())["choices"][0]["text"])


def wait(url: str, seconds: float = 120) -> None:
    """Return when `url` answers with 200; raises TimeoutError if it does not within `seconds`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if urlopen(url, timeout=5).status == 200:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise TimeoutError(url)


def memory(process: psutil.Process) -> float:
    """MB in memory of a process and those that it started."""
    return float(sum(p.memory_info().rss for p in _family(process))) / 1e6


def cpu(process: psutil.Process) -> float:
    """Seconds of CPU of a process and those that it started."""
    return float(sum(sum(p.cpu_times()[:2]) for p in _family(process)))


def _family(process: psutil.Process) -> list[psutil.Process]:
    return [process, *process.children(recursive=True)]
