"""The tables as records."""

from __future__ import annotations

from pathlib import Path

import pytest

from moviechat.catalogue import load_facts, load_movies, load_passages
from moviechat.errors import DataError
from moviechat.frames import frame, write_parquet
from moviechat.schema import Fact, Movie, Passage

MOVIES = [
    Movie("tt1", "Tár", "Tár", 2022, 158, ("Drama", "Music"), 7.4, 90_000, ("Todd Field",), cast=("Cate Blanchett",)),
    Movie("tt2", "Silence", "Silence", 2021, None, (), None, 0, alternative_titles=("Stille",)),
]
PASSAGES = [
    Passage("tt2", 0, "Nobody speaks.", None, "test", None, None, None),
    Passage("tt2", 1, "Somebody does.", "Plot", "wikipedia", "https://example.org", "7", "CC BY-SA 4.0"),
    Passage("tt1", 0, "A conductor falls.", None, "test", None, None, None),
]


def test_films_come_back_as_they_were(tmp_path: Path) -> None:
    write_parquet(frame(Movie, MOVIES), tmp_path / "movies.parquet")
    assert load_movies(tmp_path / "movies.parquet") == MOVIES


def test_passages_come_back_film_by_film(tmp_path: Path) -> None:
    write_parquet(frame(Passage, PASSAGES), tmp_path / "passages.parquet")
    assert load_passages(tmp_path / "passages.parquet") == {"tt2": PASSAGES[:2], "tt1": PASSAGES[2:]}


def test_facts_come_back_by_film_and_field(tmp_path: Path) -> None:
    facts = [
        Fact("tt1", "countries", "United States", "people", None),
        Fact("tt1", "countries", "Germany", "wikidata", "https://www.wikidata.org/wiki/Q1"),
        Fact("tt2", "age_rating", "R", "wikidata", "https://www.wikidata.org/wiki/Q2"),
    ]
    write_parquet(frame(Fact, facts), tmp_path / "facts.parquet")
    assert load_facts(tmp_path / "facts.parquet") == {
        "tt1": {"countries": ("United States", "Germany")},
        "tt2": {"age_rating": ("R",)},
    }


def test_a_missing_table_says_which_stage_writes_it(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="dvc repro filter"):
        load_movies(tmp_path / "movies.parquet")
    with pytest.raises(DataError, match="dvc repro describe"):
        load_passages(tmp_path / "passages.parquet")
    with pytest.raises(DataError, match="dvc repro enrich"):
        load_facts(tmp_path / "facts.parquet")
