"""A small catalogue with namesakes, doubles and plain words for titles, and the linker over it."""

from __future__ import annotations

import pytest

from moviechat.linking import Linker, Outside
from moviechat.linking.lexicon import Lexicon
from moviechat.linking.people import People
from moviechat.linking.titles import Titles
from moviechat.schema import Movie, Passage
from tests.catalogues import FILMS, film

MOVIES = [
    *FILMS,
    film("tt21", "The Call", 2020, votes=40_000, directors=("Lee Chung-hyun",), runtime=112),
    film("tt22", "The Call", 2020, votes=3_000, directors=("Timothy Woodward Jr.",), runtime=97),
    film("tt23", "The Souvenir", 2019, votes=20_000, directors=("Joanna Hogg",)),
    film("tt24", "The Souvenir: Part II", 2021, votes=10_000, directors=("Joanna Hogg",)),
    film("tt25", "Ford v Ferrari", 2019, votes=400_000, directors=("James Mangold",)),
    film("tt26", "Mulan", 2020, votes=150_000, directors=("Niki Caro",)),
    film("tt27", "Everything Everywhere All at Once", 2022, votes=500_000, cast=("Michelle Yeoh",)),
    film("tt28", "Avatar: The Way of Water", 2022, votes=450_000, directors=("James Cameron",)),
    film("tt29", "Soul", 2020, votes=350_000, directors=("Pete Docter",), runtime=100),
    film("tt30", "Soul", 2020, votes=900, runtime=101, same_as="tt29"),
    film("tt31", "#Alive", 2020, votes=50_000, directors=("Cho Il",)),
    film("tt32", "Alive", 2019, votes=500),
    film("tt33", "Knives Out", 2019, votes=700_000, directors=("Rian Johnson",), cast=("Daniel Craig",)),
    film("tt34", "Joker", 2019, votes=1_300_000, cast=("Joaquin Phoenix", "Robert De Niro")),
    film("tt35", "Nobody", 2021, votes=280_000, cast=("Bob Odenkirk",), characters=("Hutch Mansell",)),
]
OUTSIDE = [
    Outside("Avatar", 2009, 1_300_000),
    Outside("Dune", 1984, 180_000),
    Outside("Mulan", 1998, 310_000),
    Outside("Pulp Fiction", 1994, 2_100_000),
    Outside("The Matrix", 1999, 2_000_000),
]
TEXTS = [
    "A poor family of four slowly takes over the house of a rich one. There is a cellar under the old house.",
    "Two young soldiers must carry a message across the trenches to stop an attack.",
    "A brother and a sister on a horse ranch see something old in the clouds that eats people.",
    "A woman alone at the beach is drawn to a young mother and remembers her own old sins.",
    "On a hidden beach a family finds that everyone is growing older by years in a day.",
]


@pytest.fixture(scope="session")
def movies() -> list[Movie]:
    return MOVIES


@pytest.fixture(scope="session")
def passages() -> dict[str, list[Passage]]:
    """Texts of some films that hold titles of others as ordinary words."""
    tconsts = ("tt01", "tt02", "tt04", "tt05", "tt12")
    return {t: [Passage(t, 0, text, None, "test", None, None, None)] for t, text in zip(tconsts, TEXTS, strict=True)}


@pytest.fixture(scope="session")
def titles(movies: list[Movie], passages: dict[str, list[Passage]]) -> Titles:
    return Titles.build(movies, passages, OUTSIDE)


@pytest.fixture(scope="session")
def lexicon(movies: list[Movie]) -> Lexicon:
    return Lexicon.build(TEXTS, People.build(movies).names)


@pytest.fixture(scope="session")
def linker(titles: Titles, lexicon: Lexicon, movies: list[Movie]) -> Linker:
    return Linker(titles, People.build(movies), lexicon, movies)
