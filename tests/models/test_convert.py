from __future__ import annotations

import json
import shutil
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from moviechat import files
from moviechat.errors import ModelError
from moviechat.models.convert import to_transformers

TEXTS = [
    "Release Year: 2019\nRuntime(in minutes): 80\nGenre: Horror\nRating: 5.0\nVotes: 134.0",
    "It's 1,234.56 — naïve café “quoted”, isn't it?  two   spaces\n\n\nand\ttabs ",
    "日本語の映画 2020年, ٣٤٥ ½ ² Ⅷ",
    "###Instruction: Who?\n\n###Input: 100% $5\n###Response:",
    "<|im_start|>user\nhello<|im_end|>",
    "",
]


@pytest.fixture(scope="session")
def converted(tiny_llama: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return to_transformers(tiny_llama.gguf, tmp_path_factory.mktemp("cache"))


def _logits(folder: Path) -> Any:
    import torch
    from transformers import AutoModelForCausalLM

    model = AutoModelForCausalLM.from_pretrained(folder)
    assert model.dtype == torch.float32
    with torch.inference_mode():
        return model(torch.arange(3, 40)[None]).logits


@pytest.mark.parametrize("tied", [True, False])
def test_it_is_the_same_model(make_llama: Callable[..., Any], tmp_path: Path, tied: bool) -> None:
    from safetensors import safe_open

    tiny = make_llama(tmp_path, tied=tied)
    folder = to_transformers(tiny.gguf, tmp_path)
    there, here = _logits(tiny.folder), _logits(folder)
    # float16 keeps 11 bits of a weight; logits are of size 10
    assert float((there - here).abs().max()) < 0.02
    with safe_open(folder / "model.safetensors", "np") as weights:
        assert ("lm_head.weight" in set(weights.keys())) is not tied


def test_the_config_is_the_models_own(tiny_llama: Any, converted: Path) -> None:
    ours, theirs = (
        json.loads((folder / "config.json").read_text(encoding="utf-8")) for folder in (converted, tiny_llama.folder)
    )
    differing = {key for key in ours.keys() | theirs.keys() if ours.get(key) != theirs.get(key)}
    assert differing <= {"initializer_range", "transformers_version", "dtype"}


def test_a_second_conversion_is_not_made(tiny_llama: Any, converted: Path) -> None:
    before = (converted / "model.safetensors").stat().st_mtime_ns
    assert to_transformers(tiny_llama.gguf, converted.parents[1]) == converted
    assert (converted / "model.safetensors").stat().st_mtime_ns == before


def test_the_same_file_makes_the_same_bytes(tiny_llama: Any, converted: Path, tmp_path: Path) -> None:
    shutil.copy(tiny_llama.gguf, tmp_path / "other name.gguf")
    again = to_transformers(tmp_path / "other name.gguf", tmp_path)
    assert files.inventory(again) == files.inventory(converted)


class Tokenizing:
    """llama.cpp's own tokens of a text."""

    def __init__(self, gguf: Path) -> None:
        import torch  # noqa: F401  xllamacpp needs the OpenMP library that comes with it
        import xllamacpp

        settings = xllamacpp.CommonParams()
        settings.model.path, settings.n_ctx, settings.verbosity, settings.warmup = str(gguf), 256, -1, False
        self._server = xllamacpp.Server(settings)

    def __call__(self, text: str) -> list[int]:
        body = json.dumps({"content": text, "add_special": True, "parse_special": True}).encode()
        request = urllib.request.Request(self._server.listening_address + "/tokenize", body)
        with urllib.request.urlopen(request) as reply:
            tokens: list[int] = json.load(reply)["tokens"]
        return tokens


def test_the_tokens_are_llama_cpps(tiny_llama: Any, converted: Path) -> None:
    from transformers import AutoTokenizer

    theirs, ours = Tokenizing(tiny_llama.gguf), AutoTokenizer.from_pretrained(converted)
    assert {text: ours(text)["input_ids"] for text in TEXTS} == {text: theirs(text) for text in TEXTS}
    assert (ours.bos_token_id, ours.eos_token_id, ours.pad_token_id) == (1, 2, 2)


def test_the_tokens_of_a_sentencepiece_model_are_llama_cpps(sentencepiece_gguf: Path, tmp_path: Path) -> None:
    from transformers import AutoTokenizer

    theirs = Tokenizing(sentencepiece_gguf)
    ours = AutoTokenizer.from_pretrained(to_transformers(sentencepiece_gguf, tmp_path))
    assert {text: ours(text)["input_ids"] for text in TEXTS} == {text: theirs(text) for text in TEXTS}
    assert ours("a")["input_ids"][0] == ours.bos_token_id == 1


def test_the_tokens_of_the_fetched_model_are_llama_cpps(models_folder: Path) -> None:
    from transformers import AutoTokenizer

    folder = models_folder / "language_model"
    theirs, ours = Tokenizing(folder / "base.gguf"), AutoTokenizer.from_pretrained(folder)
    assert {text: ours(text)["input_ids"] for text in TEXTS} == {text: theirs(text) for text in TEXTS}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"architecture": "qwen2"}, "is of architecture qwen2: give a Llama model"),
        ({"cut": "llama-bpe"}, "has an unsupported tokenizer (gpt2, llama-bpe)"),
        ({"llama_rope_scaling_type": "yarn"}, "scales its positions (yarn, 16 of 16 dimensions)"),
        ({"turned": 8}, "scales its positions (none, 8 of 16 dimensions)"),
    ],
)
def test_another_kind_of_model_is_refused(
    make_llama: Callable[..., Any], tmp_path: Path, changes: dict[str, Any], sentence: str
) -> None:
    gguf = make_llama(tmp_path, **changes).gguf
    with pytest.raises(ModelError) as caught:
        to_transformers(gguf, tmp_path / "cache")
    assert sentence in str(caught.value)
    assert not list((tmp_path / "cache").rglob("*.*"))


@pytest.mark.parametrize("content", [b"", b"GGUF", b"no model at all" * 10])
def test_a_file_that_is_no_gguf_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.gguf").write_bytes(content)
    with pytest.raises(ModelError, match=r"x.gguf is not a complete GGUF file"):
        to_transformers(tmp_path / "x.gguf", tmp_path)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_a_cut_off_gguf_is_refused(tiny_llama: Any, tmp_path: Path, share: float) -> None:
    whole = tiny_llama.gguf.read_bytes()
    (tmp_path / "x.gguf").write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(ModelError, match=r"x.gguf is not a complete GGUF file"):
        to_transformers(tmp_path / "x.gguf", tmp_path)
