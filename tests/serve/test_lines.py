from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from moviechat.errors import DataError
from moviechat.serve import lines


def test_rows_are_read_as_they_were_written(tmp_path: Path) -> None:
    rows = [{"query": "기생충"}, {"query": "a\nb"}, {}]
    lines.write(tmp_path / "new" / "rows.jsonl", rows)
    assert [line.value for line in lines.read(tmp_path / "new" / "rows.jsonl")] == rows


def test_an_input_that_is_not_there(tmp_path: Path) -> None:
    for place in (tmp_path / "none.jsonl", tmp_path):
        with pytest.raises(DataError, match=rf"{place} is missing"):
            lines.read(place)


def test_what_was_there_stays_until_all_is_written(tmp_path: Path) -> None:
    target = tmp_path / "rows.jsonl"
    lines.write(target, [{"old": 1}])
    with pytest.raises(ZeroDivisionError):
        lines.write(target, ({"new": 1 // n} for n in (1, 0)))
    assert [line.value for line in lines.read(target)] == [{"old": 1}]


def test_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    target, link = tmp_path / "deep" / "rows.jsonl", tmp_path / "link.jsonl"
    link.symlink_to(Path("deep") / "rows.jsonl")
    for n in (1, 2):  # the first makes the file that the link names
        lines.write(link, [{"n": n}])
        assert link.is_symlink() and target.read_text() == f'{{"n": {n}}}\n'
    assert [p.name for p in (tmp_path / "deep").iterdir()] == ["rows.jsonl"]


def test_a_link_to_itself_is_told(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(DataError, match="leads nowhere"):
        lines.write(tmp_path / "loop", [{}])


def test_a_pipe_keeps_its_reader(tmp_path: Path) -> None:
    pipe, read = tmp_path / "pipe", list[str]()
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()
    lines.write(pipe, [{"n": 1}, {"n": 2}])
    reader.join(60)
    assert read == ['{"n": 1}\n{"n": 2}\n'] and stat.S_ISFIFO(pipe.stat().st_mode)
    writer = threading.Thread(target=lambda: pipe.write_text('{"n": 3}\n'))
    writer.start()
    assert [line.value for line in lines.read(pipe)] == [{"n": 3}]
    writer.join(60)


def test_a_device_stays_one() -> None:
    before = Path("/dev/null").stat()
    lines.write(Path("/dev/null"), [{"n": 1}])
    after = Path("/dev/null").stat()
    assert stat.S_ISCHR(after.st_mode) and (after.st_ino, after.st_rdev) == (before.st_ino, before.st_rdev)


_COPY = "import sys; from pathlib import Path; from moviechat.serve import lines; " + (
    "print('first', flush=True); lines.write(Path(sys.argv[2]), [x.value for x in lines.read(Path(sys.argv[1]))])"
)


@pytest.mark.parametrize("source", ["-", "/dev/stdin"])
@pytest.mark.parametrize("target", ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"])
def test_standard_input_and_output(tmp_path: Path, source: str, target: str) -> None:
    command, kept = [sys.executable, "-c", _COPY, source, target], tmp_path / "kept"
    done = subprocess.run(command, input='{"n": 1}\n', capture_output=True, text=True, check=True)
    assert done.stdout == 'first\n{"n": 1}\n'
    kept.write_text("before\n")
    with kept.open("a") as file:  # as a shell's >> opens it
        subprocess.run(command, input='{"n": 1}\n', stdout=file, text=True, check=True)
    assert kept.read_text() == 'before\nfirst\n{"n": 1}\n'


def test_a_bad_line_of_standard_input_is_named() -> None:
    command = [sys.executable, "-c", _COPY, "-", "-"]
    done = subprocess.run(command, input="{}\n[", capture_output=True, text=True)
    assert "standard input:2: not JSON" in done.stderr
