"""A folder held: links that outlive a rebuild, leave nothing behind, and are not needed where they cannot be made."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from moviechat.addresses import scrubbed
from moviechat.errors import BundleError
from moviechat.holding import Hold


@pytest.fixture
def source(tmp_path: Path) -> Path:
    (tmp_path / "it" / "deep").mkdir(parents=True)
    (tmp_path / "it" / "mark").write_text("1")
    (tmp_path / "it" / "deep" / "file").write_text("old")
    return tmp_path / "it"


NAMES = ["mark", "deep/file"]


def test_the_files_stay_until_they_are_let_go(source: Path) -> None:
    held = Hold(source, NAMES, "mark")
    (source / "deep" / "file").unlink()
    assert (held.folder / "deep" / "file").read_text() == "old"
    assert scrubbed(f"{held.folder}/deep/file is bad") == f"{source}/deep/file is bad"
    held.check()
    held.release()
    assert sorted(p.name for p in source.parent.iterdir()) == ["it"]


def test_two_hold_beside_each_other(source: Path) -> None:
    one, two = Hold(source, NAMES, "mark"), Hold(source, NAMES, "mark")
    one.release()
    assert (two.folder / "mark").read_text() == "1"
    del two
    assert sorted(p.name for p in source.parent.iterdir()) == ["it"]


def test_a_link_into_a_cache_is_held_as_the_file(source: Path, tmp_path: Path) -> None:
    (tmp_path / "cached").write_text("far")
    (source / "deep" / "file").unlink()
    (source / "deep" / "file").symlink_to(tmp_path / "cached")
    held = Hold(source, NAMES, "mark")
    (tmp_path / "cached").unlink()
    assert (held.folder / "deep" / "file").read_text() == "far"


def test_a_file_that_is_not_there(source: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Hold(source, ["mark", "none"], "mark")
    assert sorted(p.name for p in source.parent.iterdir()) == ["it"]


def test_what_a_killed_process_left_goes_with_the_next(source: Path) -> None:
    code = (
        "import os, sys\nfrom pathlib import Path\nfrom moviechat.holding import Hold\n"
        f"held = Hold(Path({str(source)!r}), {NAMES!r}, 'mark')\nprint(held.folder, flush=True)\nsys.stdin.read()\n"
    )
    child = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert child.stdin and child.stdout
    left = Path(child.stdout.readline().strip())
    mine = Hold(source, NAMES, "mark")
    assert left.is_dir(), "its process lives"
    mine.release()
    child.send_signal(signal.SIGKILL)
    child.wait()
    mine = Hold(source, NAMES, "mark")
    assert not left.exists() and (mine.folder / "mark").read_text() == "1"
    child.stdin.close()
    child.stdout.close()


_WORKER = """
import multiprocessing, sys
from pathlib import Path
from moviechat.holding import Hold
def work(source, names):
    global held
    held = Hold(Path(source), names, "mark")
    print(held.folder, flush=True)
if __name__ == "__main__":
    worker = multiprocessing.get_context("spawn").Process(target=work, args=(sys.argv[1], sys.argv[2:]))
    worker.start()
    worker.join()
"""


def test_a_worker_lets_go_when_it_ends(source: Path, tmp_path: Path) -> None:
    """A process that multiprocessing started ends without atexit, as a server's workers do."""
    (tmp_path / "script.py").write_text(_WORKER)
    command = [sys.executable, str(tmp_path / "script.py"), str(source), *NAMES]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert ".it.held/" in done.stdout and not (tmp_path / ".it.held").exists()


def test_where_no_link_can_be_made_a_replaced_folder_is_told(source: Path) -> None:
    beside = source.parent / ".it.held"
    beside.write_text("no folder can be made here")
    held = Hold(source, NAMES, "mark")
    assert held.folder == source
    held.check()
    (source / "mark").write_text("23")
    os.utime(source / "mark", ns=(1, 1))
    with pytest.raises(BundleError, match="was replaced while it was in use"):
        held.check()
