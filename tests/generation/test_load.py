from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from moviechat.errors import BundleError, ModelError
from moviechat.generation.endpoint import Endpoint
from moviechat.generation.load import endpoint, load
from moviechat.stages import bundle


@pytest.fixture(autouse=True)
def no_endpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MOVIECHAT_LLM_URL", "MOVIECHAT_LLM_MODEL", "MOVIECHAT_LLM_KEY"):
        monkeypatch.delenv(name, raising=False)


def test_the_bundle_says_which(bundle_inputs: dict[str, Path], bundle_params: Any, tmp_path: Path) -> None:
    bundle.run(bundle_params, **bundle_inputs, out=tmp_path / "bundle")
    assert load(tmp_path / "bundle").name == "tiny+lora"
    assert load(tmp_path / "bundle", adapter=False).name == "tiny"


def test_no_bundle(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="no bundle in"):
        load(tmp_path)


def test_the_environment_names_an_endpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOVIECHAT_LLM_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("MOVIECHAT_LLM_MODEL", "films")
    model = load(tmp_path)
    assert isinstance(model, Endpoint)
    assert model.name == "films"


def test_understanding_needs_an_endpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ModelError, match=r"chat.understand is llm but MOVIECHAT_LLM_URL is empty: set it, or"):
        endpoint()
    monkeypatch.setenv("MOVIECHAT_LLM_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("MOVIECHAT_LLM_MODEL", "films")
    assert endpoint().name == "films"


def test_half_an_endpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOVIECHAT_LLM_URL", "http://me:secret@127.0.0.1:9/v1")
    with pytest.raises(ModelError, match=r"is http://127\.0\.0\.1:9/v1 but MOVIECHAT_LLM_MODEL is empty"):
        load(tmp_path)


def test_the_endpoints_password_is_not_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOVIECHAT_LLM_URL", "http://me:secret@127.0.0.1:9/v1")
    monkeypatch.setenv("MOVIECHAT_LLM_MODEL", "films")
    with pytest.raises(ModelError, match=r"^http://127\.0\.0\.1:9/v1 did not answer") as told:
        list(load(tmp_path).stream("a", max_new_tokens=1))
    assert "secret" not in str(told.value)
