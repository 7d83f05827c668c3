"""A bundle around the tiny models, and all that the bundle stage makes it of."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from moviechat.schema import Movie

if TYPE_CHECKING:
    from tests.conftest import TinyLlama

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def bundle_params() -> Any:
    """The bundle stage's section for a tiny model."""
    from moviechat import params

    return params.Bundle(context=512, max_new_tokens=32, threads=1, gguf="as_fetched", quantize="none")


@pytest.fixture(scope="session")
def chat_params() -> Any:
    """The chat's section of the shipped params.yaml."""
    from moviechat import params

    return params.load(ROOT / "params.yaml").chat


@pytest.fixture
def bundle_inputs(
    chat_params: Any, tiny_llama: TinyLlama, tiny_lora: Path, tiny_encoder: Path, tmp_path: Path
) -> dict[str, Any]:
    """All that the bundle stage reads, around the tiny models; facts, texts and index are only copied."""
    return _inputs(tmp_path / "inputs", chat_params, tiny_llama, tiny_lora, tiny_encoder)


@pytest.fixture(scope="session")
def whole_bundle(
    bundle_params: Any,
    chat_params: Any,
    tiny_llama: TinyLlama,
    tiny_lora: Path,
    tiny_encoder: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """The bundle of `bundle_inputs`, made once: copy it before you change it."""
    from moviechat.stages import bundle

    folder = tmp_path_factory.mktemp("whole")
    inputs = _inputs(folder / "inputs", chat_params, tiny_llama, tiny_lora, tiny_encoder)
    bundle.run(bundle_params, **inputs, out=folder / "bundle")
    return folder / "bundle"


def _inputs(
    inputs: Path, chat_params: Any, tiny_llama: TinyLlama, tiny_lora: Path, tiny_encoder: Path
) -> dict[str, Any]:
    import shutil

    from moviechat import params
    from moviechat.chat.examples import MOODS_SAID, lines
    from moviechat.frames import frame, write_parquet

    for name in ("index/index.json", "facts.parquet", "passages.parquet"):
        (inputs / name).parent.mkdir(parents=True, exist_ok=True)
        (inputs / name).write_text(name)
    film = Movie("tt01", "Parasite", "Gisaengchung", 2019, 132, ("Drama",), 8.5, 1_000_000, ("Bong Joon Ho",))
    write_parquet(frame(Movie, [film]), inputs / "movies.parquet")
    (inputs / "utterances").mkdir()
    said = MOODS_SAID.read_text(encoding="utf-8").splitlines()
    (inputs / "moods.jsonl").write_text("\n".join(said[::20]), encoding="utf-8")
    (inputs / "utterances" / "some.jsonl").write_text("\n".join(lines()[::20]), encoding="utf-8")
    shutil.copytree(tiny_llama.folder, inputs / "base")
    shutil.copy(tiny_llama.gguf, inputs / "base" / "base.gguf")
    (inputs / "parser").mkdir()
    (inputs / "parser" / "config.cfg").write_text("parser")
    (inputs / "base" / "source.json").write_text('{"name": "tiny"}')
    shutil.copytree(tiny_lora, inputs / "adapter")
    (inputs / "adapter" / "history.jsonl").write_text("{}\n")
    tables = {name: f"{name}.parquet" for name in ("movies", "facts", "passages")}
    files = (*tables, "index", "parser", "base", "adapter")
    search = params.load(ROOT / "params.yaml").search
    given = {"search": search, "chat": chat_params, "encoder": tiny_encoder, "utterances": inputs / "utterances"}
    given["moods"] = inputs / "moods.jsonl"
    return given | {name: inputs / tables.get(name, name) for name in files}
