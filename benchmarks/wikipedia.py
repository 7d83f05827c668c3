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
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from loopback import Wikimedia, served

from moviechat.wikipedia.client import PER_MINUTE

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


def main() -> None:
    """Run the stage through its kills, once whole, and once after a change; print requests and what was found."""
    asked = _arguments()
    with served(Wikimedia(asked.seed)) as server, tempfile.TemporaryDirectory() as folder:
        for kill in range(asked.kills):
            _killed(server, asked, Path(folder), after=(kill + 1) * asked.films // (60 * (asked.kills + 1)))
        _whole("first run, after kills", server, asked, Path(folder))
        draw = random.Random(asked.seed)
        server.changed = frozenset(n for n in range(asked.films) if draw.random() < asked.changed)
        before = server.asked.copy()
        print(_whole(f"rerun, {asked.changed:.0%} changed", server, asked, Path(folder)))
        coverage = json.loads((Path(folder) / "coverage.json").read_text())
    again, minutes = server.asked - before, server.asked.total() / PER_MINUTE
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
