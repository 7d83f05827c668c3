"""A folder held as it is now: its files under names of their own, which no rebuild takes away."""

from __future__ import annotations

import fcntl
import os
import shutil
import sys
import tempfile
import weakref
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from moviechat.errors import BundleError

_TRIES = 20  # to make the folder beside, which another process may be removing


class Hold:
    """Hard links to the files `names` of `source`, in a folder of this process beside it.

    They go when the hold is released, let go or the process ends; what a killed process left goes with the next hold.
    Where links cannot be made (another owner's files, a file system without them) `folder` is `source` itself, and
    `check` tells when that was replaced. Raises FileNotFoundError if a file is not there.
    """

    def __init__(self, source: Path, names: Iterable[str], mark: str) -> None:
        self.source, self.folder = source, source
        self._mark, self._seen = source / mark, _identity(source / mark)
        try:
            made, lock = _own_folder(source)
        except OSError:
            return
        self._end = weakref.finalize(self, _drop, made, lock, os.getpid())
        if "multiprocessing.util" in sys.modules:  # the processes that it starts end without atexit
            from multiprocessing.util import Finalize

            Finalize(None, self._end, exitpriority=0)
        try:
            for name in names:
                _link(source / name, made / name)
        except FileNotFoundError:
            self._end()
            raise
        except OSError:
            self._end()
        else:
            self.folder = made

    def release(self) -> None:
        """Let the files go."""
        if self.folder != self.source:
            self._end()

    def check(self) -> None:
        """Raises BundleError if the folder itself is used and was replaced since."""
        if self.folder == self.source and _identity(self._mark) != self._seen:
            raise BundleError(f"{self.source} was replaced while it was in use: begin a new conversation")


def _identity(path: Path) -> Any:
    try:
        about = path.stat()
    except FileNotFoundError:
        return None
    return about.st_ino, about.st_mtime_ns, about.st_size


def _link(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    os.link(source.resolve(strict=True), target)  # of DVC's links into its cache, the file


def _own_folder(source: Path) -> tuple[Path, int]:
    """A new folder beside `source`, and a descriptor whose lock tells that its process lives."""
    beside = source.resolve().parent / f".{source.resolve().name}.held"
    for _ in range(_TRIES):
        with suppress(FileNotFoundError):  # its last user removed it just now
            beside.mkdir(exist_ok=True)
            with _locked(beside):
                _sweep(beside)
                made = Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=beside))
                return made, _lock(made)
    raise FileNotFoundError(beside)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


def _lock(folder: Path) -> int:
    held = os.open(folder, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return held


def _sweep(beside: Path) -> None:
    """Remove the folders of processes that were killed."""
    for left in beside.iterdir():
        with suppress(OSError):  # in use
            held = _lock(left)
            shutil.rmtree(left, ignore_errors=True)
            os.close(held)


def _drop(made: Path, lock: int, owner: int) -> None:
    if os.getpid() == owner:  # not in a fork of it
        shutil.rmtree(made, ignore_errors=True)
        os.close(lock)
        with suppress(OSError):  # others hold theirs
            made.parent.rmdir()
