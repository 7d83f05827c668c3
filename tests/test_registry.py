"""The champion in a real MLflow registry: promoted whole, kept, brought back, loaded."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from moviechat import files, gate, registry, runs
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
    _bundle(bundle, said)
    return run, registry.consider(client, run, bundle, floors=FLOORS, guarded=["f1"])


def _bundle(folder: Path, said: str) -> None:
    """A folder with a manifest that lists all of it."""
    (folder / "model").mkdir(parents=True, exist_ok=True)
    (folder / "bundle.json").unlink(missing_ok=True)
    (folder / "model" / "base.gguf").write_text(said)
    listed = files.inventory(folder)
    (folder / "bundle.json").write_text(json.dumps({"said": said, "files": listed}))


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


@pytest.mark.parametrize("damaged", ["model/base.gguf", "bundle.json"])
def test_a_damaged_copy_is_fetched_again(client: Any, tmp_path: Path, damaged: str) -> None:
    consider(client, "first", f1=0.3)
    folder = registry.fetch(tmp_path)
    whole = files.inventory(folder)
    for spoil in ("longer than it was", "FIRST", None):
        (folder / damaged).unlink() if spoil is None else (folder / damaged).write_text(spoil)
        assert files.inventory(registry.fetch(tmp_path)) == whole


def _kept(client: Any, run: str) -> Path:
    """Where the registry keeps a run's bundle."""
    return Path(client.get_run(run).info.artifact_uri.removeprefix("file://")) / "bundle"


@pytest.mark.parametrize("files_listed", [{}, None, {"../x": {"bytes": 0, "sha256": "0" * 64}}, "[" * 100_000])
def test_what_the_registry_holds_must_be_what_was_promoted(client: Any, tmp_path: Path, files_listed: Any) -> None:
    run, _ = consider(client, "first", f1=0.3)
    manifest = _kept(client, run) / "bundle.json"
    manifest.write_text(files_listed if isinstance(files_listed, str) else json.dumps({"files": files_listed}))
    with pytest.raises(RegistryError, match="is not the bundle that was promoted"):
        registry.fetch(tmp_path)
    client.set_model_version_tag("moviechat", "1", "bundle.sha256", files.sha256(manifest))
    with pytest.raises(RegistryError, match="is not the bundle that was promoted"):  # nor one that lists nothing
        registry.fetch(tmp_path)
    assert list((tmp_path / "champion").iterdir()) == []


def test_a_byte_that_changed_in_the_registry_is_seen(client: Any, tmp_path: Path) -> None:
    run, _ = consider(client, "first", f1=0.3)
    (_kept(client, run) / "model" / "base.gguf").write_text("FIRST")
    with pytest.raises(RegistryError, match=r"base\.gguf is not the file that was bundled"):
        registry.fetch(tmp_path)


@pytest.mark.parametrize("tag", ["../../../../elsewhere", "/elsewhere", "", "A" * 64, "0" * 63, "0" * 64 + "/"])
def test_a_tag_is_no_path(client: Any, tmp_path: Path, tag: str) -> None:
    consider(client, "first", f1=0.3)
    client.set_model_version_tag("moviechat", "1", "bundle.sha256", tag)
    cache = tmp_path / "a" / "b" / "c" / "d"
    with pytest.raises(RegistryError, match=r"version 1 of moviechat has no sha256 in its tag bundle\.sha256"):
        registry.fetch(cache)
    assert list(tmp_path.iterdir()) == []


def test_a_description_cannot_speak_to_the_terminal(client: Any) -> None:
    consider(client, "first", f1=0.3)
    client.update_model_version("moviechat", "1", "all\x1b[2J\x1b]0;owned\x07 holds\u202e")
    told = CliRunner().invoke(main, ["champion"]).stdout
    assert told.rstrip().endswith(": all [2J ]0;owned  holds .") and "\x1b" not in told


@pytest.mark.parametrize("command", [["champion"], ["rollback"], ["ask", "hi", "--champion"]])
@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("http://alice:secret@127.0.0.1:9", "http://127.0.0.1:9"),
        ("sqlite:///garbage.db", "sqlite:///garbage.db"),
        ("gopher://alice:secret@host", "gopher://host"),
    ],
)
def test_a_registry_that_cannot_be_asked_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str], address: str, shown: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", address)
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    Path("garbage.db").write_bytes(bytes(range(256)) * 20)
    told = CliRunner().invoke(main, command)
    assert told.exit_code == 2 and len(told.stderr.splitlines()) == 1
    assert told.stderr.startswith(f"moviechat: MLflow at {shown} cannot be asked (")
    assert "alice" not in told.stderr and "secret" not in told.stderr and "MLFLOW_TRACKING_URI" in told.stderr


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
