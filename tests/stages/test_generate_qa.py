import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from moviechat import prompts
from moviechat.errors import DataError
from moviechat.frames import columns, frame, write_parquet
from moviechat.params import GenerateQa
from moviechat.schema import NOT_SAID, Movie, Passage, QAPair
from moviechat.stages.generate_qa import Entry, run

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
    out = {name: folder / f"{name}.parquet" for name in ("movies", "passages")}
    run(p, **out, pairs=folder / "out/pairs.parquet", ledger=folder / "out/ledger.parquet")
    pairs_table, ledger = (pl.read_parquet(folder / f"out/{name}.parquet") for name in ("pairs", "ledger"))
    assert (pairs_table.schema, ledger.schema) == (columns(QAPair), columns(Entry))
    accepted = [QAPair.from_row(row) for row in pairs_table.iter_rows(named=True)]
    return accepted, [Entry(**row) for row in ledger.iter_rows(named=True)]


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
        ("tt2", "unsupported: Brussels"),
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
    assert not (folder / "out").exists()
