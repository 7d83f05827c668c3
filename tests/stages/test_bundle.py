from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from moviechat import files, params, prompts
from moviechat.bundle import open_bundle
from moviechat.chat.heads import INTENTS, MOODS, Head
from moviechat.errors import DataError, ModelError
from moviechat.generation.load import load
from moviechat.generation.protocol import complete
from moviechat.stages import bundle

PROMPT = prompts.render("Where is it set?", "Description: An old bus in the jungle.\nRelease Year: 2019")


def test_the_bundle_is_complete_in_itself(bundle_inputs: dict[str, Path], bundle_params: Any, tmp_path: Path) -> None:
    bundle.run(bundle_params, **bundle_inputs, out=tmp_path / "out")
    moved = (tmp_path / "out").rename(tmp_path / "moved")
    info = open_bundle(moved, verify=True)
    assert (info.engine, info.model) == ("llama.cpp", "tiny")
    for path in (info.movies, info.facts, info.passages, info.base, info.gguf_adapter):
        assert path.is_file()
    for path in (info.index / "index.json", info.encoder / "modules.json", info.peft_adapter / "history.jsonl"):
        assert path.is_file()
    assert all("fact.year" in Head.load(moved / name).labels for name in INTENTS)
    assert "scary" in Head.load(moved / MOODS).labels
    with_adapter, without = (complete(load(moved, adapter=a), PROMPT, max_new_tokens=6) for a in (True, False))
    assert with_adapter != without


def test_bundle_json_says_what_it_was_made_with(
    bundle_inputs: dict[str, Path], bundle_params: Any, tmp_path: Path
) -> None:
    bundle.run(bundle_params, **bundle_inputs, out=tmp_path / "out")
    said = json.loads((tmp_path / "out" / "bundle.json").read_text(encoding="utf-8"))
    assert said["format"] == 1
    assert said["parameters"] == bundle_params.model_dump()
    assert said["prompt"]["version"] == prompts.VERSION
    assert said["prompt"]["template"].replace("{question}", "Why?").replace("{input}", "I") == prompts.render(
        "Why?", "I"
    )
    assert {"torch", "transformers", "peft", "xllamacpp", "moviechat"} <= said["versions"].keys()
    (tmp_path / "out" / "bundle.json").unlink()
    assert said["files"] == files.inventory(tmp_path / "out")


def test_the_same_inputs_make_the_same_bytes(
    bundle_inputs: dict[str, Path], bundle_params: Any, tmp_path: Path
) -> None:
    for name in ("1", "2"):
        bundle.run(bundle_params, **bundle_inputs, out=tmp_path / name)
    assert files.inventory(tmp_path / "1") == files.inventory(tmp_path / "2")


def test_the_base_is_bundled_in_8_bits_where_that_is_asked_for(
    bundle_inputs: dict[str, Path], bundle_params: Any, tmp_path: Path
) -> None:
    for gguf in ("as_fetched", "Q8_0"):
        bundle.run(bundle_params.model_copy(update={"gguf": gguf}), **bundle_inputs, out=tmp_path / gguf)
    fetched, kept, rewritten = (
        folder.read_bytes()
        for folder in (
            bundle_inputs["base"] / "base.gguf",
            *(open_bundle(tmp_path / g, verify=True).base for g in ("as_fetched", "Q8_0")),
        )
    )
    assert (kept == fetched, rewritten == fetched) == (True, False)
    assert complete(load(tmp_path / "Q8_0", adapter=True), PROMPT, max_new_tokens=6)


def test_a_base_without_a_gguf_is_served_by_transformers(
    bundle_inputs: dict[str, Path], bundle_params: Any, tmp_path: Path
) -> None:
    (bundle_inputs["base"] / "base.gguf").unlink()
    bundle.run(bundle_params, **bundle_inputs, out=tmp_path / "out")
    info = open_bundle(tmp_path / "out", verify=True)
    assert info.engine == "transformers"
    assert (info.base / "model.safetensors").is_file()
    assert not info.gguf_adapter.exists()
    with_adapter, without = (load(info.folder, adapter=a) for a in (True, False))
    assert (with_adapter.name, without.name) == ("tiny+lora", "tiny")
    assert complete(with_adapter, PROMPT, max_new_tokens=6) != complete(without, PROMPT, max_new_tokens=6)


@pytest.mark.parametrize("missing", ["movies", "facts", "passages", "index", "encoder", "adapter", "base"])
def test_an_input_that_is_not_there(
    bundle_inputs: dict[str, Path], bundle_params: Any, tmp_path: Path, missing: str
) -> None:
    inputs = bundle_inputs | {missing: tmp_path / "nowhere"}
    with pytest.raises(DataError, match=r"nowhere.*run `dvc repro"):
        bundle.run(bundle_params, **inputs, out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_an_adapter_that_llama_cpp_cannot_take(
    bundle_inputs: dict[str, Path], bundle_params: params.Bundle, make_lora: Callable[..., Path], tmp_path: Path
) -> None:
    dora = make_lora(bundle_inputs["base"], tmp_path / "dora", use_dora=True)
    with pytest.raises(ModelError, match="has DoRA"):
        bundle.run(bundle_params, **(bundle_inputs | {"adapter": dora}), out=tmp_path / "out")
    assert not (tmp_path / "out").exists()
