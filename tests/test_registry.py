"""The champion in a real MLflow registry: promoted whole, kept, brought back, loaded."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from moviechat import gate, registry, runs
from moviechat.errors import RegistryError
from moviechat.serve.cli import main

FLOORS = {"f1": 0.2}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A client of a database in a folder of its own: making MLflow's tables takes seconds."""
    with pytest.MonkeyPatch.context() as at:
        at.chdir(tmp_path_factory.mktemp("checkout"))
        at.delenv("MLFLOW_TRACKING_URI", raising=False)
        yield runs.connect()


@pytest.fixture
def client(store: Any) -> Iterator[Any]:
    yield store
    for model in store.search_registered_models():
        store.delete_registered_model(model.name)


def consider(client: Any, said: str, **figures: float) -> tuple[str, gate.Verdict]:
    """A run with these figures and a bundle that says `said`, put before the gate."""
    run = client.create_run(runs.experiment(client)).info.run_id
    for name, value in figures.items():
        client.log_metric(run, name, value)
    bundle = Path(f"bundle of {said}")
    (bundle / "model").mkdir(parents=True, exist_ok=True)
    (bundle / "bundle.json").write_text(json.dumps({"said": said}))
    (bundle / "model" / "base.gguf").write_text(said)
    return run, registry.consider(client, run, bundle, floors=FLOORS, guarded=["f1"])


def now() -> registry.Champion:
    found = registry.champion()
    assert found is not None
    return found


def test_nobody_is_champion_at_first(client: Any) -> None:
    assert registry.champion() is None
    with pytest.raises(RegistryError, match="there is no champion yet"):
        registry.fetch()
    with pytest.raises(RegistryError, match="there is no champion yet"):
        registry.rollback()


def test_who_passes_becomes_champion_with_the_reason_and_whom_it_replaced(client: Any) -> None:
    first, _ = consider(client, "first", f1=0.3)
    assert (now().run, now().reason, now().before) == (first, "all 1 floors hold, and there was no champion", None)
    second, _ = consider(client, "second", f1=0.4)
    assert (now().run, now().before) == (second, "1")
    assert "better: f1 0.300 -> 0.400" in now().reason


def test_who_fails_leaves_the_champion_and_says_why(client: Any) -> None:
    first, _ = consider(client, "first", f1=0.3)
    failed, verdict = consider(client, "worse", f1=0.25)
    assert not verdict.passed and now().run == first
    tags = client.get_run(failed).data.tags
    assert (tags["gate"], tags["gate.reason"]) == ("refused", "f1 fell from 0.300 to 0.250")
    assert {a.path for a in client.list_artifacts(failed)} == {"comparison.md"}
    assert client.get_run(first).data.tags["gate"] == "passed"


def test_the_same_bundle_measured_again_is_no_new_version(client: Any) -> None:
    consider(client, "first", f1=0.3)
    _, again = consider(client, "first", f1=0.3)
    assert again.passed and now().version == 1 and now().before is None


def test_the_champions_bundle_is_brought_whole_and_once(client: Any, tmp_path: Path) -> None:
    consider(client, "first", f1=0.3)
    folder = registry.fetch(tmp_path)
    assert (folder / "model" / "base.gguf").read_text() == "first"
    (folder / "marker").touch()
    assert (registry.fetch(tmp_path) / "marker").exists()
    consider(client, "second", f1=0.5)
    assert (registry.fetch(tmp_path) / "model" / "base.gguf").read_text() == "second"


def test_a_bundle_that_cannot_be_brought_leaves_nothing_behind(client: Any, tmp_path: Path) -> None:
    run, _ = consider(client, "first", f1=0.3)
    kept = Path(client.get_run(run).info.artifact_uri.removeprefix("file://")) / "bundle"
    kept.rename(kept.with_name("away"))
    with pytest.raises(Exception, match="bundle"):
        registry.fetch(tmp_path)
    assert list((tmp_path / "champion").iterdir()) == []
    kept.with_name("away").rename(kept)
    assert (registry.fetch(tmp_path) / "bundle.json").is_file()


def test_rollback_goes_back_one_by_one(client: Any) -> None:
    for said, f1 in (("first", 0.3), ("second", 0.4), ("third", 0.5)):
        consider(client, said, f1=f1)
    new, old = registry.rollback()
    assert (new.version, old.version, now().version) == (2, 3, 2)
    registry.rollback()
    assert now().version == 1
    with pytest.raises(RegistryError, match="version 1 was the first champion"):
        registry.rollback()


def test_after_a_rollback_the_next_is_compared_with_who_is_champion_now(client: Any) -> None:
    consider(client, "first", f1=0.3)
    consider(client, "second", f1=0.5)
    registry.rollback()
    third, verdict = consider(client, "third", f1=0.35)
    assert verdict.passed and (now().run, now().before) == (third, "1")


def test_a_promotion_that_dies_before_its_last_step_changes_nobody(client: Any) -> None:
    first, _ = consider(client, "first", f1=0.3)
    run = client.create_run(runs.experiment(client)).info.run_id
    client.log_metric(run, "f1", 0.9)
    bundle = Path("bundle of dangling")
    bundle.mkdir()
    (bundle / "bundle.json").write_text("{}")
    (bundle / "dangling").symlink_to("nowhere")
    with pytest.raises(OSError):
        registry.consider(client, run, bundle, floors=FLOORS, guarded=[])
    assert now().run == first


def test_the_command_line_tells_who_is_champion_and_goes_back(client: Any) -> None:
    told = CliRunner().invoke(main, ["champion"])
    assert (told.exit_code, told.stdout) == (0, "There is no champion yet.\n")
    first, _ = consider(client, "first", f1=0.3)
    consider(client, "second", f1=0.4)
    assert CliRunner().invoke(main, ["champion"]).stdout.startswith("Version 2 (MLflow run ")
    told = CliRunner().invoke(main, ["rollback"])
    assert told.stdout.splitlines() == [
        f"Version 1 (MLflow run {first}): all 1 floors hold, and there was no champion.",
        "It takes the place of version 2.",
    ]
    failed = CliRunner().invoke(main, ["rollback"])
    assert failed.exit_code == 2
    assert failed.stderr == "moviechat: version 1 was the first champion: there is nothing to go back to\n"


def test_the_champion_is_loaded_instead_of_a_folder(client: Any) -> None:
    both = CliRunner().invoke(main, ["ask", "a", "--champion", "--bundle", "b"])
    assert (both.exit_code, both.stderr) == (2, "moviechat: give --champion or --bundle b, not both\n")
    consider(client, "first", f1=0.3)
    told = CliRunner().invoke(main, ["ask", "a", "--champion"])
    assert told.exit_code == 2  # the test's bundle is none
    assert told.stderr.startswith("moviechat: data/cache/champion/") and "bundle.json is of format None" in told.stderr
