"""Verify DVC's cache before it is used: DVC trusts any read-only file in it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import yaml

_DIR = ".dir"


def mend(lock: Path, files: Path, known: Path) -> list[str]:
    """Delete every damaged object in `files` (.dvc/cache/files/md5) that `lock` needs; returns the affected outputs.

    An object is named by the MD5 of its bytes. `known` remembers size, time and inode of verified objects, so that each
    is read once, and again only after something wrote to it.
    """
    seen: dict[str, list[int]] = {}
    with suppress(FileNotFoundError, ValueError):
        seen = json.loads(known.read_text(encoding="utf-8"))
    sound: dict[str, list[int]] = {}
    damaged = [path for path, oid in _outs(lock) if not _whole(files, oid, seen, sound)]
    known.parent.mkdir(parents=True, exist_ok=True)
    known.write_text(json.dumps(sound), encoding="utf-8")
    return damaged


def _outs(lock: Path) -> Iterator[tuple[str, str]]:
    """Path and object of every output."""
    if not lock.exists():
        return
    tree: dict[str, Any] = yaml.safe_load(lock.read_text(encoding="utf-8")) or {}
    for stage in tree.get("stages", {}).values():
        yield from ((out["path"], out["md5"]) for out in stage.get("outs", ()) if "md5" in out)


def _whole(files: Path, oid: str, seen: dict[str, list[int]], sound: dict[str, list[int]]) -> bool:
    """Whether the object, and everything it lists, is intact or missing."""
    path = files / oid[:2] / oid[2:]
    if not path.exists():
        return True
    found = path.stat()
    stamp = [found.st_size, found.st_mtime_ns, found.st_ino]
    if seen.get(oid) != stamp and _md5(path) != oid.removesuffix(_DIR):
        path.unlink()
        return False
    sound[oid] = stamp
    parts = json.loads(path.read_text(encoding="utf-8")) if oid.endswith(_DIR) else []
    whole = [_whole(files, part["md5"], seen, sound) for part in parts]  # every part is checked
    return all(whole)


def _md5(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "md5").hexdigest()
