from pathlib import Path

import pytest

from moviechat.errors import DataError
from moviechat.serve import lines


def test_rows_are_read_as_they_were_written(tmp_path: Path) -> None:
    rows = [{"query": "기생충"}, {"query": "a\nb"}, {}]
    lines.write(tmp_path / "new" / "rows.jsonl", rows)
    assert [line.value for line in lines.read(tmp_path / "new" / "rows.jsonl")] == rows


def test_an_input_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"none\.jsonl is missing"):
        lines.read(tmp_path / "none.jsonl")


def test_what_was_there_stays_until_all_is_written(tmp_path: Path) -> None:
    target = tmp_path / "rows.jsonl"
    lines.write(target, [{"old": 1}])
    with pytest.raises(ZeroDivisionError):
        lines.write(target, ({"new": 1 // n} for n in (1, 0)))
    assert [line.value for line in lines.read(target)] == [{"old": 1}]
