"""Every shipped profile parses whole, and the default is the sample."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from moviechat import params

ROOT = Path(__file__).parents[2]
PROFILES = sorted((ROOT / "profiles").glob("*.yaml"))


def test_the_four_profiles_ship() -> None:
    assert {p.stem for p in PROFILES} == {"sample", "local", "imdb", "published"}


@pytest.mark.parametrize("path", PROFILES, ids=lambda p: p.stem)
def test_a_profile_parses_and_stands_in_block_style(path: Path) -> None:
    params.load(path)
    text = path.read_text(encoding="utf-8")
    # DVC edits params.yaml in place and keeps block style only.
    assert not any(line.rstrip().endswith(("]", "}")) for line in text.splitlines() if not line.startswith("#"))


def test_a_profile_depends_on_folders_that_ship() -> None:
    for path in PROFILES:
        p = params.load(path)
        for folder in (p.download.folder, p.describe.folder, p.generate_qa.folder):
            assert (ROOT / folder).is_dir(), (path.name, folder)


def test_the_default_is_the_sample() -> None:
    values = [
        yaml.safe_load((ROOT / name).read_text(encoding="utf-8")) for name in ("params.yaml", "profiles/sample.yaml")
    ]
    assert values[0] == values[1]
