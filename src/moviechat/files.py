"""Atomic files and folders, and their digests."""

from __future__ import annotations

import fcntl
import glob
import hashlib
import json
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any


def sha256(path: Path) -> str:
    """Hex digest of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def inventory(folder: Path) -> dict[str, dict[str, int | str]]:
    """Every file under `folder`, by sorted relative POSIX path, with `bytes` and `sha256`."""
    files = sorted((p.relative_to(folder).as_posix(), p) for p in folder.rglob("*") if p.is_file())
    return {name: {"bytes": path.stat().st_size, "sha256": sha256(path)} for name, path in files}


def write_text(text: str, path: Path) -> None:
    """Write `text` as UTF-8, atomically."""
    with replacing(path) as partial:
        partial.write_text(text, encoding="utf-8", newline="\n")


def write_json(path: Path, value: Any) -> None:
    """Write `value` as JSON with sorted keys: equal values give equal bytes."""
    path.write_text(json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")


def copy(source: Path, target: Path) -> None:
    """Copy a file or the files of a folder, without modes, because DVC's cache may be read-only."""
    for path in sorted(p for p in source.rglob("*") if p.is_file()) if source.is_dir() else [source]:
        to = target / path.relative_to(source)
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, to)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A name beside `path` to write to: it takes `path`'s place when the block ends well, else it is removed.

    Each writer has a name of its own; what killed ones left is removed.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    for left in path.parent.glob(f".{glob.escape(path.name)}.*.part"):
        if not _lives(left):
            left.unlink(missing_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.part")
    try:
        yield partial
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _lives(partial: Path) -> bool:
    """Whether the process that a partial file's name tells is there."""
    number = partial.name.rsplit(".", 2)[-2].partition("-")[0]
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return False
    except (PermissionError, ValueError, OverflowError):  # another person's, or no writer's name
        return True
    return True


@contextmanager
def whole(out: Path) -> Iterator[Path]:
    """A new folder to fill, which takes `out`'s place only if the block ends well.

    A folder has one writer at a time: the next waits for it, and then begins with an empty one.
    """
    partial = out.with_name(f".{out.name}.part")
    lock = _sole(partial)
    try:
        _empty(partial)
        yield partial
        _switch(partial, out)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
        os.close(lock)


def _sole(folder: Path) -> int:
    """Make `folder`, and lock it until the descriptor is closed or the process ends."""
    while True:
        folder.mkdir(parents=True, exist_ok=True)
        try:
            lock = os.open(folder, os.O_RDONLY)
        except FileNotFoundError:  # another writer removed it just now
            continue
        fcntl.flock(lock, fcntl.LOCK_EX)
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(lock), folder.stat()):
                return lock
        os.close(lock)  # the other writer has put it in its place: that one is no more ours


def _empty(folder: Path) -> None:
    """Remove what a killed writer left."""
    for left in folder.iterdir():
        shutil.rmtree(left) if left.is_dir() and not left.is_symlink() else left.unlink()


def _switch(new: Path, out: Path) -> None:
    """Put `new` in `out`'s place: who looks meets the old folder or the new, and for a moment none, but never half."""
    old = out.with_name(f".{out.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if out.is_symlink() or out.is_file():
        out.unlink()
    elif out.exists():
        out.rename(old)
    new.replace(out)
    shutil.rmtree(old, ignore_errors=True)
