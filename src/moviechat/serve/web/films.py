"""What the page shows besides answers: the catalogue in short, films' cards, a person's own list."""

from __future__ import annotations

from heapq import nlargest
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from moviechat.serve.web.messages import CHARACTERS, TURNS

if TYPE_CHECKING:
    from moviechat.schema import Movie
    from moviechat.serve.web.house import House

CARDS = 50  # films of one request
STARS = 5  # of the cast on a card
FAMOUS = 12  # films that a new conversation offers
COURTESY = "Information courtesy of IMDb (https://www.imdb.com). Used with permission."


def about(house: House) -> dict[str, Any]:
    """The catalogue and the limits of a conversation."""
    movies = list(house.chat.shelf.movies.values())
    years = [m.year for m in movies]
    return {
        "version": version("moviechat"),
        "films": len(movies),
        "years": [min(years), max(years)] if years else [],
        "model": house.chat.shelf.model.name,
        "turns": TURNS,
        "characters": CHARACTERS,
        "courtesy": COURTESY,
        "famous": [_card(m) for m in nlargest(FAMOUS, movies, key=lambda m: m.votes)],
    }


def cards(house: House, tconsts: list[str]) -> list[dict[str, Any]]:
    """What a card shows, for those of `tconsts` that are films of the catalogue."""
    movies = house.chat.shelf.movies
    return [_card(movies[t]) for t in dict.fromkeys(tconsts) if t in movies]


def _card(movie: Movie) -> dict[str, Any]:
    return {
        "tconst": movie.tconst,
        "title": movie.title,
        "original_title": movie.original_title,
        "year": movie.year,
        "runtime": movie.runtime,
        "genres": list(movie.genres),
        "rating": movie.rating,
        "votes": movie.votes,
        "directors": list(movie.directors),
        "cast": list(movie.cast[:STARS]),
    }
