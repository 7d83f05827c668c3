"""A small catalogue, a hand-written encoder, and the search built of them."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from moviechat.linking.spelling import tokenize
from moviechat.retrieval import index
from moviechat.retrieval.index import Index
from moviechat.retrieval.lexical import terms
from moviechat.retrieval.search import Search
from moviechat.schema import Movie, Passage

PARAMETERS = {
    "batch_size": 8,
    "max_tokens": 64,
    "exact_passages": 1000,
    "vector_weight": 1.35,
    "text_weight": 6.0,
    "long_text_weight": 9.5,
    "credit_weight": 0.25,
    "people_weight": 0.6,
    "year_weight": 2.0,
    "votes_weight": 0.19,
    "settled_by": 3.0,
    "bm25_k1": 2.4,
    "bm25_b": 1.0,
}


class WordEncoder:
    """A vector a text: its stems, each thrown into one of 64 places, at length 1. Keeps what it was asked."""

    name = "words-64"
    width = 64

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked += texts
        vectors = np.zeros((len(texts), self.width), np.float32)
        for row, text in enumerate(texts):
            for term in terms(tokenize(text)):
                vectors[row, zlib.crc32(term.encode()) % self.width] += 1
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


def film(tconst: str, title: str, year: int = 2020, **more: object) -> Movie:
    """A film of which only some things matter."""
    known: dict[str, object] = {
        "original_title": title,
        "runtime": 100,
        "genres": ("Drama",),
        "rating": 6.0,
        "votes": 1000,
    }
    return Movie(tconst=tconst, title=title, year=year, **(known | more))  # type: ignore[arg-type]


MOVIES = [
    film(
        "tt01",
        "Parasite",
        2019,
        original_title="Gisaengchung",
        votes=900_000,
        directors=("Bong Joon Ho",),
        cast=("Song Kang-ho", "Lee Sun-kyun"),
    ),
    film("tt02", "1917", 2019, votes=600_000, runtime=119, genres=("Drama", "War"), directors=("Sam Mendes",)),
    film("tt03", "Us", 2019, votes=300_000, genres=("Horror",), directors=("Jordan Peele",)),
    film("tt04", "Nope", 2022, votes=250_000, genres=("Horror", "Sci-Fi"), directors=("Jordan Peele",)),
    film("tt05", "The Lost Daughter", 2021, votes=80_000, directors=("Maggie Gyllenhaal",)),
    film("tt06", "Star Wars: The Rise of Skywalker", 2019, votes=500_000, original_title="Star Wars: Episode IX"),
    film("tt07", "Prey", 2019, votes=3_000),
    film("tt08", "Prey", 2022, votes=200_000, runtime=None, rating=None),
    film("tt09", "Alcarràs", 2022, alternative_titles=("Alcarras, the Peach Trees",), directors=("Carla Simón",)),
    film("tt10", "Diablo Rojo PTY", 2019, votes=200, runtime=80, genres=("Horror",), rating=5.0),
    film("tt11", "Zack Snyder's Justice League", 2021, votes=400_000, directors=("Zack Snyder",)),
    film("tt12", "Old", 2021, votes=150_000, directors=("M. Night Shyamalan",)),
    film("tt13", "기생충의 밤", 2020, votes=50),
    film("tt14", "Zack Snyder's Justice League", 2021, votes=10),
    film("tt15", "The Oz Diary", 2020, votes=70),
    film("tt16", "Oz", 2021, votes=60),
    film("tt17", "Nomadland", 2020, votes=170_000, directors=("Chloé Zhao",), runtime=107),
    film("tt18", "The Banshees of Inisherin", 2022, votes=250_000, genres=("Comedy", "Drama")),
    film("tt20", "Dune: Part One", 2021, votes=900_000, genres=("Sci-Fi",), directors=("Denis Villeneuve",)),
    film("tt19", "Tár", 2022, votes=90_000, genres=("Drama", "Music"), directors=("Todd Field",)),
]

TEXTS = {
    "tt01": ["A poor family of four slowly takes over the house of a rich one.", "There is a cellar under the house."],
    "tt02": ["Two young soldiers must carry a message across the trenches to stop an attack."],
    "tt03": ["A family on holiday meets doubles of themselves who want them dead."],
    "tt04": ["A brother and a sister on a horse ranch see something old in the clouds that eats people."],
    "tt05": ["A woman alone at the beach is drawn to a young mother and remembers her own old sins."],
    "tt07": ["Friends on a hiking trip are shot at by someone whom they do not see."],
    "tt08": ["A young hunter of the Great Plains fights a creature from the stars with an old axe."],
    "tt10": [
        "An old bus gets lost in the jungle, and it is the only refuge that the men have from witches and an old curse."
    ],
    "tt17": ["A woman lives in her van and works in a warehouse in winter."],
    "tt18": ["A fiddler ends a friendship on an island and cuts off his own fingers."],
    "tt19": ["A conductor of an orchestra in Berlin falls from grace."],
    "tt12": ["On a hidden beach a family finds that everyone is growing older by years in a day."],
}


def texts_of(texts: dict[str, list[str]]) -> dict[str, list[Passage]]:
    """The texts as passages."""
    return {
        tconst: [Passage(tconst, i, text, None, "test", None, None, None) for i, text in enumerate(told)]
        for tconst, told in texts.items()
    }


@pytest.fixture(scope="session")
def movies() -> list[Movie]:
    return MOVIES


@pytest.fixture(scope="session")
def passages() -> dict[str, list[Passage]]:
    return texts_of(TEXTS)


@pytest.fixture(scope="session")
def make_index() -> Callable[..., Path]:
    """Builds an index: `make_index(folder, movies, passages, **changed parameters)` -> its folder."""

    def make(folder: Path, movies: Sequence[Movie], passages: dict[str, list[Passage]], **changes: float) -> Path:
        index.build(movies, passages, WordEncoder(), folder / "cache", folder / "index", PARAMETERS | changes)
        return folder / "index"

    return make


@pytest.fixture(scope="session")
def built(
    make_index: Callable[..., Path],
    movies: list[Movie],
    passages: dict[str, list[Passage]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """The index of `movies` and `passages`; tests leave it as it is."""
    return make_index(tmp_path_factory.mktemp("index"), movies, passages)


@pytest.fixture(scope="session")
def parameters() -> dict[str, float]:
    """Those of an index."""
    return dict(PARAMETERS)


@pytest.fixture(scope="session")
def make_encoder() -> type[WordEncoder]:
    return WordEncoder


@pytest.fixture(scope="session")
def search(built: Path, movies: list[Movie]) -> Search:
    """The search over `built`."""
    return Search(Index(built, movies), WordEncoder(), movies)
