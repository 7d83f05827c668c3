import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from moviechat import params
from moviechat.catalogue import load_movies
from moviechat.errors import BundleError, DataError
from moviechat.frames import frame, write_parquet
from moviechat.limits import Limits
from moviechat.retrieval.search import Search
from moviechat.retrieval.sparse import Weights
from moviechat.schema import Fact, Movie, Outside, Passage
from moviechat.stages import build_index

ROOT = Path(__file__).parents[2]
RAW: dict[str, Any] = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))["build_index"]
P = params.BuildIndex.model_validate(RAW)
WEIGHTS = Weights.of(params.load(ROOT / "params.yaml").search.model_dump())

MOVIES = [
    Movie("tt1", "Diablo Rojo PTY", "Diablo Rojo PTY", 2019, 80, ("Horror",), 5.0, 134, ("Sol Moreno",)),
    Movie("tt2", "Nomadland", "Nomadland", 2020, 107, ("Drama",), 7.3, 192000, ("Chloé Zhao",)),
]
TEXTS = {"tt1": "A bus driver is lost in the jungle.", "tt2": "A widow lives in her van and travels for work."}


@pytest.fixture
def inputs(tmp_path: Path) -> dict[str, Path]:
    write_parquet(frame(Movie, MOVIES), tmp_path / "movies.parquet")
    passages = [Passage(t, 0, text, None, "test", None, None, None) for t, text in TEXTS.items()]
    write_parquet(frame(Passage, passages), tmp_path / "passages.parquet")
    facts = [Fact("tt1", "countries", "Panama", "test", None), Fact("tt2", "languages", "English", "test", None)]
    write_parquet(frame(Fact, facts), tmp_path / "facts.parquet")
    write_parquet(frame(Outside, [Outside("The Matrix", 1999, 2_000_000)]), tmp_path / "outside.parquet")
    names = {
        "movies": "movies.parquet",
        "outside": "outside.parquet",
        "facts": "facts.parquet",
        "passages": "passages.parquet",
        "cache": "cache",
        "out": "index",
    }
    return {key: tmp_path / name for key, name in names.items()}


def test_the_real_encoder_finds_what_is_meant(inputs: dict[str, Path], models_folder: Path) -> None:
    build_index.run(P, encoder=models_folder / "encoder", **inputs)
    search = Search.load(inputs["out"], models_folder / "encoder", load_movies(inputs["movies"]), WEIGHTS)
    assert search.search("someone stuck in a tropical forest with a coach")[0].tconst == "tt1"
    assert search.search("a woman without a house who drives around")[0].tconst == "tt2"


def test_films_outside_are_known_by_name(inputs: dict[str, Path], models_folder: Path) -> None:
    build_index.run(P, encoder=models_folder / "encoder", **inputs)
    search = Search.load(inputs["out"], models_folder / "encoder", load_movies(inputs["movies"]), WEIGHTS)
    (mention,) = search.linker.films("who directed the matrix?")
    assert mention.films == () and mention.outside == (Outside("The Matrix", 1999, 2_000_000),)


def test_facts_become_limits(inputs: dict[str, Path], models_folder: Path) -> None:
    build_index.run(P, encoder=models_folder / "encoder", **inputs)
    search = Search.load(inputs["out"], models_folder / "encoder", load_movies(inputs["movies"]), WEIGHTS)
    assert [h.tconst for h in search.search("", 5, Limits(countries_any=("panama",)))] == ["tt1"]
    assert search.search("", 5, Limits(languages_not=("Spanish",), countries_not=("Chad",))) == []


def test_the_same_input_gives_the_same_bytes(inputs: dict[str, Path], models_folder: Path) -> None:
    build_index.run(P, encoder=models_folder / "encoder", **inputs)
    first = {p.relative_to(inputs["out"]): p.read_bytes() for p in inputs["out"].rglob("*") if p.is_file()}
    shutil.rmtree(inputs["out"])
    build_index.run(P, encoder=models_folder / "encoder", **inputs)
    assert first == {p.relative_to(inputs["out"]): p.read_bytes() for p in inputs["out"].rglob("*") if p.is_file()}


def test_a_damaged_part_is_refused_with_a_sentence(inputs: dict[str, Path], models_folder: Path) -> None:
    build_index.run(P, encoder=models_folder / "encoder", **inputs)
    part = max((inputs["out"] / "vectors").iterdir(), key=lambda p: p.stat().st_size)
    part.write_bytes(bytes(byte ^ 1 for byte in part.read_bytes()))
    search = Search.load(inputs["out"], models_folder / "encoder", load_movies(inputs["movies"]), WEIGHTS)
    with pytest.raises(BundleError, match=r"damaged.*dvc repro build_index"):
        search.search("someone stuck in a tropical forest")


def test_missing_inputs_say_which_stage_writes_them(inputs: dict[str, Path], tmp_path: Path) -> None:
    inputs["movies"].unlink()
    with pytest.raises(DataError, match="dvc repro filter"):
        build_index.run(P, encoder=tmp_path, **inputs)
