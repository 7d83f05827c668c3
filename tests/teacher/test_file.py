import json
from pathlib import Path
from typing import Any

import pytest

from moviechat.errors import DataError
from moviechat.teacher import Draft
from moviechat.teacher.file import FileTeacher

PAIR = {"tconst": "tt1", "kind": "about", "question": "What is It about?", "answer": "A bus."}


def _write(folder: Path, **changes: Any) -> Path:
    line = {k: v for k, v in (PAIR | changes).items() if v is not None}
    (folder / "pairs.jsonl").write_text(json.dumps(line), encoding="utf-8")
    return folder


def test_lines_are_drafts_with_their_raw_text(tmp_path: Path) -> None:
    _write(tmp_path, answer=" A bus. ", reasoning="It says so.")
    raw = (tmp_path / "pairs.jsonl").read_text()
    assert list(FileTeacher(tmp_path).write([])) == [
        Draft("tt1", "about", "What is It about?", "A bus.", raw, reasoning="It says so.")
    ]


@pytest.mark.parametrize("key", list(PAIR))
def test_a_missing_key_is_named(tmp_path: Path, key: str) -> None:
    with pytest.raises(DataError, match=rf'pairs\.jsonl:1: "{key}" is missing'):
        list(FileTeacher(_write(tmp_path, **{key: None})).write([]))


def test_an_unknown_kind_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"pairs\.jsonl:1: .*'plot': make it one of about, setting"):
        list(FileTeacher(_write(tmp_path, kind="plot")).write([]))


def test_a_folder_without_pairs_says_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"generate_qa\.folder .* or set generate_qa\.provider to records"):
        FileTeacher(tmp_path).write([])
