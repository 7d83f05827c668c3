from __future__ import annotations

import json
import os
import shutil
import time
from pathlib import Path
from typing import Any

import pytest

from moviechat import files, params
from moviechat.bundle import open_bundle
from moviechat.doctor import built
from moviechat.params import Params

ROOT = Path(__file__).parents[2]


@pytest.fixture
def p() -> Params:
    return params.load(ROOT / "params.yaml")


@pytest.fixture
def folder(whole_bundle: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole_bundle, tmp_path / "bundle"))


def test_parameters(tmp_path: Path) -> None:
    found, check = built.parameters(ROOT / "params.yaml")
    assert found is not None and check.state == "ok"
    for text in (None, "train: [", "train: {}"):
        if text is not None:
            (tmp_path / "params.yaml").write_text(text)
        found, check = built.parameters(tmp_path / "params.yaml")
        assert found is None and check.state == "missing" and "cp profiles/sample.yaml" in str(check.mend)


def test_the_tables_and_texts(p: Params, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    for check in (built.tables(p), built.texts(p)):
        assert check and check.state == "ok"
    monkeypatch.chdir(tmp_path)
    tables, texts = built.tables(p), built.texts(p)
    assert tables and tables.state == "missing" and "title.basics.tsv.gz and title.ratings.tsv.gz" in tables.said
    assert texts and texts.state == "missing" and "describe.wikipedia" in str(texts.mend)
    full = params.load(ROOT / "profiles" / "imdb.yaml")
    assert [check.state for check in (built.tables(full), built.texts(full)) if check] == ["ok", "ok"]
    assert built.tables(None) is built.texts(None) is None


def test_the_base_models(tmp_path: Path) -> None:
    assert built.models(tmp_path).mend == "dvc repro fetch_models"
    (tmp_path / "encoder").mkdir()
    (tmp_path / "encoder" / "weights").write_bytes(b"w" * (2 << 20))
    about = {"encoder": {"name": "tiny", "files": files.inventory(tmp_path / "encoder")}}
    files.write_json(tmp_path / "models.json", about)
    before = sorted(tmp_path.rglob("*"))
    assert built.models(tmp_path).said == "encoder tiny"
    assert sorted(tmp_path.rglob("*")) == before, "the folder is DVC's: nothing is left in it"
    (tmp_path / "encoder" / "weights").write_bytes(b"v" * (2 << 20))
    damaged = built.models(tmp_path)
    assert damaged.state == "missing" and "weights" in damaged.said and "--force" in str(damaged.mend)
    for text in ("[", "[1]", '{"encoder": 1}', "[" * 100_000):
        (tmp_path / "models.json").write_text(text)
        assert built.models(tmp_path).state == "missing"


def test_the_bundle_is_compared_whole(folder: Path) -> None:
    info, check = built.bundle(folder)
    assert info and check.state == "ok" and "files as they were bundled" in check.said
    large = folder / "model" / "base.gguf"
    content, about = bytearray(large.read_bytes()), large.stat()
    content[-1] ^= 1
    with large.open("r+b") as file:
        file.write(content)
    os.utime(large, ns=(about.st_atime_ns, about.st_mtime_ns))
    info, check = built.bundle(folder)
    assert info is None and (check.state, check.needed, check.mend) == ("missing", True, "make demo")
    assert "base.gguf is not the file that was bundled" in check.said


def test_no_bundle(tmp_path: Path) -> None:
    info, check = built.bundle(tmp_path / "none")
    assert info is None and check.needed and check.said.startswith(f"no bundle in {tmp_path / 'none'}")


def test_whether_the_bundle_is_current(folder: Path, p: Params, bundle_params: Any, chat_params: Any) -> None:
    info = open_bundle(folder)
    own = p.model_copy(update={"bundle": bundle_params, "chat": chat_params})
    assert built.current(info, own).said.startswith("made today by moviechat ")
    assert built.current(info, own).state == built.current(info, None).state == "ok"
    old = built.current(info, own, now=time.time() + 10 * 86_400)
    assert "made 10 days ago" in old.said
    moved = own.model_copy(update={"bundle": bundle_params.model_copy(update={"max_new_tokens": 31})})
    other = built.current(info, moved)
    assert (other.state, other.needed, other.mend) == ("missing", False, "dvc repro")
    assert other.said.endswith("since then bundle.max_new_tokens is another")
    said = json.loads((folder / "bundle.json").read_text(encoding="utf-8"))
    said["versions"]["moviechat"] = "0.0.1"
    (folder / "bundle.json").write_text(json.dumps(said), encoding="utf-8")
    assert "by moviechat 0.0.1; since then moviechat is" in built.current(open_bundle(folder), own).said


def test_dvcs_record(tmp_path: Path) -> None:
    assert built.lock(tmp_path / "dvc.lock") is None
    (tmp_path / "dvc.lock").touch()
    empty = built.lock(tmp_path / "dvc.lock")
    assert empty and empty.state == "missing" and str(empty.mend).startswith("git checkout -- ")
    (tmp_path / "dvc.lock").write_text("schema: '2.0'\n")
    whole = built.lock(tmp_path / "dvc.lock")
    assert whole and whole.state == "ok"
