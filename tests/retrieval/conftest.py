"""A small catalogue, indexed with a hand-written encoder: words hashed into a few numbers."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from moviechat.retrieval import index
from moviechat.retrieval.arrays import Array
from moviechat.retrieval.index import Index
from moviechat.retrieval.search import Search
from moviechat.schema import Movie, Passage
from moviechat.words import stem, tokens

ROOT = Path(__file__).parents[2]


class HashingEncoder:
    """A bag of stems hashed into 64 numbers: texts that share words are near each other."""

    name, width = "hashing", 64

    def __init__(self) -> None:
        self.encoded = 0

    def encode(self, texts: Sequence[str]) -> Array:
        """float32 [texts, 64], rows of length 1."""
        self.encoded += len(texts)
        rows = np.zeros((len(texts), self.width), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in tokens(text):
                row[hashlib.sha256(stem(word).encode()).digest()[0] % self.width] += 1
            row[0] += 0.1
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def _movie(n: int, title: str, year: int, genres: str, director: str, **more: Any) -> Movie:
    plain: dict[str, Any] = {"runtime": 100, "rating": 7.0, "votes": 1000 * n}
    return Movie(
        tconst=f"tt{n:07d}",
        title=title,
        original_title=more.pop("original_title", title),
        year=year,
        genres=tuple(genres.split()),
        directors=(director,),
        **{**plain, **more},
    )


MOVIES = [
    _movie(1, "Parasite", 2019, "Drama Thriller", "Bong Joon Ho", original_title="Gisaengchung"),
    _movie(2, "Diablo Rojo PTY", 2019, "Horror", "Sol Moreno", runtime=80, rating=5.0),
    _movie(3, "Us", 2019, "Horror Mystery", "Jordan Peele"),
    _movie(4, "Pinocchio", 2019, "Fantasy", "Matteo Garrone", alternative_titles=("Pinokkio",)),
    _movie(5, "Pinocchio", 2022, "Adventure", "Robert Zemeckis"),
    _movie(6, "Nomadland", 2020, "Drama", "Chloé Zhao", runtime=None, rating=None),
    _movie(7, "The Banshees of Inisherin", 2022, "Comedy Drama", "Martin McDonagh"),
    _movie(8, "Tár", 2022, "Drama Music", "Todd Field"),
]
TEXTS = [
    "A poor family works for a rich one and drives out the housekeeper with peaches.",
    "A bus driver, a priest and two policemen are lost in the jungle with the old bus as refuge.",
    "A family on holiday meets its doubles, who wear red and carry scissors.",
    "A carver makes a wooden boy who runs away with a puppet theatre.",
    "A puppet is swallowed by a sea monster and wants to be a real boy.",
    "A woman lives in her van and works in a warehouse in winter.",
    "A fiddler ends a friendship on an island and cuts off his fingers.",
    "A conductor of an orchestra in Berlin falls from grace.",
]


@pytest.fixture(scope="session")
def movies() -> list[Movie]:
    return MOVIES


@pytest.fixture(scope="session")
def encoder() -> HashingEncoder:
    return HashingEncoder()


@pytest.fixture(scope="session")
def index_folder(tmp_path_factory: pytest.TempPathFactory, encoder: HashingEncoder) -> Path:
    folder = tmp_path_factory.mktemp("index")
    passages = {
        m.tconst: [Passage(m.tconst, 0, text, None, "test", None, None, None)]
        for m, text in zip(MOVIES, TEXTS, strict=True)
    }
    parameters = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))["build_index"]
    index.build(MOVIES, passages, encoder, tmp_path_factory.mktemp("cache"), folder, parameters)
    return folder


@pytest.fixture(scope="session")
def search(index_folder: Path, encoder: HashingEncoder) -> Search:
    return Search(Index(index_folder, MOVIES), encoder, MOVIES)
