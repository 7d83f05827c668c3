import contextlib
import json
import os
import re
import subprocess
import sys
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from moviechat import prompts
from moviechat.errors import DataError, ParamsError
from moviechat.frames import columns, frame, write_parquet
from moviechat.params import GenerateQa
from moviechat.schema import NOT_SAID, Movie, Passage, QAPair
from moviechat.sections import Api
from moviechat.stages.generate_qa import Entry, run
from moviechat.teacher import Film
from moviechat.teacher.budget import Purse
from moviechat.teacher.request import requests

MODELS = {name: Path(__file__).parents[2] / "models" / "fetch_models" / name for name in ("encoder", "parser")}
BUS = Movie("tt2", "Diablo Rojo PTY", "Diablo Rojo", 2019, 80, ("Horror",), 5.0, 134, alternative_titles=("Красный",))
IT = Movie("tt1", "It", "It", 2020, None, (), None, 0)
TEXTS = ["A bus is lost in the jungle.", "The old bus is their only refuge."]
PAIRS = [
    {"kind": "particular", "question": "What is the refuge in Diablo Rojo PTY?", "answer": "The old bus."},
    {"kind": "setting", "question": "Where is Diablo Rojo PTY set?", "answer": "In Brussels."},
    {"kind": "about", "question": "What is it about?", "answer": "A bus."},
    {"kind": "setting", "question": "where is DIABLO ROJO PTY set", "answer": "In the jungle."},
    {"kind": "about", "question": "What is Diablo Rojo PTY about?", "answer": " "},
    {"kind": "ending", "question": "How does It end?", "answer": NOT_SAID, "tconst": "tt1"},
    {"kind": "ending", "question": "How does It end?", "answer": NOT_SAID, "tconst": "tt9"},
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    passages = [Passage("tt2", n, text, None, "people", None, None, None) for n, text in enumerate(TEXTS)]
    write_parquet(frame(Movie, [IT, BUS]), tmp_path / "movies.parquet")
    write_parquet(frame(Passage, passages), tmp_path / "passages.parquet")
    return tmp_path


def _run(folder: Path, pairs: list[dict[str, Any]], provider: str = "file") -> tuple[list[QAPair], list[Entry]]:
    (folder / "pairs").mkdir(exist_ok=True)
    lines = (json.dumps({"tconst": "tt2"} | pair, ensure_ascii=False) + "\n" for pair in pairs)
    (folder / "pairs/pairs.jsonl").write_text("".join(lines), encoding="utf-8")
    p = GenerateQa.model_validate(
        {"provider": provider, "folder": str(folder / "pairs"), "per_film": 6, "seed": 42, "api": None}
    )
    files = {name: folder / f"{name}.parquet" for name in ("movies", "passages")} | MODELS
    run(p, **files, pairs=folder / "out/pairs.parquet", ledger=folder / "out/ledger.parquet")
    pairs_table, ledger = (pl.read_parquet(folder / f"out/{name}.parquet") for name in ("pairs", "ledger"))
    assert (pairs_table.schema, ledger.schema) == (columns(QAPair), columns(Entry))
    accepted = [QAPair.from_row(row) for row in pairs_table.iter_rows(named=True)]
    return accepted, [Entry(**row) for row in ledger.iter_rows(named=True)]


def test_what_is_said_beside_the_story_is_in_no_record(folder: Path) -> None:
    rows = pl.read_parquet(folder / "passages.parquet")
    beside = [
        Passage("tt2", n, "It was shot in Brussels.", section, "people", None, None, None)
        for n, section in enumerate(("Cast", "Production", "Reception"), 2)
    ]
    write_parquet(pl.concat([rows, frame(Passage, beside)]), folder / "passages.parquet")
    pairs, ledger = _run(folder, PAIRS[:2])
    assert [pair.answer for pair in pairs] == ["The old bus."]
    assert "Brussels" not in pairs[0].input
    assert [bool(entry.accepted) for entry in ledger] == [True, False]


def test_pairs_stand_by_film_with_the_record_they_were_checked_against(folder: Path) -> None:
    accepted, _ = _run(folder, PAIRS)
    assert [(p.tconst, p.question) for p in accepted] == [
        ("tt1", "How does It end?"),
        ("tt2", "What is the refuge in Diablo Rojo PTY?"),
    ]
    assert accepted[1] == QAPair(
        "tt2",
        "particular",
        "What is the refuge in Diablo Rojo PTY?",
        "The old bus.",
        prompts.render_record(BUS, TEXTS),
        "file",
    )


def test_every_pair_asked_stands_in_the_ledger(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    accepted, ledger = _run(folder, PAIRS)
    assert [(e.tconst, e.reason) for e in ledger] == [
        ("tt1", None),
        ("tt2", None),
        ("tt2", "unsupported: Brussels: not in the record"),
        ("tt2", "names no film"),
        ("tt2", "duplicate question"),
        ("tt2", "empty answer"),
        ("tt9", "film not in the catalogue"),
    ]
    assert sum(e.accepted for e in ledger) == len(accepted)
    assert all(json.loads(e.raw)["question"] == e.question for e in ledger)
    table = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["pairs", "asked", "7"] in table
    assert ["-", "unsupported", "1"] in table
    assert ["pairs", "accepted", "2"] in table


def test_pairs_made_of_the_record_are_all_accepted(folder: Path) -> None:
    accepted, ledger = _run(folder, [], provider="records")
    assert len(accepted) == len(ledger) > 6
    assert {p.source for p in accepted} == {"records"}
    assert {p.tconst for p in accepted} == {"tt1", "tt2"}


def test_the_same_pairs_give_the_same_bytes(folder: Path) -> None:
    _run(folder, PAIRS)
    first = [(folder / "out" / name).read_bytes() for name in ("pairs.parquet", "ledger.parquet")]
    _run(folder, PAIRS)
    assert [(folder / "out" / name).read_bytes() for name in ("pairs.parquet", "ledger.parquet")] == first


def test_no_pair_accepted_says_why(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(DataError, match=r"none of 1 pairs by generate_qa\.provider file was accepted"):
        _run(folder, PAIRS[1:2])
    assert "unsupported" in capsys.readouterr().out
    ledger = pl.read_parquet(folder / "out/ledger.parquet")
    assert [reason.partition(":")[0] for reason in ledger["reason"]] == ["unsupported"]
    assert not (folder / "out/pairs.parquet").exists()


API = {
    "endpoint": "other",
    "model": "films",
    "style": "chat",
    "max_tokens": 400,
    "reasoning": False,
    "one_by_one": False,
    "attempts": 1,
    "mix": {"about": 1, "setting": 1, "themes": 0, "ending": 0, "particular": 0, "fact": 0, "not_said": 0},
    "batch": False,
    "in_flight": 4,
    "timeout": 10.0,
    "tries": 4,
    "unanswered": "stop",
    "input_price": 1.0,
    "output_price": 2.0,
    "batch_discount": 0.5,
    "max_cost": 1000.0,
}
STAGE = """
import json, sys
from pathlib import Path
from moviechat.params import GenerateQa
from moviechat.stages.generate_qa import run
from moviechat.teacher.shards import Shard
p, folder = json.loads(sys.argv[1]), Path(sys.argv[2])
files = {name: folder / f"{name}.parquet" for name in ("movies", "passages", "pairs", "ledger")}
shard = Shard.parse(sys.argv[4]) if sys.argv[3:4] == ["--shard"] else None
dry_run = sys.argv[3:] == ["--dry-run"]
run(GenerateQa.model_validate(p), **files, replies=folder / "replies", dry_run=dry_run, shard=shard)
"""


class Teacher:
    """A server that writes two pairs a film, one of them planted with an error in every fifth; slow enough to kill."""

    def __init__(self) -> None:
        self.asked, self.answered = Counter[str](), Counter[str]()
        self._lock = threading.Lock()

    def __call__(self, request: BaseHTTPRequestHandler) -> None:
        body = json.loads(request.rfile.read(int(request.headers["Content-Length"])))
        found = re.search("^Title: (.*)$", body["messages"][-1]["content"], re.MULTILINE)
        assert found
        film = found.group(1)
        with self._lock:
            self.asked[film] += 1
        time.sleep(0.02)
        place = "In Brussels." if int(film.split()[-1]) % 5 == 0 else "In the jungle."
        pairs = {
            "about": {"question": f"What is {film} about?", "answer": "A bus is lost in the jungle."},
            "setting": {"question": f"Where is {film} set?", "answer": place},
        }
        reply = {"choices": [{"message": {"content": json.dumps(pairs)}}], "usage": {"prompt_tokens": 9}}
        data = json.dumps(reply).encode()
        request.send_response(200)
        request.send_header("Content-Length", str(len(data)))
        request.end_headers()
        with contextlib.suppress(OSError):
            request.wfile.write(data)
        with self._lock:
            self.answered[film] += 1


@pytest.fixture
def many(tmp_path: Path) -> Path:
    movies = [Movie(f"tt{n:03}", f"Lost Bus {n}", f"Lost Bus {n}", 2019, 80, (), None, 5) for n in range(60)]
    passages = [Passage(m.tconst, 0, TEXTS[0], None, "people", None, None, None) for m in movies]
    write_parquet(frame(Movie, movies), tmp_path / "movies.parquet")
    write_parquet(frame(Passage, passages), tmp_path / "passages.parquet")
    return tmp_path


def _stage(folder: Path, url: str, *options: str, **changes: Any) -> subprocess.Popen[str]:
    p = {"provider": "api", "folder": "none", "per_film": 2, "seed": 42, "api": API | changes}
    return subprocess.Popen(
        [sys.executable, "-c", STAGE, json.dumps(p), str(folder), *options],
        env=os.environ | {"MOVIECHAT_TEACHER_URL": f"{url}/v1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_run_that_was_killed_pays_nothing_twice(loopback: Any, many: Path) -> None:
    teacher = Teacher()
    url = loopback(teacher)
    for killed_at in (15, 30):
        process = _stage(many, url)
        while teacher.answered.total() < killed_at and process.poll() is None:
            time.sleep(0.005)
        process.kill()
        process.communicate()
    out, err = _stage(many, url).communicate()
    table = {line.rsplit(maxsplit=1)[0]: line.split()[-1] for line in out.splitlines()}
    assert table["pairs asked"] == "120", err
    assert (table["- unsupported"], table["pairs accepted"]) == ("12", "108")
    again = sum(n - 1 for n in teacher.asked.values())
    assert again <= 2 * API["in_flight"]  # what was in flight when it was killed, no more
    first = [(many / f"{name}.parquet").read_bytes() for name in ("pairs", "ledger")]
    asked = teacher.asked.total()
    _stage(many, url).communicate()
    assert [(many / f"{name}.parquet").read_bytes() for name in ("pairs", "ledger")] == first
    assert teacher.asked.total() == asked
    ledger = pl.read_parquet(many / "ledger.parquet")
    assert set(ledger["tconst"].value_counts()["count"]) == {2}
    assert set(ledger["source"]) == {"api:films"}


def test_shards_fill_the_store_and_the_stage_makes_no_call(loopback: Any, many: Path) -> None:
    teacher = Teacher()
    url = loopback(teacher)
    processes = [_stage(many, url, "--shard", f"{n}/3") for n in (1, 2, 3)]
    told = [process.communicate()[0] for process in processes]
    assert ["20 films, 40 pairs asked" in out for out in told] == [True] * 3
    assert set(teacher.asked.values()) == {1}
    assert len(teacher.asked) == 60
    assert not (many / "pairs.parquet").exists()
    _stage(many, url).communicate()
    assert teacher.asked.total() == 60
    assert pl.read_parquet(many / "ledger.parquet").height == 120


class Silent:
    """A server that takes a request and never answers it."""

    def __init__(self) -> None:
        self.asked, self.over = 0, threading.Event()

    def __call__(self, request: BaseHTTPRequestHandler) -> None:
        request.rfile.read(int(request.headers["Content-Length"]))
        self.asked += 1
        self.over.wait(30)


def test_what_was_out_at_a_kill_counts_against_the_budget(
    loopback: Any, many: Path, request: pytest.FixtureRequest
) -> None:
    server = Silent()
    request.addfinalizer(server.over.set)
    url = loopback(server)
    api = Api.model_validate(API)
    film = Film(Movie("tt000", "Lost Bus 00", "Lost Bus 00", 2019, 80, (), None, 5), ())
    most = Purse(api, 0).most(requests(film, api, 2, 42)[0]) * 1.1  # with its text
    for times in (1, 2, 3):
        process = _stage(many, url, max_cost=3.4 * most)
        while server.asked < times and process.poll() is None:
            time.sleep(0.005)
        process.kill()
        process.communicate()
    assert server.asked == 3
    process = _stage(many, url, max_cost=3.4 * most)
    _, err = process.communicate(timeout=60)
    assert process.returncode
    assert "would be passed" in err
    assert server.asked == 3


def test_a_dry_run_says_what_it_would_cost_and_asks_nothing(loopback: Any, many: Path) -> None:
    teacher = Teacher()
    out, _ = _stage(many, loopback(teacher), "--dry-run").communicate()
    assert "60 films, 0 of them answered already; 60 requests to make" in out
    assert re.search(r"about 0\.\d\d at 1 and 2 a million; max_cost 1000", out)
    assert not teacher.asked
    assert not (many / "pairs.parquet").exists()


def test_a_dry_run_without_a_language_model_says_so(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    p = GenerateQa.model_validate({"provider": "records", "folder": "none", "per_film": 6, "seed": 42, "api": None})
    run(p, movies=folder / "movies.parquet", passages=folder / "passages.parquet", dry_run=True)
    assert "nothing is paid" in capsys.readouterr().out


def test_a_model_that_is_no_more_is_said_before_anything_is_read(tmp_path: Path) -> None:
    api = API | {"model": "gpt-3.5-turbo-instruct", "endpoint": "openai", "style": "instruct"}
    p = GenerateQa.model_validate({"provider": "api", "folder": "none", "per_film": 2, "seed": 42, "api": api})
    with pytest.raises(ParamsError, match=r"gpt-3\.5-turbo-instruct was shut down on 2026-09-28"):
        run(p, movies=tmp_path / "none")
