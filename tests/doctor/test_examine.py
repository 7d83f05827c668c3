"""The whole command: its lines, its exit code and its JSON, in a checkout and in an empty folder."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from moviechat.serve.cli import main

ROOT = Path(__file__).parents[2]


@pytest.fixture
def checkout(whole_bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to stand in, with a bundle."""
    monkeypatch.chdir(tmp_path)
    for name in ("MLFLOW_TRACKING_URI", "MOVIECHAT_LLM_URL", "MOVIECHAT_CONTACT"):
        monkeypatch.delenv(name, raising=False)
    shutil.copytree(whole_bundle, tmp_path / "models" / "bundle")
    return tmp_path


def test_all_is_said_and_somebody_can_chat(checkout: Path) -> None:
    shutil.copy(ROOT / "params.yaml", checkout)
    told = CliRunner().invoke(main, ["doctor"])
    assert told.exit_code == 0
    lines = told.stdout.splitlines()
    states = {line.split()[1]: line.split()[0] for line in lines if not line.startswith(" ")}
    assert {"python", "packages", "bundle", "engine", "current", "champion", "gpu", "disk", "prefect"} <= states.keys()
    assert (states["bundle"], states["checkout"], states["models"]) == ("ok", "missing", "missing")
    for n, line in enumerate(lines):
        assert line.startswith(("ok ", "missing ", " "))
        assert line.startswith("missing") == (lines[n + 1 : n + 2] != [] and lines[n + 1].startswith("   "))
    assert all("-> " in line for line in lines if line.startswith("   "))


def test_without_a_bundle_nobody_can_chat(checkout: Path) -> None:
    shutil.rmtree(checkout / "models" / "bundle")
    told = CliRunner().invoke(main, ["doctor"])
    assert told.exit_code == 1 and "missing  bundle      no bundle in models/bundle" in told.stdout
    assert "-> make demo" in told.stdout


def test_a_damaged_bundle_is_found(checkout: Path) -> None:
    with (checkout / "models" / "bundle" / "movies.parquet").open("r+b") as file:
        file.write(b"X")
    told = CliRunner().invoke(main, ["doctor", "--bundle", "models/bundle"])
    assert told.exit_code == 1 and "movies.parquet is not the file that was bundled" in told.stdout


def test_in_json(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    told = CliRunner().invoke(main, ["doctor", "--json"])
    said = json.loads(told.stdout)
    assert (told.exit_code, said["ok"]) == (0, True) and "secret" not in told.stdout
    assert all(set(check) == {"name", "state", "said", "mend", "needed"} for check in said["checks"])
    assert all((check["mend"] is None) == (check["state"] == "ok") for check in said["checks"])
    monkeypatch.setenv("MOVIECHAT_LLM_URL", "http://127.0.0.1:9/v1")
    told = CliRunner().invoke(main, ["doctor", "--json"])
    assert (told.exit_code, json.loads(told.stdout)["ok"]) == (1, False)
