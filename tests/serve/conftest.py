"""A whole bundle of four films around the real encoder and a language model too small to be right."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from moviechat import frames, params
from moviechat.schema import Fact, Movie, Outside, Passage
from moviechat.stages import build_index, bundle

ROOT = Path(__file__).parents[2]
MOVIES = (
    Movie(
        "tt01",
        "Parasite",
        "Gisaengchung",
        2019,
        132,
        ("Drama",),
        8.5,
        1_000_000,
        ("Bong Joon Ho",),
        ("Han Jin-won",),
        editors=("Kim Lee",),
        people_ids=("", "", "nm2"),
    ),
    Movie(
        "tt02",
        "1917",
        "1917",
        2019,
        119,
        ("War",),
        8.2,
        700_000,
        ("Sam Mendes",),
        composers=("Kim Lee",),
        people_ids=("", "nm1"),
    ),
    Movie("tt03", "The Platform", "El hoyo", 2019, 94, ("Horror",), 7.0, 300_000),
    Movie("tt04", "Diablo Rojo PTY", "Diablo Rojo PTY", 2019, 80, ("Horror",), 5.0, 134, ("Sol Moreno",)),
)
FACTS = [
    Fact("tt01", "countries", "South Korea", "test", None),
    Fact("tt01", "languages", "Korean", "test", None),
    Fact("tt01", "age_rating", "R", "test", None),
    Fact("tt03", "countries", "Spain", "test", None),
]
TEXTS = {
    "tt01": "The four Kims fold pizza boxes in a flat in Seoul, and one after another find work in a rich house.",
    "tt02": "Two British soldiers carry a message across no man's land to stop an attack.",
    "tt04": "Two policemen, a priest and a driver end up lost in the jungle. The old bus is their only refuge.",
}


@pytest.fixture(scope="session")
def bundle_folder(models_folder: Path, tiny_llama: Any, tiny_lora: Path, tmp_path_factory: Any) -> Path:
    """What `dvc repro bundle` would write for the four films."""
    folder, p = tmp_path_factory.mktemp("bundle"), params.load(ROOT / "params.yaml")
    movies, facts, passages = (folder / f"{name}.parquet" for name in ("movies", "facts", "passages"))
    base, lora = folder / "base", folder / "lora"
    frames.write_parquet(frames.frame(Movie, MOVIES), movies)
    texts = [Passage(t, 0, text, None, "test", None, None, "CC0") for t, text in TEXTS.items()]
    frames.write_parquet(frames.frame(Passage, texts), passages)
    frames.write_parquet(frames.frame(Fact, FACTS), facts)
    shutil.copytree(tiny_llama.folder, base)
    shutil.copy(tiny_llama.gguf, base / "base.gguf")
    (base / "source.json").write_text('{"name": "tiny"}')
    shutil.copytree(tiny_lora, lora)
    (lora / "history.jsonl").write_text("{}\n")
    encoder, index, out = models_folder / "encoder", folder / "index", folder / "out"
    tables = {"movies": movies, "facts": facts, "passages": passages}
    outside = folder / "outside.parquet"
    frames.write_parquet(frames.frame(Outside, []), outside)
    build_index.run(p.build_index, **tables, outside=outside, encoder=encoder, cache=folder / "cache", out=index)
    parser = models_folder / "parser"
    inputs = {**tables, "index": index, "encoder": encoder, "parser": parser, "base": base, "adapter": lora}
    bundle.run(p.bundle, search=p.search, chat=p.chat, **inputs, out=out)
    return out
