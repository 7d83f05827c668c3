from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from moviechat.bundle import open_bundle
from moviechat.errors import BundleError
from moviechat.stages import bundle


@pytest.fixture
def folder(bundle_inputs: dict[str, Path], bundle_params: Any, tmp_path: Path) -> Path:
    bundle.run(bundle_params, **bundle_inputs, out=tmp_path / "bundle")
    return tmp_path / "bundle"


def _change(folder: Path, **changes: Any) -> None:
    said = json.loads((folder / "bundle.json").read_text(encoding="utf-8"))
    (folder / "bundle.json").write_text(json.dumps(said | changes), encoding="utf-8")


def test_its_parameters_are_read(folder: Path) -> None:
    info = open_bundle(folder)
    assert (info.context, info.max_new_tokens, info.threads, info.quantize) == (512, 32, 1, False)
    _change(folder, parameters={"context": 256, "max_new_tokens": 8, "threads": None, "quantize": "8bit"})
    info = open_bundle(folder)
    assert (info.context, info.max_new_tokens, info.threads, info.quantize) == (256, 8, None, True)


def test_no_bundle(tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(BundleError, match=r"no bundle in .*: run `make demo` or `dvc repro`"):
            open_bundle(place)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"format": 2}', '{"format": 1}', '{"format": 1, "files": 3}'])
def test_a_manifest_that_is_none(folder: Path, text: str) -> None:
    (folder / "bundle.json").write_text(text)
    with pytest.raises(BundleError, match=r"bundle.json .*: run `make demo` or `dvc repro`"):
        open_bundle(folder)


def test_another_format(folder: Path) -> None:
    _change(folder, format=2)
    with pytest.raises(BundleError, match="is of format 2, this moviechat reads 1"):
        open_bundle(folder)


@pytest.mark.parametrize("prompt", [{"version": 0}, {"template": "Q: {question}"}])
def test_another_prompt(folder: Path, prompt: dict[str, Any]) -> None:
    said = json.loads((folder / "bundle.json").read_text(encoding="utf-8"))
    _change(folder, prompt=said["prompt"] | prompt)
    with pytest.raises(BundleError, match="was made for another prompt"):
        open_bundle(folder)


@pytest.mark.parametrize("name", ["movies.parquet", "index/index.json", "model/adapter.gguf"])
def test_a_missing_file(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(BundleError, match=f"{name} is missing"):
        open_bundle(folder)


def test_a_file_of_another_size(folder: Path) -> None:
    size = (folder / "movies.parquet").stat().st_size
    (folder / "movies.parquet").write_bytes(b"x")
    with pytest.raises(BundleError, match=f"movies.parquet has 1 bytes instead of {size}"):
        open_bundle(folder)


def test_a_changed_byte_is_seen_by_verify(folder: Path) -> None:
    content = (folder / "movies.parquet").read_bytes()
    (folder / "movies.parquet").write_bytes(content[:-1] + b"?")
    open_bundle(folder)
    with pytest.raises(BundleError, match=r"movies.parquet is not the file that was bundled"):
        open_bundle(folder, verify=True)


@pytest.mark.parametrize("name", ["../outside", "/etc/hostname"])
def test_a_manifest_that_points_outside(folder: Path, name: str) -> None:
    _change(folder, files={name: {"bytes": 0, "sha256": ""}})
    with pytest.raises(BundleError, match="outside the bundle"):
        open_bundle(folder)
