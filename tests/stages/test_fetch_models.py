from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from moviechat import files, params, paths
from moviechat.errors import FetchError
from moviechat.stages import fetch_models


@pytest.fixture
def encoder(tmp_path: Path) -> Path:
    """What makes a folder a sentence-transformers folder, and a pickle that must not be taken along."""
    folder = tmp_path / "encoder"
    (folder / "1_Pooling").mkdir(parents=True)
    for name in ("modules.json", "1_Pooling/config.json", "vocab.txt"):
        (folder / name).write_text("{}")
    for name in ("model.safetensors", "pytorch_model.bin", ".gitattributes"):
        (folder / name).write_bytes(b"weights")
    return folder


def _section(encoder: Path, language_model: Path, parser: Path | None = None) -> params.FetchModels:
    parser = parser or encoder.parent / "parser"
    if not parser.exists():
        (parser / "vocab").mkdir(parents=True)
        for name in ("config.cfg", "meta.json", "vocab/strings.json", "vocab/key2row"):
            (parser / name).write_text("{}")
    return params.FetchModels(
        encoder=f"file:{encoder}", language_model=f"file:{language_model}", parser=f"file:{parser}"
    )


def test_a_gguf_is_kept_and_converted(encoder: Path, tiny_llama: Any, tmp_path: Path) -> None:
    fetch_models.run(_section(encoder, tiny_llama.gguf), out=tmp_path / "out", cache=tmp_path / "cache")
    names = {p.relative_to(tmp_path / "out").as_posix() for p in (tmp_path / "out").rglob("*") if p.is_file()}
    assert names == {
        "encoder/1_Pooling/config.json",
        "encoder/model.safetensors",
        "encoder/modules.json",
        "encoder/vocab.txt",
        "language_model/base.gguf",
        "language_model/config.json",
        "language_model/generation_config.json",
        "language_model/model.safetensors",
        "language_model/source.json",
        "language_model/tokenizer.json",
        "language_model/tokenizer_config.json",
        "models.json",
        "parser/config.cfg",
        "parser/meta.json",
        "parser/vocab/key2row",
        "parser/vocab/strings.json",
    }
    assert (tmp_path / "out/language_model/base.gguf").read_bytes() == tiny_llama.gguf.read_bytes()


def test_what_the_published_base_comes_as_is_kept_as_safetensors(
    encoder: Path, tiny_llama: Any, tmp_path: Path
) -> None:
    """open_llama_3b_v2: pickled weights, a sentencepiece model, no tokenizer.json."""
    import sentencepiece
    import torch
    from safetensors.torch import load_file
    from transformers import AutoTokenizer

    source = tmp_path / "open_llama"
    source.mkdir()
    shutil.copy(tiny_llama.folder / "config.json", source)
    torch.save(load_file(tiny_llama.folder / "model.safetensors"), source / "pytorch_model.bin")
    sentences = iter(["An old bus in the jungle.", "Where is it set?", "Release Year: 2019"] * 9)
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=sentences,
        model_prefix=str(source / "tokenizer"),
        vocab_size=320,
        model_type="bpe",
        byte_fallback=True,
        hard_vocab_limit=False,
        minloglevel=2,
    )
    (source / "tokenizer_config.json").write_text('{"tokenizer_class": "LlamaTokenizer", "add_bos_token": true}')
    fetch_models.run(_section(encoder, source), out=tmp_path / "out", cache=tmp_path / "cache")
    kept = tmp_path / "out" / "language_model"
    assert {p.suffix for p in kept.iterdir()} == {".json", ".safetensors", ".model"}
    tokenizer = AutoTokenizer.from_pretrained(kept)
    ids = tokenizer.encode("An old bus?", add_special_tokens=True)
    assert ids[0] == tokenizer.bos_token_id and tokenizer.decode(ids[1:]) == "An old bus?"


def test_models_json_says_where_all_is_from(encoder: Path, tiny_llama: Any, tmp_path: Path) -> None:
    fetch_models.run(_section(encoder, tiny_llama.gguf), out=tmp_path / "out", cache=tmp_path / "cache")
    said = json.loads((tmp_path / "out" / "models.json").read_text(encoding="utf-8"))
    assert said["encoder"]["source"] == f"file:{encoder}"
    assert (said["language_model"]["name"], said["language_model"]["revision"]) == ("tiny", None)
    for kind in ("encoder", "language_model"):
        assert said[kind]["files"] == files.inventory(tmp_path / "out" / kind)


def test_the_same_sources_make_the_same_bytes(encoder: Path, tiny_llama: Any, tmp_path: Path) -> None:
    for name in ("1", "2"):
        fetch_models.run(_section(encoder, tiny_llama.gguf), out=tmp_path / name, cache=tmp_path / f"cache{name}")
    assert files.inventory(tmp_path / "1") == files.inventory(tmp_path / "2")


def test_a_llama_folder_is_taken_as_it_is(encoder: Path, tiny_llama: Any, tmp_path: Path) -> None:
    fetch_models.run(_section(encoder, tiny_llama.folder), out=tmp_path / "out", cache=tmp_path / "cache")
    ours, theirs = files.inventory(tmp_path / "out" / "language_model"), files.inventory(tiny_llama.folder)
    assert set(ours) == set(theirs) | {"source.json"}
    assert {name: ours[name] for name in theirs} == theirs


def test_a_folder_with_one_gguf_is_that_gguf(encoder: Path, tiny_llama: Any, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    shutil.copy(tiny_llama.gguf, tmp_path / "folder" / "model.gguf")
    fetch_models.run(_section(encoder, tmp_path / "folder"), out=tmp_path / "out", cache=tmp_path / "cache")
    assert (tmp_path / "out/language_model/base.gguf").is_file()


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ("encoder/modules.json", "must be a sentence-transformers folder"),
        ("encoder/model.safetensors", "must be a sentence-transformers folder"),
        ("llama/config.json", "must be a Llama folder or a .gguf file"),
        ("llama/model.safetensors", "must be a Llama folder or a .gguf file"),
        ("llama/tokenizer_config.json", "must be a model with its tokenizer"),
    ],
)
def test_a_folder_that_lacks_something(
    encoder: Path, tiny_llama: Any, tmp_path: Path, missing: str, sentence: str
) -> None:
    shutil.copytree(tiny_llama.folder, tmp_path / "llama")
    (tmp_path / missing).unlink()
    with pytest.raises(FetchError, match=sentence):
        fetch_models.run(_section(encoder, tmp_path / "llama"), out=tmp_path / "out", cache=tmp_path / "cache")
    assert not (tmp_path / "out").exists()


def test_a_file_that_is_no_model(encoder: Path, tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"pickle")
    for section in (
        _section(encoder, tmp_path / "model.bin"),
        _section(tmp_path / "model.bin", tmp_path / "model.bin"),
    ):
        with pytest.raises(FetchError, match=r"model.bin holds no \w+.json"):
            fetch_models.run(section, out=tmp_path / "out", cache=tmp_path / "cache")


def test_another_family_is_refused(encoder: Path, tiny_llama: Any, tmp_path: Path) -> None:
    shutil.copytree(tiny_llama.folder, tmp_path / "other")
    (tmp_path / "other" / "config.json").write_text('{"model_type": "mamba"}')
    with pytest.raises(FetchError, match="is a model of type mamba"):
        fetch_models.run(_section(encoder, tmp_path / "other"), out=tmp_path / "out", cache=tmp_path / "cache")


def test_settings_that_name_code_are_kept_without_it(encoder: Path, tiny_llama: Any, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(tiny_llama.folder, tmp_path / "coded"))
    for name in ("config.json", "tokenizer_config.json"):
        said = json.loads((folder / name).read_text(encoding="utf-8")) | {"auto_map": {"AutoConfig": "evil.Config"}}
        (folder / name).write_text(json.dumps(said))
    (folder / "evil.py").write_text("raise SystemExit")
    fetch_models.run(_section(encoder, folder), out=tmp_path / "out", cache=tmp_path / "cache")
    kept = tmp_path / "out" / "language_model"
    assert not (kept / "evil.py").exists()
    for name in ("config.json", "tokenizer_config.json"):
        given = json.loads((tiny_llama.folder / name).read_text(encoding="utf-8"))
        assert json.loads((kept / name).read_text(encoding="utf-8")) == given


@pytest.mark.parametrize("text", ["[" * 100_000, "[]", "{", "\x80"])
def test_settings_that_cannot_be_read_are_told(encoder: Path, tiny_llama: Any, tmp_path: Path, text: str) -> None:
    folder = Path(shutil.copytree(tiny_llama.folder, tmp_path / "garbled"))
    (folder / "config.json").write_text(text, encoding="latin-1")
    with pytest.raises(FetchError, match=r"config\.json"):
        fetch_models.run(_section(encoder, folder), out=tmp_path / "out", cache=tmp_path / "cache")


def test_a_failed_run_leaves_the_last_one(encoder: Path, tiny_llama: Any, tmp_path: Path) -> None:
    fetch_models.run(_section(encoder, tiny_llama.folder), out=tmp_path / "out", cache=tmp_path / "cache")
    before = files.inventory(tmp_path / "out")
    with pytest.raises(FetchError):
        fetch_models.run(_section(encoder, encoder), out=tmp_path / "out", cache=tmp_path / "cache")
    assert files.inventory(tmp_path / "out") == before


def test_the_fetched_models_are_what_models_json_says(models_folder: Path) -> None:
    said = json.loads((models_folder / "models.json").read_text(encoding="utf-8"))
    for kind in (paths.BASE_ENCODER.name, paths.LANGUAGE_MODEL.name):
        assert said[kind]["files"] == files.inventory(models_folder / kind)
