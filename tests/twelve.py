"""The twelve films of the chat's tests, their texts and facts, and well-known films that are not among them."""

from __future__ import annotations

from typing import Any

from moviechat.chat.facts import Facts
from moviechat.linking import Outside
from moviechat.schema import Movie


def film(tconst: str, title: str, year: int, *known: Any, original: str = "", **people: Any) -> Movie:
    """A film of runtime, genres, rating and votes (`known`), and its `people`."""
    return Movie(tconst, title, original or title, year, *known, **people)


MOVIES = (
    film(
        "tt01",
        "Parasite",
        2019,
        132,
        ("Comedy", "Drama", "Thriller"),
        8.5,
        1_000_000,
        original="Gisaengchung",
        directors=("Bong Joon Ho",),
        writers=("Bong Joon Ho", "Han Jin-won"),
        cast=("Song Kang-ho", "Lee Sun-kyun", "Cho Yeo-jeong"),
        characters=("Ki Taek", "Dong Ik", ""),
        producers=("Kwak Sin-ae",),
        composers=("Jung Jae-il",),
        cinematographers=("Hong Kyung-pyo",),
        editors=("Yang Jin-mo",),
        alternative_titles=("Parásitos", "기생충"),
    ),
    film("tt02", "1917", 2019, 119, ("Action", "War"), 8.2, 700_000, directors=("Sam Mendes",)),
    film(
        "tt03",
        "Joker",
        2019,
        122,
        ("Crime", "Drama", "Thriller"),
        8.3,
        1_600_000,
        directors=("Todd Phillips",),
        cast=("Joaquin Phoenix", "Robert De Niro"),
        characters=("Arthur Fleck", "Murray Franklin"),
    ),
    film(
        "tt04",
        "Knives Out",
        2019,
        130,
        ("Comedy", "Crime", "Drama"),
        7.9,
        800_000,
        directors=("Rian Johnson",),
        writers=("Rian Johnson",),
        cast=("Daniel Craig", "Ana de Armas"),
        characters=("Benoit Blanc", "Marta Cabrera"),
        composers=("Nathan Johnson",),
    ),
    film("tt05", "Diablo Rojo PTY", 2019, 80, ("Horror",), 5.0, 134, directors=("Sol Moreno",)),
    film("tt06", "The Call", 2020, 112, ("Horror",), 7.1, 40_000, original="Kol", directors=("Lee Chung-hyun",)),
    film("tt07", "The Call", 2020, 97, ("Horror",), 4.5, 3_000, directors=("Timothy Woodward Jr.",)),
    film("tt08", "The Glass Lighthouse", 2021, None, (), None, 0),
    film(
        "tt09",
        "Harbour of Small Boats",
        2022,
        91,
        ("Drama", "Romance"),
        6.9,
        1_200,
        original="Puerto de barcas",
        directors=("Ines Valdo",),
        cast=("Ana de Armas",),
    ),
    film(
        "tt10",
        "Nope",
        2022,
        130,
        ("Horror", "Mystery", "Sci-Fi"),
        6.8,
        300_000,
        directors=("Jordan Peele",),
        writers=("Jordan Peele",),
        cast=("Daniel Kaluuya", "Keke Palmer"),
        characters=("OJ Haywood", "Emerald Haywood"),
    ),
    film(
        "tt11",
        "Us",
        2019,
        116,
        ("Horror", "Mystery", "Thriller"),
        6.8,
        350_000,
        directors=("Jordan Peele",),
        cast=("Lupita Nyong'o",),
    ),
    film(
        "tt12",
        "Soul",
        2020,
        100,
        ("Adventure", "Animation", "Comedy"),
        8.0,
        400_000,
        directors=("Pete Docter",),
        cast=("Jamie Foxx", "Tina Fey"),
        characters=("Joe", "22"),
        composers=("Trent Reznor", "Atticus Ross"),
    ),
)
OUTSIDE = (Outside("Pulp Fiction", 1994, 2_100_000), Outside("Dune", 1984, 180_000))
TEXTS = {
    "tt01": (
        "The four Kims fold pizza boxes in a half-basement flat in Seoul. Their son becomes a tutor in the rich Park "
        "family's house, and one after another the Kims find work there. A man hides in a bunker under the kitchen."
    ),
    "tt02": (
        "Two British lance corporals, Blake and Schofield, are sent across no man's land with a message. It must stop "
        "an attack in which Blake's brother would march into a trap."
    ),
    "tt03": (
        "Arthur Fleck works as a party clown in Gotham City and cares for his mother Penny. He is fired when a gun "
        "falls out of his costume. At last he shoots Murray Franklin on live television."
    ),
    "tt05": (
        "A bus driver, his helper, a priest and two policemen are put under a spell and end up lost in the jungle of "
        "Chiriqui. Creatures haunt the roads, and the old bus is their only refuge."
    ),
    "tt12": (
        "Joe teaches music at a school and plays jazz piano. On the day of his great concert he falls down a manhole, "
        "and his soul must find the way back to his body."
    ),
}
FACTS: dict[str, Facts] = {
    "tt01": {"countries": ("South Korea",), "languages": ("Korean",), "age_rating": ("R",), "awards": ("Palme d'Or",)},
    "tt02": {"countries": ("United Kingdom", "United States"), "languages": ("English",), "age_rating": ("R",)},
    "tt05": {"countries": ("Panama",), "languages": ("Spanish",)},
    "tt06": {"countries": ("South Korea",), "languages": ("Korean",)},
    "tt12": {"countries": ("United States",), "languages": ("English",), "age_rating": ("PG",)},
}
# What the classifier may answer; there are more kinds of small talk.
