"""Ask a language model for pairs on many films, with faults and kills, against a plain loop over the client.

    python benchmarks/teacher.py [--films 2000] [--faults 0.2] [--kills 3] [--per-minute 1500] [--plain 100]

A loopback server takes 0.2 s per reply and fails a share of the requests (429 with and without Retry-After, 500, 503,
half a body, half JSON); it counts the replies that were paid for. The stage runs in a separate process, which is killed
while it works, and started again. The plain loop asks one film after the other, with the client's own retries.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import polars as pl
from loopback import Teacher, served

from moviechat.frames import frame, write_parquet
from moviechat.schema import Movie, Passage

PAIRS = 4
IN_FLIGHT = 64
_STAGE = """
import json, sys
from pathlib import Path
from moviechat.params import GenerateQa
from moviechat.stages.generate_qa import run
p, folder = json.loads(sys.argv[1]), Path(sys.argv[2])
files = {name: folder / f"{name}.parquet" for name in ("movies", "passages", "pairs", "ledger")}
run(GenerateQa.model_validate(p), **files, replies=folder / "replies")
"""


def main() -> None:
    """Print what was asked, paid and accounted for, and the time compared with the rate limit's minimum."""
    asked = _arguments()
    with served(Teacher(asked.faults)) as server:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            _films(folder, asked.films)
            seconds, twice = _killed_and_started(folder, server, asked)
            ledger = pl.read_parquet(folder / "ledger.parquet")
        _tell(server, asked, ledger, seconds, twice)
        server.asked.clear()
        plain = _plain(server, asked.plain)
    print(f"plain loop over the client: {plain:.2f} s a film, here {seconds / asked.films:.3f}")


def _tell(server: Teacher, asked: argparse.Namespace, ledger: pl.DataFrame, seconds: float, twice: int) -> None:
    print(
        f"films {asked.films:,}, in the ledger {ledger['tconst'].n_unique():,}; pairs asked {ledger.height:,}, "
        f"accepted {ledger['accepted'].sum():,}"
    )
    print(
        f"requests that failed {server.failed:,}; replies paid twice {twice:,} "
        f"(in flight, {IN_FLIGHT} at most, at one of {asked.kills} kills)"
    )
    tries = server.failed + sum(server.asked.values())
    least = 60 * tries / asked.per_minute
    print(
        f"seconds {seconds:.1f}, of these by the limit for {tries:,} requests {least:.1f}: {seconds / least:.2f} times"
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="generate_qa over an API: faults, kills, limits.")
    parser.add_argument("--films", type=int, default=2000)
    parser.add_argument("--faults", type=float, default=0.2, help="share of the requests that fail")
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--per-minute", type=float, default=1500.0, help="requests_per_minute")
    parser.add_argument("--plain", type=int, default=100, help="films for the plain loop")
    return parser.parse_args()


def _films(folder: Path, number: int) -> None:
    movies = [Movie(f"tt{n:05}", f"Bus {n}", f"Bus {n}", 2019, 80, ("Horror",), 5.0, 134) for n in range(number)]
    text = "An old bus is lost in the jungle near village {n}. Its driver sings."
    passages = [Passage(m.tconst, 0, text.format(n=n), None, "people", None, None, None) for n, m in enumerate(movies)]
    write_parquet(frame(Movie, movies), folder / "movies.parquet")
    write_parquet(frame(Passage, passages), folder / "passages.parquet")


def _killed_and_started(folder: Path, server: Teacher, asked: argparse.Namespace) -> tuple[float, int]:
    """Seconds of asking (from each process's first request to its end), and replies paid more than once."""
    seconds = 0.0
    for kill in range(1, asked.kills + 2):
        before = sum(server.asked.values())
        process = _stage(folder, server, asked.per_minute)
        while sum(server.asked.values()) == before and process.poll() is None:
            time.sleep(0.01)
        start = time.perf_counter()
        if kill <= asked.kills:
            while sum(server.asked.values()) < asked.films * kill / (asked.kills + 1):
                time.sleep(0.01)
            process.send_signal(signal.SIGKILL)
        else:
            while len(server.asked) < asked.films and process.poll() is None:
                time.sleep(0.01)
        seconds += time.perf_counter() - start
        if process.wait() and kill > asked.kills:
            raise SystemExit("the stage failed")
    return seconds, sum(server.asked.values()) - len(server.asked)


def _stage(folder: Path, server: Teacher, per_minute: float) -> subprocess.Popen[bytes]:
    mix = {"about": 1, "setting": 1, "themes": 1, "ending": 1, "particular": 0, "fact": 0, "not_said": 0}
    api: dict[str, Any] = {"endpoint": "other", "model": "films", "style": "chat", "max_tokens": 500, "mix": mix}
    api |= {
        "reasoning": False,
        "one_by_one": False,
        "attempts": 1,
        "batch": False,
        "in_flight": IN_FLIGHT,
        "requests_per_minute": per_minute,
    }
    api |= {"timeout": 30.0, "tries": 10, "unanswered": "stop", "input_price": 0.25, "output_price": 2.0}
    api |= {"batch_discount": 0.5, "max_cost": 100.0}
    p = {"provider": "api", "folder": "none", "per_film": PAIRS, "seed": 42, "api": api}
    environment = os.environ | {"MOVIECHAT_TEACHER_URL": f"{server.url}/v1"}
    return subprocess.Popen([sys.executable, "-c", _STAGE, json.dumps(p), str(folder)], env=environment)


def _plain(server: Teacher, films: int) -> float:
    """Seconds per film of the simplest loop."""
    import openai

    client = openai.OpenAI(base_url=f"{server.url}/v1", api_key="none", timeout=30)
    start = time.perf_counter()
    for n in range(films):
        asked = f"Title: Bus {n}\n1. about: what it is about"
        with contextlib.suppress(openai.OpenAIError, ValueError):
            client.chat.completions.create(model="films", messages=[{"role": "user", "content": asked}])
    return (time.perf_counter() - start) / films


if __name__ == "__main__":
    main()
