"""Texts of many films from servers on loopback that speak as Wikidata and Wikipedia do, through kills and a rerun.

    python benchmarks/wikipedia.py [--films 35000] [--kills 2] [--changed 0.02] [--seed 5]

One film in ten has no article; of the others some are gone, moved, or on a series, an award or a novel. The stage runs
in a process of its own, is killed while it asks, and goes on; then articles change and it runs again. Every film must
be accounted for. Requests are not paced, so the time told is the stage's own; at Wikimedia's 200 a minute the requests
take as many minutes as are told last.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from moviechat.wikipedia.client import PER_MINUTE

WORDS = "bus jungle driver night river town sister music war house letter road train winter doctor island".split()
KINDS = ("film",) * 16 + ("television", "book", "film awards", "disambiguation")
_STAGE = """
import json, sys
from pathlib import Path
from moviechat.wikipedia.articles import Wikipedia
from moviechat.wikipedia.client import Client
from moviechat.wikipedia.coverage import Coverage
from moviechat.wikipedia.store import Store
films, url, folder = int(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
ids = [f"tt{n:07d}" for n in range(films)]
wikipedia = Wikipedia(Client("benchmark", per_minute=1e9), Store(folder), f"{url}/sparql", f"{url}/api")
found = wikipedia.texts(ids)
coverage = Coverage.of(ids, found.passages, found.without)
coverage.save(folder)
print(coverage.table())
"""


class Wikimedia(ThreadingHTTPServer):
    """Both services; `asked` counts requests, `titles` the texts and revisions that were sent."""

    daemon_threads = True

    def __init__(self, films: int, seed: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.films, self.seed, self.changed = films, seed, frozenset[int]()
        self.asked: Counter[str] = Counter()
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_port}"

    def answer(self, path: str, fields: dict[str, str]) -> dict[str, Any]:
        """What one of the services says."""
        whole = "content" in fields.get("rvprop", "")
        with self.lock:
            self.asked["Wikidata" if path == "/sparql" else "texts" if whole else "revisions"] += 1
        if path == "/sparql":
            numbers = [int(n) for n in re.findall(r'"tt(\d+)"', fields["query"]) if int(n) % 10]
            rows = [{"imdb": {"value": f"tt{n:07d}"}, "title": {"value": f"Film {n}"}} for n in numbers]
            return {"results": {"bindings": rows}}
        titles = fields["titles"].split("|")
        moved = [{"from": t, "to": f"{t} (film)"} for t in titles if _number(t) % 50 == 1]
        pages = [self._page(t, whole) for t in titles]
        return {"query": {"redirects": moved, "pages": pages}}

    def _page(self, title: str, whole: bool) -> dict[str, Any]:
        number = _number(title)
        if number % 97 == 2:
            return {"title": title, "missing": True}
        revision: dict[str, Any] = {"revid": 10 * number + (number in self.changed)}
        if whole:
            revision["slots"] = {"main": {"content": _article(number, self.seed + (number in self.changed))}}
        return {"title": f"{title} (film)" if number % 50 == 1 else title, "revisions": [revision]}


class _Handler(BaseHTTPRequestHandler):
    server: Wikimedia

    def do_POST(self) -> None:
        """Answer a form."""
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        body = json.dumps(self.server.answer(self.path, {name: values[0] for name, values in form.items()})).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def _number(title: str) -> int:
    return int(title.split()[1])


def _article(number: int, seed: int) -> str:
    draw = random.Random(f"{seed} {number}")

    def said(sentences: int) -> str:
        return " ".join(f"The {' '.join(draw.choices(WORDS, k=8))}.<ref>{{{{cite|x}}}}</ref>" for _ in range(sentences))

    kind = KINDS[number % len(KINDS)]
    box = "{{disambiguation}}" if kind == "disambiguation" else f"{{{{Infobox {kind}|name=Film {number}}}}}"
    parts = [f"{box}\n'''Film {number}''' is a [[film]]. {said(2)}"]
    for share, heading in ((0.8, "Plot"), (0.7, "Cast"), (0.5, "Production"), (0.5, "Critical response")):
        if draw.random() < share:
            parts.append(f"== {heading} ==\n{said(3)}")
    return "\n\n".join(parts)


def main() -> None:
    """Run the stage through its kills, once whole, and once after a change; print requests and what was found."""
    asked = _arguments()
    server = Wikimedia(asked.films, asked.seed)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as folder:
        for kill in range(asked.kills):
            _killed(server, asked, Path(folder), after=(kill + 1) * asked.films // (60 * (asked.kills + 1)))
        _whole("first run, after kills", server, asked, Path(folder))
        draw = random.Random(asked.seed)
        server.changed = frozenset(n for n in range(asked.films) if draw.random() < asked.changed)
        before = server.asked.copy()
        print(_whole(f"rerun, {asked.changed:.0%} changed", server, asked, Path(folder)))
        coverage = json.loads((Path(folder) / "coverage.json").read_text())
    again = server.asked - before
    minutes = server.asked.total() / PER_MINUTE
    print(f"of these by the rerun: {dict(again)}; all take {minutes:.1f} minutes at {PER_MINUTE} requests a minute")
    print(f"{coverage['films']:,} films: {len(coverage['without']):,} without a text, each with its reason")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="describe against Wikidata and Wikipedia on loopback.")
    parser.add_argument("--films", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=2)
    parser.add_argument("--changed", type=float, default=0.02)
    parser.add_argument("--seed", type=int, default=5)
    return parser.parse_args()


def _started(server: Wikimedia, asked: argparse.Namespace, folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", _STAGE, str(asked.films), server.url, str(folder)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def _killed(server: Wikimedia, asked: argparse.Namespace, folder: Path, after: int) -> None:
    child = _started(server, asked, folder)
    while child.poll() is None and server.asked.total() < after:
        time.sleep(0.005)
    child.kill()
    child.communicate()
    print(f"killed after {server.asked.total():,} requests: {dict(server.asked)}", flush=True)


def _whole(name: str, server: Wikimedia, asked: argparse.Namespace, folder: Path) -> str:
    start, child = time.perf_counter(), _started(server, asked, folder)
    table = child.stdout.read() if child.stdout else ""
    _, status, used = os.wait4(child.pid, 0)
    if os.waitstatus_to_exitcode(status):
        sys.exit(f"{name}: the stage ended with {os.waitstatus_to_exitcode(status)}")
    child.returncode = 0
    seconds, spent = time.perf_counter() - start, used.ru_utime + used.ru_stime
    told = f"{seconds:.0f} s, {spent:.0f} s of the processor, {used.ru_maxrss / 1e3:,.0f} MB"
    print(f"{name}: {dict(server.asked)} requests so far; {told}", flush=True)
    return table


if __name__ == "__main__":
    main()
