"""Load test of the server: facts per second, simultaneous conversations, plots against the bare model, memory.

    python benchmarks/serve.py [--bundle models/bundle] [--seconds 10] [--workers 1] [--long]

It starts `moviechat serve` on a free loopback port and sends requests over kept connections from this process: both
share the machine's cores. Facts are about random films of the bundle. A mixed conversation is a wish, a fact about its
result, a plot and another fact. `--long` also asks 10,000 facts and prints the memory after 500 and at the end.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import psutil

from moviechat import prompts
from moviechat.chat.shelf import BundleShelf
from moviechat.schema import Movie

_ASKED = (
    "Who directed {}?",
    "How long is {}?",
    "What genre is {}?",
    "What is the rating of {}?",
    "When did {} come out?",
)
_WISHES = ("a comedy under 100 minutes", "a thriller without horror", "a drama rated over 7", "a short animation")
_FEW = 8  # connections that ask facts
_TALKS = 64
_PLOTS = 12


@dataclass
class Times:
    """Seconds of answers by kind, and the number of failures."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    failed: int = 0

    def add(self, kind: str, seconds: float) -> None:
        """Record an answer."""
        self.seconds.setdefault(kind, []).append(seconds)


class Connection:
    """One kept connection to the server, with just enough HTTP for this benchmark."""

    def __init__(self, address: tuple[str, int]) -> None:
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


async def _talk(address: tuple[str, int], turns: Sequence[tuple[str, str]], times: Times) -> None:
    """Send the turns (kind, text) one after the other, each with the conversation so far."""
    connection, messages = Connection(address), list[dict[str, str]]()
    for kind, text in turns:
        messages.append({"role": "user", "content": text})
        began = time.perf_counter()
        status, reply = await connection.ask(messages)
        times.add(kind, time.perf_counter() - began)
        if status != 200:
            times.failed += 1
            return
        messages.append({"role": "assistant", "content": reply["choices"][0]["message"]["content"]})


async def facts(address: tuple[str, int], films: Sequence[Movie], *, seconds: float = 1e9, most: int = 10**9) -> Times:
    """Facts, one per conversation, over a few connections, for `seconds` or until `most` were asked."""
    times, end, left = Times(), time.perf_counter() + seconds, iter(range(most))
    chance = random.Random(0)

    async def asking() -> None:
        connection = Connection(address)
        while time.perf_counter() < end and next(left, None) is not None:
            text = chance.choice(_ASKED).format(chance.choice(films).title)
            began = time.perf_counter()
            status, _ = await connection.ask([{"role": "user", "content": text}])
            times.add("fact", time.perf_counter() - began)
            times.failed += status != 200

    await asyncio.gather(*(asking() for _ in range(_FEW)))
    return times


async def mixed(address: tuple[str, int], films: Sequence[Movie]) -> Times:
    """Many simultaneous conversations, each with a wish, facts and a plot."""
    times, chance = Times(), random.Random(1)

    def turns() -> list[tuple[str, str]]:
        film, other = chance.sample(films, 2)
        plot = f"What happens in {film.title} ({film.year})?"
        fact = f"Who directed {other.title}?"
        return [("wish", chance.choice(_WISHES)), ("fact", "How long is the first?"), ("plot", plot), ("fact", fact)]

    await asyncio.gather(*(_talk(address, turns(), times) for _ in range(_TALKS)))
    return times


def bare(shelf: BundleShelf, films: Sequence[Movie]) -> list[float]:
    """Seconds of the language model alone, on one plot question per film."""
    found = []
    for film in films:
        record = prompts.render_record(film, [p.text for p in shelf.passages[film.tconst][:1]])
        prompt = prompts.render(f"What happens in {film.title}?", record)
        began = time.perf_counter()
        for _ in shelf.model.stream(prompt, max_new_tokens=shelf.max_new_tokens):
            pass
        found.append(time.perf_counter() - began)
    return found


@contextmanager
def served(bundle: Path, workers: int) -> Iterator[tuple[tuple[str, int], psutil.Process]]:
    """The server's address and process, once it is ready."""
    code = "from moviechat.serve.cli import main; main()"
    options = ["serve", "--port", "0", "--bundle", str(bundle), "--workers", str(workers), "--queue", str(_TALKS)]
    with subprocess.Popen([sys.executable, "-c", code, *options], stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr
            found = re.search(r"http://([\d.]+):(\d+)", process.stderr.readline())
            assert found, "the server did not start"
            while not _ready(found.group()):
                time.sleep(0.2)
            yield (found.group(1), int(found.group(2))), psutil.Process(process.pid)
        finally:
            process.terminate()


def _ready(url: str) -> bool:
    try:
        return bool(urlopen(f"{url}/readyz", timeout=5).status == 200)
    except OSError:
        return False


def main() -> None:
    """Print the tables."""
    asked = _arguments()
    shelf = BundleShelf(asked.bundle)
    films = [m for m in shelf.movies.values() if m.tconst in shelf.passages and m.rating]
    with served(asked.bundle, asked.workers) as (address, process):
        asyncio.run(facts(address, films, most=500))
        early = _memory(process)
        _tell("facts", asyncio.run(facts(address, films, seconds=asked.seconds)), asked.seconds)
        _tell(f"{_TALKS} conversations at once", asyncio.run(mixed(address, films)))
        some = random.Random(2).sample(films, _PLOTS)
        plots = Times()
        for film in some:
            asyncio.run(_talk(address, [("plot", f"What happens in {film.title} ({film.year})?")], plots))
        _tell("plots, one after another", plots)
        if asked.long:
            asyncio.run(facts(address, films, most=10_000))
            print(f"memory: {early:.0f} MB after 500 facts, {_memory(process):.0f} MB at the end")
    alone = Times({"model": bare(shelf, some)})
    _tell("the bare language model on the same films", alone)


def _memory(process: psutil.Process) -> float:
    return float(sum(p.memory_info().rss for p in (process, *process.children(recursive=True)))) / 1e6


def _tell(name: str, times: Times, seconds: float | None = None) -> None:
    for kind, found in sorted(times.seconds.items()):
        found.sort()
        p50, p99 = (1000 * found[min(int(len(found) * share), len(found) - 1)] for share in (0.5, 0.99))
        rate = f"{len(found) / seconds:7.0f} a second" if seconds else ""
        print(f"{name:<44}{kind:<7}{len(found):>6} answers  p50 {p50:7.1f} ms  p99 {p99:7.1f} ms {rate}")
    if times.failed:
        print(f"{name:<44}{times.failed} FAILED")


def _arguments() -> argparse.Namespace:
    from moviechat import paths

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bundle", type=Path, default=paths.BUNDLE)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--long", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
