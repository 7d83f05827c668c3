"""Index folders that are not whole are refused."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from moviechat.errors import BundleError
from moviechat.retrieval import folder
from moviechat.retrieval.index import Index
from moviechat.schema import Movie


@pytest.fixture
def copied(built: Path, tmp_path: Path) -> Path:
    return shutil.copytree(built, tmp_path / "index")


def _said(path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    manifest = path / folder.MANIFEST
    said = json.loads(manifest.read_text(encoding="utf-8"))
    change(said)
    manifest.write_text(json.dumps(said), encoding="utf-8")


@pytest.mark.parametrize(
    "change",
    [
        lambda said: said.update(format=0),
        lambda said: said.pop("files"),
        lambda said: said.update(files={"a": 1}),
        lambda said: said["files"].update({"../a": {"bytes": 1, "sha256": ""}}),
        lambda said: said["files"].update({"missing.npy": {"bytes": 1, "sha256": ""}}),
    ],
)
def test_a_wrong_manifest_is_refused(copied: Path, change: Callable[[dict[str, Any]], None]) -> None:
    _said(copied, change)
    with pytest.raises(BundleError, match="dvc repro build_index"):
        folder.read(copied)


@pytest.mark.parametrize("text", ["", "[]", "{", "null", '"x"'])
def test_a_manifest_that_is_none_is_refused(copied: Path, text: str) -> None:
    (copied / folder.MANIFEST).write_text(text, encoding="utf-8")
    with pytest.raises(BundleError, match="dvc repro build_index"):
        folder.read(copied)


def test_a_file_of_another_size_is_refused_at_once(copied: Path, movies: list[Movie]) -> None:
    (copied / "columns" / "year.npy").write_bytes(b"")
    with pytest.raises(BundleError, match=r"year\.npy is not the file"):
        Index(copied, movies)


def test_a_flipped_byte_is_refused_when_its_part_is_used(copied: Path, movies: list[Movie]) -> None:
    file = copied / "titles" / "letters.npy"
    file.write_bytes(file.read_bytes()[:-1] + b"\xff")
    index = Index(copied, movies)
    assert index.people is not None
    with pytest.raises(BundleError, match=r"letters\.npy is damaged"):
        _ = index.titles


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="no index in"):
        folder.read(tmp_path / "nowhere")
