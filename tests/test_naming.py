from __future__ import annotations

from pathlib import Path

import pytest

from moviechat import naming, params

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("profile", ["sample", "local", "imdb", "published"])
def test_a_profile_as_it_ships_has_its_own_name(profile: str) -> None:
    asked = params.load(ROOT / "profiles" / f"{profile}.yaml").model_dump()
    assert naming.name(asked, ROOT / "profiles") == profile


def test_changes_are_named_and_many_are_counted() -> None:
    asked = params.load(ROOT / "profiles/sample.yaml").model_dump()
    asked["train"] |= {"rank": 8, "learning_rate": 2e-5}
    assert naming.name(asked, ROOT / "profiles") == "sample: train.rank=8, train.learning_rate=2e-05"
    asked["split"]["seed"] = 7
    asked["chat"]["moods"]["funny"]["words"] = ["funny"]
    assert naming.name(asked, ROOT / "profiles") == "sample: 4 changes"


def test_files_that_are_no_profiles_name_nothing(tmp_path: Path) -> None:
    assert naming.name({"train": {"rank": 8}}, tmp_path) == "pipeline"
    (tmp_path / "notes.yaml").write_text("train: [", encoding="utf-8")
    (tmp_path / "list.yaml").write_text("- 1", encoding="utf-8")
    assert naming.name({"train": {"rank": 8}}, tmp_path) == "pipeline"
    (tmp_path / "small.yaml").write_text("train:\n  rank: 8\n  seed: 1\n", encoding="utf-8")
    assert naming.name({"train": {"rank": 8}}, tmp_path) == "small: train.seed=None"


def test_trees_become_dotted_names() -> None:
    assert naming.flat({"a": {"b": 1, "c": {"d": [2]}}, "e": None}) == {"a.b": 1, "a.c.d": [2], "e": None}
