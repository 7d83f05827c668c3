from __future__ import annotations

import json
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
