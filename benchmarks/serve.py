"""How many people can one server serve? Facts a second, conversations at once, a bundle swapped, plots, memory.

    python benchmarks/serve.py [--bundle models/bundle] [--seconds 10] [--workers 1] [--long]

It starts `moviechat serve` on a free port of loopback and asks it over kept connections, from this process: the two
share the machine's cores. So the CPU that the server takes for a request stands beside the requests a second: other
work on the machine does not change it. Facts are of random films of the bundle; a mixed conversation is a wish, a
fact on what it found, a plot and another fact. Then the bundle is replaced while facts are asked. Last, questions on
plots are put to llama.cpp's own server with the bundle's model, and to a `moviechat serve` that has this server word
its answers. `--long` also asks 10,000 facts and tells the server's memory after 500 and at the end.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import shutil
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import psutil
from serving import Address, Connection, Times, completed, cpu, llama_cpp, memory, moviechat, talk

from moviechat import prompts
from moviechat.bundle import MANIFEST, BundleInfo, open_bundle
from moviechat.catalogue import load_movies, load_passages
from moviechat.schema import Movie

_ASKED = (
    "Who directed {}?",
    "How long is {}?",
    "What genre is {}?",
    "What is the rating of {}?",
    "When did {} come out?",
)
_WISHES = ("a comedy under 100 minutes", "a thriller without horror", "a drama rated over 7", "a short animation")
_PLOT = "What does the hero of {} ({}) find out?"  # no table and no opening sentence tells it
_FEW = 8  # connections that ask facts
_TALKS = 64
_PLOTS = 12


async def facts(address: Address, films: Sequence[Movie], *, seconds: float = 1e9, most: int = 10**9) -> Times:
    """Facts, one a conversation, over a few connections for `seconds` or until `most` were asked."""
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
        connection.close()

    await asyncio.gather(*(asking() for _ in range(_FEW)))
    return times


async def mixed(address: Address, films: Sequence[Movie], talks: int = _TALKS) -> Times:
    """Many conversations at once, each of a wish, facts and a plot."""
    times, chance = Times(), random.Random(1)

    def turns() -> list[tuple[str, str]]:
        film, other = chance.sample(films, 2)
        plot, fact = _PLOT.format(film.title, film.year), f"Who directed {other.title}?"
        return [("wish", chance.choice(_WISHES)), ("fact", "How long is the first?"), ("plot", plot), ("fact", fact)]

    await asyncio.gather(*(talk(address, turns(), times) for _ in range(talks)))
    return times


def plots(address: Address, films: Sequence[Movie]) -> Times:
    """A question on each film's plot, one after another."""
    times = Times()
    for film in films:
        asyncio.run(talk(address, [("plot", _PLOT.format(film.title, film.year))], times))
    return times


def bare(url: str, info: BundleInfo, films: Sequence[Movie]) -> Times:
    """The same of the language model's own server, given a film's record and first text."""
    times, passages = Times(), load_passages(info.passages)
    for film in films:
        record = prompts.render_record(film, [p.text for p in passages[film.tconst][:1]])
        prompt = prompts.render(_PLOT.format(film.title, film.year), record)
        began = time.perf_counter()
        completed(url, prompt, info.max_new_tokens)
        times.add("plot", time.perf_counter() - began)
    return times


def swapped(folder: Path, bundle: Path, films: Sequence[Movie], options: Sequence[str], seconds: float) -> Times:
    """Facts asked while the bundle is replaced by one of other bytes."""
    for path in bundle.iterdir():
        if path.name != MANIFEST:
            (folder / path.name).symlink_to(path.resolve())
    shutil.copy(bundle / MANIFEST, folder / MANIFEST)
    with moviechat(folder, *options) as (address, _):

        async def both() -> Times:
            asked = asyncio.create_task(facts(address, films, seconds=seconds))
            await asyncio.sleep(seconds / 8)
            (folder / MANIFEST).write_text((bundle / MANIFEST).read_text() + "\n")
            return await asked

        return asyncio.run(both())


def main() -> None:
    """Print the tables."""
    asked = _arguments()
    info, bundle = open_bundle(asked.bundle), asked.bundle
    told = {t for t, texts in load_passages(info.passages).items() if len(texts[0].text) > 150}
    films = [m for m in load_movies(info.movies) if m.tconst in told and m.rating]
    options = ["--workers", str(asked.workers), "--queue", str(_TALKS)]
    with moviechat(bundle, *options) as (address, process):
        asyncio.run(facts(address, films, most=500))
        early, used = memory(process), cpu(process)
        _tell("facts", asyncio.run(facts(address, films, seconds=asked.seconds)), process, used, asked.seconds)
        used = cpu(process)
        _tell(f"{_TALKS} conversations at once", asyncio.run(mixed(address, films)), process, used)
        if asked.long:
            asyncio.run(facts(address, films, most=10_000))
            late = memory(process)
            print(f"memory: {early:.0f} MB after 500 facts, {late:.0f} MB at the end ({late / early - 1:+.1%})")
    with tempfile.TemporaryDirectory() as folder:
        _tell("facts while the bundle is replaced", swapped(Path(folder), bundle, films, options, 8))
    if info.engine == "llama.cpp":
        _beside_llama_cpp(info, random.Random(2).sample(films, _PLOTS), films, options)


def _beside_llama_cpp(info: BundleInfo, some: Sequence[Movie], films: Sequence[Movie], options: Sequence[str]) -> None:
    with llama_cpp(info.base, info.gguf_adapter, info.context) as url:
        _tell("llama.cpp's server alone", bare(url, info, some))
        named = {"MOVIECHAT_LLM_URL": url, "MOVIECHAT_LLM_MODEL": info.model}
        with moviechat(info.folder, *options, **named) as (address, _):
            _tell("moviechat, worded by that server", plots(address, some))
            _tell(f"{_PLOTS} conversations, worded by it", asyncio.run(mixed(address, films, _PLOTS)))


def _tell(
    name: str, times: Times, process: psutil.Process | None = None, used: float = 0, seconds: float | None = None
) -> None:
    for kind, found in sorted(times.seconds.items()):
        found.sort()
        p50, p99 = (1000 * found[min(int(len(found) * share), len(found) - 1)] for share in (0.5, 0.99))
        rate = f"{len(found) / seconds:7.0f} a second" if seconds else ""
        print(f"{name:<36}{kind:<6}{len(found):>6} answers  p50 {p50:8.1f} ms  p99 {p99:8.1f} ms {rate}", flush=True)
    told = f"  CPU {1000 * (cpu(process) - used) / times.answers:.2f} ms a request" if process else ""
    print(f"{name:<36}{times.failed} failed{told}", flush=True)


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
