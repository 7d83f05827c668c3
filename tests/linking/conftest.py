"""A small catalogue with namesakes, doubles and plain words for titles, and the linker over it."""

from __future__ import annotations

import pytest

from moviechat.linking import Linker, Outside
from moviechat.linking.lexicon import Lexicon
from moviechat.linking.people import People
from moviechat.linking.titles import Titles
from moviechat.schema import Movie, Passage


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
    film("tt07", "Prey", 2019, votes=3_000, directors=("Franck Khalfoun",)),
    film("tt08", "Prey", 2022, votes=200_000, runtime=None, rating=None, directors=("Dan Trachtenberg",)),
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
    film("tt19", "Tár", 2022, votes=90_000, genres=("Drama", "Music"), directors=("Todd Field",)),
    film("tt20", "Dune: Part One", 2021, votes=900_000, genres=("Sci-Fi",), directors=("Denis Villeneuve",)),
    film("tt21", "The Call", 2020, votes=40_000, directors=("Lee Chung-hyun",), runtime=112),
    film("tt22", "The Call", 2020, votes=3_000, directors=("Timothy Woodward Jr.",), runtime=97),
    film("tt23", "The Souvenir", 2019, votes=20_000, directors=("Joanna Hogg",)),
    film("tt24", "The Souvenir: Part II", 2021, votes=10_000, directors=("Joanna Hogg",)),
    film("tt25", "Ford v Ferrari", 2019, votes=400_000, directors=("James Mangold",)),
    film("tt26", "Mulan", 2020, votes=150_000, directors=("Niki Caro",)),
    film("tt27", "Everything Everywhere All at Once", 2022, votes=500_000, cast=("Michelle Yeoh",)),
    film("tt28", "Avatar: The Way of Water", 2022, votes=450_000, directors=("James Cameron",)),
    film("tt29", "Soul", 2020, votes=350_000, directors=("Pete Docter",), runtime=100),
    film("tt30", "Soul", 2020, votes=900, runtime=101),
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
