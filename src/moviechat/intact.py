"""Whether a folder's files are those that its manifest lists: small ones are read at every opening, large ones once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Any

from moviechat import files
from moviechat.errors import BundleError

SMALL = 1 << 20  # bytes of a file that is read at every opening
ALWAYS = frozenset(("movies.parquet", "facts.parquet"))  # answers are read from them: so are these, whatever their size
_DIGEST = 64  # hex digits of a sha256

Listed = dict[str, dict[str, Any]]  # relative POSIX path -> bytes, sha256


def listed(said: Any, manifest: Path, remedy: str) -> Listed:
    """The files that a manifest lists, checked to be names inside its folder; raises BundleError."""
    if not isinstance(said, dict) or not said:
        raise BundleError(f"{manifest} lists no files: {remedy}")
    for name, about in said.items():
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or "\0" in name or path.as_posix() != name:
            raise BundleError(f"{manifest} lists {name!r}, outside the bundle: {remedy}")
        if not isinstance(about, dict) or not _is_size(about.get("bytes")) or not is_digest(about.get("sha256")):
            raise BundleError(f"{manifest} lists {name!r} without its size and sha256: {remedy}")
    return said


def _is_size(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def is_digest(value: Any) -> bool:
    """Whether `value` is a sha256 in lower-case hex digits."""
    return isinstance(value, str) and len(value) == _DIGEST and set(value) <= set("0123456789abcdef")


def check(
    folder: Path,
    files_listed: Listed,
    remedy: str,
    *,
    shown: Path | None = None,
    every: bool = False,
    remember: bool = True,
) -> None:
    """Compare the files in `folder` with the list, all of them by hash if `every`; raises BundleError for the first.

    A large file that was found right is not read again while its size, time and inode stay the same: that is
    remembered beside the folder, if `remember`. `shown` is what people call the folder, and whose memory is asked.
    """
    shown = shown or folder
    known = _remembered(_memory(shown)) if remember else {}
    found: dict[str, list[Any]] = {}
    for name, about in files_listed.items():
        identity = _sized(folder / name, shown / name, about["bytes"], remedy)
        mark = [*identity, about["sha256"]]
        large = about["bytes"] > SMALL and name not in ALWAYS
        if (every or not large or known.get(name) != mark) and files.sha256(folder / name) != about["sha256"]:
            raise BundleError(f"{shown / name} is not the file that was bundled (its sha256 differs): {remedy}")
        if large:
            found[name] = mark
    if remember and found != known:
        _remember(found, _memory(shown))


def _sized(path: Path, shown: Path, size: int, remedy: str) -> list[int]:
    """Size, time of change (ns) and inode of a file that must have `size` bytes."""
    try:
        about = path.stat()
    except OSError:
        raise BundleError(f"{shown} is missing: {remedy}") from None
    if not path.is_file():
        raise BundleError(f"{shown} is missing: {remedy}")
    if about.st_size != size:
        raise BundleError(f"{shown} has {about.st_size} bytes instead of {size}: {remedy}")
    return [about.st_size, about.st_mtime_ns, about.st_ino]


def _memory(folder: Path) -> Path:
    return folder.parent / f".{folder.name}.verified.json"


def _remembered(path: Path) -> Mapping[str, Any]:
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _remember(found: Mapping[str, Any], path: Path) -> None:
    with suppress(OSError):  # a folder that cannot be written to: the files are read again next time
        files.write_text(json.dumps(found, sort_keys=True) + "\n", path)
