"""Answers are kept by all that made them, and by nothing else."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from moviechat.evaluation.kept import fingerprint, keeping


def counting(asked: list[str]) -> Any:
    def complete(prompts: Sequence[str]) -> list[str]:
        asked.extend(prompts)
        return [f" {prompt}\r\nsaid " for prompt in prompts]

    return complete


def test_a_prompt_is_asked_once_and_read_back_to_the_byte(tmp_path: Path) -> None:
    asked: list[str] = []
    first = keeping(counting(asked), tmp_path, "a")(["Where?"])
    assert keeping(counting(asked), tmp_path, "a")(["Where?"]) == first == [" Where?\r\nsaid "]
    assert asked == ["Where?"]


def test_of_several_prompts_only_the_unknown_are_asked_each_once(tmp_path: Path) -> None:
    asked: list[str] = []
    keeping(counting(asked), tmp_path, "a")(["Where?"])
    texts = keeping(counting(asked), tmp_path, "a")(["When?", "Where?", "When?"])
    assert [text.split()[0] for text in texts] == ["When?", "Where?", "When?"]
    assert asked == ["Where?", "When?"]


def test_another_maker_or_prompt_is_asked_anew(tmp_path: Path) -> None:
    asked: list[str] = []
    keeping(counting(asked), tmp_path, "a")(["Where?"])
    keeping(counting(asked), tmp_path, "b")(["Where?"])
    keeping(counting(asked), tmp_path, "a")(["When?"])
    assert asked == ["Where?", "Where?", "When?"]


def bundle(folder: Path, **changes: str) -> Path:
    hashes = {"model/base.gguf": "1", "model/adapter.gguf": "2", "movies.parquet": "3"} | changes
    folder.mkdir(exist_ok=True)
    said = {
        "engine": "llama.cpp",
        "versions": {"xllamacpp": "1"},
        "parameters": {"context": 512},
        "files": {name: {"bytes": 1, "sha256": digest} for name, digest in hashes.items()},
    }
    (folder / "bundle.json").write_text(json.dumps(said))
    return folder


def test_the_base_is_the_same_under_another_adapter(tmp_path: Path) -> None:
    one, other = bundle(tmp_path / "one"), bundle(tmp_path / "two", **{"model/adapter.gguf": "9"})
    assert fingerprint(one, adapter=False) == fingerprint(other, adapter=False)
    assert fingerprint(one, adapter=True) != fingerprint(other, adapter=True)
    assert fingerprint(one, adapter=True) != fingerprint(one, adapter=False)


def test_the_catalogue_makes_no_answer_and_the_base_does(tmp_path: Path) -> None:
    one = fingerprint(bundle(tmp_path / "one"), adapter=True)
    assert one == fingerprint(bundle(tmp_path / "two", **{"movies.parquet": "9"}), adapter=True)
    assert one != fingerprint(bundle(tmp_path / "three", **{"model/base.gguf": "9"}), adapter=True)


def test_each_engine_has_its_own_answers(tmp_path: Path) -> None:
    folder = bundle(tmp_path / "one")
    own, served, newer = (
        fingerprint(folder, adapter=True, through=through) for through in (None, "vllm 1, float32", "vllm 2, float32")
    )
    assert len({own, served, newer}) == 3
    assert fingerprint(folder, adapter=True) == own
