from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from moviechat import files


def test_inventory_names_every_file_once_with_its_size_and_hash(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "two").write_bytes(b"")
    (tmp_path / "a").write_bytes(b"abc")
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert files.inventory(tmp_path) == {"a": {"bytes": 3, "sha256": abc}, "b/two": {"bytes": 0, "sha256": empty}}


def test_equal_values_make_equal_json(tmp_path: Path) -> None:
    files.write_json(tmp_path / "1", {"b": 1, "a": "é"})
    files.write_json(tmp_path / "2", {"a": "é", "b": 1})
    assert (tmp_path / "1").read_bytes() == (tmp_path / "2").read_bytes()
    assert json.loads((tmp_path / "1").read_text(encoding="utf-8")) == {"a": "é", "b": 1}


def test_a_copy_of_a_read_only_folder_can_be_written(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "file").write_text("x")
    (source / "file").chmod(0o444)
    files.copy(source, tmp_path / "target")
    assert (tmp_path / "target" / "file").stat().st_mode & 0o200
    files.copy(source / "file", tmp_path / "deep" / "er" / "file")
    assert (tmp_path / "deep" / "er" / "file").read_text() == "x"


def test_a_whole_folder_replaces_the_old_one(tmp_path: Path) -> None:
    out = tmp_path / "models" / "out"
    for name in ("old", "new"):
        with files.whole(out) as partial:
            (partial / name).touch()
            assert not (out / name).exists()
    assert [p.name for p in out.iterdir()] == ["new"]
    assert [p.name for p in out.parent.iterdir()] == ["out"]


def test_a_folder_that_fails_leaves_the_old_one(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with files.whole(out) as partial:
        (partial / "old").touch()
    with pytest.raises(RuntimeError), files.whole(out) as partial:
        (partial / "new").touch()
        raise RuntimeError
    assert [p.name for p in out.iterdir()] == ["old"]
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_a_file_takes_its_place_only_when_it_is_whole(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "file"
    files.write_text("old", target)
    with pytest.raises(KeyboardInterrupt), files.replacing(target) as partial:
        partial.write_text("ne")
        raise KeyboardInterrupt
    assert target.read_text() == "old"
    files.write_text("new\n", target)
    assert target.read_bytes() == b"new\n"
    assert list(target.parent.iterdir()) == [target]


def test_two_writers_of_one_folder_take_turns(tmp_path: Path) -> None:
    """The second begins when the first has ended, with an empty folder."""
    out, order = tmp_path / "out", list[str]()

    def write(name: str, begun: threading.Event, go: threading.Event) -> None:
        with files.whole(out) as partial:
            assert list(partial.iterdir()) == []
            order.append(name)
            (partial / name).touch()
            begun.set()
            go.wait(60)

    begun, go = threading.Event(), threading.Event()
    first = threading.Thread(target=write, args=("first", begun, go))
    first.start()
    assert begun.wait(60)
    second = threading.Thread(target=write, args=("second", threading.Event(), go))
    second.start()
    second.join(0.2)
    assert order == ["first"]
    go.set()
    first.join()
    second.join()
    assert order == ["first", "second"] and [p.name for p in out.iterdir()] == ["second"]
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


_WRITER = """
import sys, time
from pathlib import Path
from moviechat import files
with files.whole(Path(sys.argv[1])) as partial:
    (partial / "half").touch()
    print("begun", flush=True)
    sys.stdin.read()
"""


def test_what_a_killed_writer_left_is_no_part_of_the_next(tmp_path: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(tmp_path / "out")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdin and child.stdout and child.stdout.readline() == "begun\n"
    child.kill()
    child.wait()
    child.stdin.close()
    child.stdout.close()
    assert (tmp_path / ".out.part" / "half").exists()
    with files.whole(tmp_path / "out") as partial:
        (partial / "whole").touch()
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["whole"]
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_a_link_gives_way_to_a_folder_and_its_target_stays(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "far" / "kept").touch()
    (tmp_path / "out").symlink_to(tmp_path / "far")
    with files.whole(tmp_path / "out") as partial:
        (partial / "new").touch()
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["new"] and (tmp_path / "far" / "kept").exists()


def test_two_writers_of_one_file_have_names_of_their_own(tmp_path: Path) -> None:
    target, names = tmp_path / "file", set[str]()
    with files.replacing(target) as one:
        names.add(one.name)
        one.write_text("one")

        def other() -> None:
            files.write_text("other", target)

        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
        assert target.read_text() == "other" and one.read_text() == "one"
    assert target.read_text() == "one" and [p.name for p in tmp_path.iterdir()] == ["file"]


def test_the_half_file_of_a_process_that_is_gone_is_removed(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True)
    (tmp_path / f".file.{done.stdout.strip()}-1.part").touch()
    (tmp_path / f".file.{os.getppid()}-1.part").touch()
    (tmp_path / ".file.mine.part").touch()
    files.write_text("x", tmp_path / "file")
    kept = {".file.mine.part", f".file.{os.getppid()}-1.part", "file"}
    assert {p.name for p in tmp_path.iterdir()} == kept
