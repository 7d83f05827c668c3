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
from moviechat.retrieval.sparse import Weights
from moviechat.schema import Movie, Passage
from tests.catalogues import FILMS

PARAMETERS = {
    "batch_size": 8,
    "max_tokens": 64,
    "exact_passages": 1000,
    "bm25_k1": 2.4,
    "bm25_b": 1.0,
}
WEIGHTS = Weights(vector=1.35, text=6.0, long_text=9.5, credit=0.25, people=0.6, year=2.0, votes=0.19, settled_by=3.0)


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
    return FILMS


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
    """The parameters of an index."""
    return dict(PARAMETERS)


@pytest.fixture(scope="session")
def weights() -> Weights:
    """The weights of a search."""
    return WEIGHTS


@pytest.fixture(scope="session")
def make_encoder() -> type[WordEncoder]:
    return WordEncoder


@pytest.fixture(scope="session")
def search(built: Path, movies: list[Movie]) -> Search:
    """The search over `built`."""
    return Search(Index(built, movies), WordEncoder(), movies, WEIGHTS)
