"""The index folder: self-contained, described by index.json, refused if it is damaged or of another build."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from moviechat import files
from moviechat.errors import BundleError, MoviechatError
from moviechat.schema import Movie

FORMAT = 4
MANIFEST = "index.json"
REMEDY = "build it again with `dvc repro build_index` (and `dvc repro bundle`)"


def describe(folder: Path, **said: Any) -> None:
    """Write index.json: the format, what is `said`, and every file under `folder` with its size and sha256."""
    files.write_json(folder / MANIFEST, {"format": FORMAT, **said, "files": files.inventory(folder)})


def read(folder: Path) -> dict[str, Any]:
    """The content of index.json; raises BundleError if it is missing, of another format, or a file is incomplete."""
    path = folder / MANIFEST
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BundleError(f"no index in {folder}: {REMEDY}") from None
    except (OSError, ValueError, RecursionError) as error:
        raise BundleError(f"{path} cannot be read ({error}): {REMEDY}") from None
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        raise BundleError(f"{path} is not of format {FORMAT}, which this version of moviechat reads: {REMEDY}")
    for name, about in _listed(said, path).items():
        file = folder / name
        if not file.is_file() or file.stat().st_size != about["bytes"]:
            raise BundleError(f"{file} is not the file listed in {path}: {REMEDY}")
    return said


def check(folder: Path, part: str, said: dict[str, Any]) -> None:
    """Compare the files under `part` with index.json by sha256; raises BundleError for the first that differs."""
    for name, about in said["files"].items():
        if name.startswith(f"{part}/") and files.sha256(folder / name) != about["sha256"]:
            raise BundleError(f"{folder / name} is damaged (its sha256 differs from {MANIFEST}): {REMEDY}")


@contextmanager
def telling(path: Path) -> Iterator[None]:
    """Tells of whatever a library raises over the files in `path` in one sentence; raises BundleError."""
    try:
        yield
    except MoviechatError:
        raise
    except Exception as error:  # numpy's, bm25s', FAISS' and our own, over a garbled file
        reason = " ".join(str(error).split())[:300] or type(error).__name__
        raise BundleError(f"{path} cannot be read ({reason}): {REMEDY}") from None


def digest(movies: Sequence[Movie]) -> str:
    """Identifies a catalogue: the sha256 of its tconsts, in order."""
    return hashlib.sha256("\n".join(movie.tconst for movie in movies).encode()).hexdigest()


def _listed(said: dict[str, Any], path: Path) -> dict[str, dict[str, Any]]:
    listed = said.get("files")
    whole = isinstance(listed, dict) and all(
        isinstance(v, dict) and {"bytes", "sha256"} <= set(v) for v in listed.values()
    )
    if not whole or any(".." in Path(name).parts or Path(name).is_absolute() for name in listed or ()):
        raise BundleError(f"{path} lists no files, or files outside its folder: {REMEDY}")
    return dict(listed)  # type: ignore[arg-type]
