"""The full system's profile from the first byte to the measured chat, with the whole internet on loopback.

    python benchmarks/imdb_profile.py [--films 2000] [--steps 20] [--epochs 1] [--folder KEPT]

Makes files of IMDb's form that leave about so many films, serves them, Wikidata, Wikipedia and a language model, and
runs `dvc repro` stage by stage in a copy of this checkout. Of `profiles/imdb.yaml` only that is changed which a user
sets and which a small machine needs: the models are those of the sample, and training has `--steps` steps. Told is what
every stage read, wrote, left out and asked for; the films must agree from stage to stage, and the bundle must answer a
question for a fact, one for a plot, and a wish.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import yaml
from filter_imdb import make
from loopback import DOES, WHAT, Files, Server, Teacher, Wikimedia, served

from moviechat import bundle, paths

ROOT = Path(__file__).parents[1]
FILMS_AT_SCALE_1 = 36_500  # that profiles/imdb.yaml keeps of IMDb's full size
FETCHED = ("wheels", "unpacked", "converted")  # parts of data/cache that are fetched or converted once
_DONE = re.compile(rf"The (\w+) ({'|'.join(DOES)}) ({'|'.join(WHAT)})")
_MOVIECHAT = "from moviechat.serve.cli import main; main()"
_ROW = "{:<14}{:>6}{:>12}{:>12}{:>10}  {}"


@dataclass(frozen=True, slots=True)
class Told:
    """What a stage read, wrote and left out, by the reason, and the films it knows of."""

    read: int
    wrote: int
    rejected: Mapping[str, int]
    films: int | None = None
    said: str = ""


def main() -> None:
    """Run the stages, print a row of each, and ask the bundle."""
    asked = _arguments()
    with ExitStack() as stack:
        folder = asked.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        given, checkout = folder / "imdb", folder / "checkout"
        make(given, asked.films / FILMS_AT_SCALE_1)
        servers = (Files(given), Wikimedia(seed=5), Teacher())
        files, wikimedia, teacher = (stack.enter_context(served(server)) for server in servers)
        _copied(checkout)
        _configured(checkout, asked, files.url)
        where = {
            "MOVIECHAT_CONTACT": "me@example.org",
            "MOVIECHAT_WIKIDATA_URL": f"{wikimedia.url}/sparql",
            "MOVIECHAT_WIKIPEDIA_URL": f"{wikimedia.url}/api",
            "MOVIECHAT_TEACHER_URL": f"{teacher.url}/v1",
        }
        _run(checkout, os.environ | where | {"PYTHONPATH": str(checkout / "src")}, servers)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description="profiles/imdb.yaml against servers on loopback, download to evaluate."
    )
    parser.add_argument("--films", type=int, default=2000)
    parser.add_argument("--steps", type=int, default=20, help="of training")
    parser.add_argument("--epochs", type=int, default=1, help="of fitting the encoder; 0 keeps it as fetched")
    parser.add_argument("--folder", type=Path, help="work here, and leave what was made")
    return parser.parse_args()


def _copied(checkout: Path) -> None:
    """A copy of what git tracks here, as a repository of its own, and of what was once fetched."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True).stdout
    for name in listed.rstrip("\0").split("\0"):
        target = checkout / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, target)
    for name in FETCHED:
        if (ROOT / paths.CACHE / name).is_dir():
            shutil.copytree(ROOT / paths.CACHE / name, checkout / paths.CACHE / name, dirs_exist_ok=True)
    me = ["-c", "user.name=benchmark", "-c", "user.email=me@example.org"]
    for command in (["init", "--quiet"], ["add", "--all"], [*me, "commit", "--quiet", "--message", "A copy"]):
        subprocess.run(["git", *command], cwd=checkout, check=True)


def _configured(checkout: Path, asked: argparse.Namespace, files: str) -> None:
    """params.yaml: profiles/imdb.yaml with the loopback addresses and the sample's models."""
    profile = yaml.safe_load((checkout / "profiles" / "imdb.yaml").read_text(encoding="utf-8"))
    sample = yaml.safe_load((checkout / "profiles" / "sample.yaml").read_text(encoding="utf-8"))
    profile["download"]["url"] = files
    profile["generate_qa"]["provider"] = "api"
    profile["generate_qa"]["api"] |= {"endpoint": "other", "model": "loopback", "input_price": 0.0, "output_price": 0.0}
    profile["fetch_models"] = sample["fetch_models"]
    profile["fit_encoder"]["epochs"] = asked.epochs
    profile["train"] |= {"max_steps": asked.steps, "eval_steps": asked.steps}
    (checkout / paths.PARAMS).write_text(yaml.safe_dump(profile, sort_keys=False), encoding="utf-8")


def _run(checkout: Path, environment: Mapping[str, str], servers: tuple[Server, ...]) -> None:
    stages = yaml.safe_load((checkout / "dvc.yaml").read_text(encoding="utf-8"))["stages"]
    print(_ROW.format("stage", "s", "read", "written", "requests", "left out"), flush=True)
    films: dict[str, int] = {}
    for stage in sorted(stages, key=lambda name: name != "fetch_models"):  # it needs nothing, others need it
        before, start = _requests(servers), time.perf_counter()
        _command([sys.executable, "-m", "dvc", "repro", "--single-item", stage], checkout, environment)
        seconds, told = time.perf_counter() - start, TELLERS[stage](checkout)
        requests = _requests(servers) - before
        left = ", ".join(f"{why} {n:,}" for why, n in told.rejected.items() if n) or told.said
        row = _ROW.format(stage, f"{seconds:.0f}", f"{told.read:,}", f"{told.wrote:,}", requests.total() or "", left)
        print(row, flush=True)
        if told.films is not None:
            films[stage] = told.films
    print("films by stage: " + ", ".join(f"{stage} {n:,}" for stage, n in films.items()))
    if len(set(films.values())) != 1:
        sys.exit("the films do not agree from stage to stage")
    _questions(checkout, environment)


def _requests(servers: tuple[Server, ...]) -> Counter[str]:
    return sum((server.asked for server in servers), Counter[str]())


def _command(command: list[str], checkout: Path, environment: Mapping[str, str]) -> str:
    done = subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}")
    return done.stdout


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _rows(path: Path) -> int:
    return int(pl.scan_parquet(path).select(pl.len()).collect().item())


def _download(here: Path) -> Told:
    tables = _json(here / paths.DOWNLOAD / "tables.json")
    rows, odd = (sum(about[key] for about in tables.values()) for key in ("rows", "odd"))
    return Told(rows, rows - odd, {"odd rows": odd}, said=f"{sum(t['bytes'] for t in tables.values()) / 1e6:,.0f} MB")


def _filter(here: Path) -> Told:
    summary = _json(here / paths.DROPPED)
    rejected = summary["dropped"] | {"(doubles, kept)": len(summary["same_as"])}
    return Told(summary["read"], summary["kept"], rejected, films=_rows(here / paths.MOVIES))


def _enrich(here: Path) -> Told:
    films = _rows(here / paths.MOVIES)
    facts = pl.read_parquet(here / paths.FACTS)
    return Told(films, len(facts), {"films without a fact": films - facts["tconst"].n_unique()})


def _describe(here: Path) -> Told:
    coverage = _json(here / paths.CACHE / "describe" / "coverage.json")
    passages = pl.read_parquet(here / paths.PASSAGES)
    films = passages["tconst"].n_unique() + len(coverage["without"])
    return Told(coverage["films"], len(passages), Counter(coverage["without"].values()), films=films)


def _generate_qa(here: Path) -> Told:
    ledger = pl.read_parquet(here / paths.LEDGER)
    reasons = Counter(reason.partition(":")[0] for reason in ledger["reason"].drop_nulls().to_list())
    return Told(len(ledger), _rows(here / paths.PAIRS), reasons, films=ledger["tconst"].n_unique())


def _split(here: Path) -> Told:
    parts = {path.stem: _rows(path) for path in sorted((here / paths.SPLIT).glob("*.parquet"))}
    said = ", ".join(f"{part} {rows:,}" for part, rows in parts.items())
    return Told(_rows(here / paths.PAIRS), sum(parts.values()), {}, said=said)


def _fetch_models(here: Path) -> Told:
    names = sorted(_json(here / paths.FETCH_MODELS / "models.json"))
    return Told(len(names), len(names), {}, said=", ".join(names))


def _fit_encoder(here: Path) -> Told:
    passages = _rows(here / paths.PASSAGES)
    return Told(passages, passages, {})


def _build_index(here: Path) -> Told:
    counts = _json(here / paths.BUILD_INDEX / "index.json")["counts"]
    return Told(_rows(here / paths.PASSAGES), counts["passages"], {}, counts["films"], f"{counts['people']:,} people")


def _train(here: Path) -> Told:
    history = [json.loads(line) for line in (here / paths.TRAIN / "history.jsonl").read_text().splitlines()]
    losses = [line["loss"] for line in history if "loss" in line]
    said = f"{len(losses)} steps, loss {losses[0]:.2f} to {losses[-1]:.2f}"
    return Told(_rows(here / paths.SPLIT / "train.parquet"), len(losses), {}, said=said)


def _bundle(here: Path) -> Told:
    opened = bundle.open_bundle(here / paths.BUNDLE)
    films = _rows(opened.movies)
    return Told(films, films, {}, films=films)


def _evaluate(here: Path) -> Told:
    found = _json(here / paths.EVALUATE / "metrics.json")
    answers, titles = found["answers"], found["retrieval"]["exact"]
    gain = f"token F1 {answers['base']['token_f1']:.2f} to {answers['adapter']['token_f1']:.2f}"
    rows = sum(group["queries"] for group in found["retrieval"].values())
    return Told(rows, rows, {}, said=f"{gain}, titles found {titles['recall_at_1']:.2f}")


TELLERS: Mapping[str, Callable[[Path], Told]] = {
    "download": _download,
    "filter": _filter,
    "enrich": _enrich,
    "describe": _describe,
    "generate_qa": _generate_qa,
    "split": _split,
    "fetch_models": _fetch_models,
    "fit_encoder": _fit_encoder,
    "build_index": _build_index,
    "train": _train,
    "bundle": _bundle,
    "evaluate": _evaluate,
}


def _questions(checkout: Path, environment: Mapping[str, str]) -> None:
    """Ask for a fact, a plot and films; an answer must have what the catalogue has."""
    wrong = 0
    for question, expected in _asked(checkout):
        command = [sys.executable, "-c", _MOVIECHAT, "ask", question, "--json"]
        reply = json.loads(_command(command, checkout, environment))
        is_right = expected(reply)
        wrong += not is_right
        print(f"\nyou> {question}\n{reply['answer']}\n{'right' if is_right else 'WRONG'}")
    if wrong:
        sys.exit(f"{wrong} of 3 answers are wrong")


def _asked(checkout: Path) -> Iterator[tuple[str, Callable[[Mapping[str, Any]], bool]]]:
    movies = pl.read_parquet(checkout / paths.MOVIES)
    passages = pl.read_parquet(checkout / paths.PASSAGES).filter(pl.col("section") == "Plot")
    clear = movies.filter(
        (pl.len().over("title") == 1)
        & (pl.col("title").str.count_matches(" ") > 2)
        & (pl.col("directors").list.len() > 0)
    ).join(passages.select("tconst", "text"), on="tconst")
    film = random.Random(5).choice(clear.sort("tconst").rows(named=True))
    title, directors = film["title"], film["directors"]
    yield f"Who directed {title}?", lambda reply: all(name in reply["answer"] for name in directors)
    found = _DONE.search(film["text"])
    assert found, film["text"]
    who, does, what = found.groups()
    yield f"What does the {who} {does.removesuffix('s')} in {title}?", lambda reply: what in reply["answer"]
    dramas = set(movies.filter(pl.col("genres").list.contains("Drama"))["tconst"])
    yield (
        "three dramas from 2020 or later",
        lambda reply: len(reply["movies"]) == 3 and {m["tconst"] for m in reply["movies"]} <= dramas,
    )


if __name__ == "__main__":
    main()
