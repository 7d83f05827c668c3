"""Collect everything that the chat loads into one self-contained folder."""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

from moviechat import files, params, paths, prompts, sections
from moviechat.bundle import FORMAT, MANIFEST, Engine, prompt_template
from moviechat.chat import fit
from moviechat.chat.examples import MOODS_SAID, UTTERANCES
from moviechat.chat.taste import Taste
from moviechat.errors import DataError
from moviechat.launch import launch
from moviechat.models.lora import write_gguf
from moviechat.models.requantize import to_q8_0

LIBRARIES = (
    "bm25s",
    "faiss-cpu",
    "gguf",
    "moviechat",
    "numpy",
    "peft",
    "polars",
    "safetensors",
    "sentence-transformers",
    "spacy",
    "tokenizers",
    "torch",
    "transformers",
    "xllamacpp",
)
ADAPTER = ("adapter_config.json", "adapter_model.safetensors")
TOLD = ("history.jsonl", "samples.jsonl")  # losses and samples of the training; other adapters have none


def run(
    p: params.Bundle,
    *,
    search: sections.Search,
    chat: sections.Chat,
    movies: Path = paths.MOVIES,
    facts: Path = paths.FACTS,
    passages: Path = paths.PASSAGES,
    index: Path = paths.BUILD_INDEX,
    encoder: Path = paths.ENCODER,
    parser: Path = paths.PARSER,
    base: Path = paths.LANGUAGE_MODEL,
    adapter: Path = paths.TRAIN,
    utterances: Path = UTTERANCES,
    moods: Path = MOODS_SAID,
    out: Path = paths.BUNDLE,
) -> None:
    """Fill `out` with table, facts, texts, index, both models, the LoRA in two formats, and `bundle.json`.

    A base with a GGUF is served by llama.cpp, with the LoRA as GGUF; one without by transformers. The networks that
    read messages are those that ship, or fitted anew to another encoder, other `utterances`, `moods` or words for them.
    Raises DataError for a missing input, ModelError for a LoRA that GGUF cannot express.
    """
    from moviechat.retrieval.encoder import Encoder

    engine: Engine = "llama.cpp" if (base / "base.gguf").is_file() else "transformers"
    with files.whole(out) as partial:
        tables = {"movies": movies, "facts": facts, "passages": passages}
        _copy({path: partial / f"{name}.parquet" for name, path in tables.items()})
        _copy({index: partial / "index", encoder: partial / "encoder", parser: partial / "parser"})
        told = [name for name in TOLD if (adapter / name).is_file()]
        _copy({adapter / name: partial / "model" / "adapter" / name for name in [*ADAPTER, *told]})
        if engine == "llama.cpp":
            _keep_base(p, base / "base.gguf", partial / "model" / "base.gguf")
            write_gguf(adapter, base, partial / "model" / "adapter.gguf")
        else:
            _copy({base: partial / "model" / "base"})
        reader = Encoder(partial / "encoder", fit.BATCH, fit.TOKENS)
        fit.write(reader, Taste.from_json(chat.model_dump()), partial, utterances, moods)
        _describe(p, {"search": search.model_dump(), "chat": chat.model_dump()}, engine, base, partial)
    size = sum(f.stat().st_size for f in out.rglob("*") if f.is_file())
    print(f"{out}: {size / 1e6:.0f} MB, answered by {engine}")


def _keep_base(p: params.Bundle, gguf: Path, target: Path) -> None:
    if p.gguf == "Q8_0":
        to_q8_0(gguf, target)
    else:
        _copy({gguf: target})


def _copy(pairs: dict[Path, Path]) -> None:
    for source, target in pairs.items():
        if not source.exists():
            raise DataError(f"{source} is missing: run `dvc repro bundle`, which runs the stages before it first")
        files.copy(source, target)


def _describe(p: params.Bundle, also: dict[str, Any], engine: Engine, base: Path, folder: Path) -> None:
    said = {
        "format": FORMAT,
        "engine": engine,
        "model": _model_name(base),
        "prompt": {"version": prompts.VERSION, "template": prompt_template()},
        "parameters": p.model_dump(),
        **also,
        "versions": {name: version(name) for name in LIBRARIES},
        "files": files.inventory(folder),
    }
    files.write_json(folder / MANIFEST, said)


def _model_name(base: Path) -> Any:
    try:
        return json.loads((base / "source.json").read_text(encoding="utf-8"))["name"]
    except (OSError, ValueError, KeyError) as error:
        raise DataError(f"{base / 'source.json'} cannot be read ({error}): run `dvc repro fetch_models`") from None


if __name__ == "__main__":
    launch("bundle", run, also=params.STAGELESS)
