import json
import os
from pathlib import Path
from typing import Any

import pytest

from flows import cache


def _mend(repository: Any, tmp_path: Path) -> list[str]:
    root = repository.root
    return cache.mend(root / "dvc.lock", root / ".dvc/cache/files/md5", tmp_path / "sound.json")


@pytest.mark.parametrize("folder", [False, True])
def test_a_damaged_object_is_thrown_away_and_its_output_named(repository: Any, tmp_path: Path, folder: bool) -> None:
    assert _mend(repository, tmp_path) == []
    repository.run("dvc", "repro")
    assert _mend(repository, tmp_path) == []
    train = (repository.root / "models/train/out.json").read_bytes()
    objects = [f for f in (repository.root / ".dvc/cache/files").rglob("*") if f.is_file()]
    (damaged,) = [f for f in objects if (b"metrics" in f.read_bytes() if folder else f.read_bytes() == train)]
    mode = damaged.stat().st_mode
    damaged.chmod(0o644)
    damaged.write_bytes(b"rotten")
    damaged.chmod(mode)
    assert _mend(repository, tmp_path) == ["data/evaluate" if folder else "models/train"]
    assert not damaged.exists() and sum(f.exists() for f in objects) == len(objects) - 1
    assert _mend(repository, tmp_path) == []


def test_what_nobody_wrote_to_is_not_read_again(repository: Any, tmp_path: Path) -> None:
    repository.run("dvc", "repro")
    _mend(repository, tmp_path)
    known = tmp_path / "sound.json"
    assert len(json.loads(known.read_text(encoding="utf-8"))) == 7  # three folders, four files
    oid = next(f for f in (repository.root / ".dvc/cache/files/md5").glob("*/*") if f.suffix != ".dir")
    before = oid.stat()
    oid.chmod(0o644)
    oid.write_bytes(b"x" * before.st_size)
    os.utime(oid, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert _mend(repository, tmp_path) == []
    known.unlink()
    assert len(_mend(repository, tmp_path)) == 1
