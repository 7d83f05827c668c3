from typing import Any

from moviechat.frames import frame
from moviechat.imdb.doubles import same_as
from moviechat.linking.meaning import same_film
from moviechat.schema import Movie
from tests.catalogues import film

SOUL: dict[str, Any] = {"title": "Soul", "runtime": 100, "directors": ("Pete Docter",)}


def _found(*movies: Movie) -> dict[str, str]:
    return same_as(frame(Movie, movies))


def test_one_film_under_two_ids_is_the_one_with_more_votes() -> None:
    assert _found(film("tt1", votes=5, **SOUL), film("tt2", votes=9, **SOUL), film("tt3", votes=7, **SOUL)) == {
        "tt1": "tt2",
        "tt3": "tt2",
    }


def test_namesakes_are_no_doubles() -> None:
    other = SOUL | {"directors": ("Ana Ruiz",)}
    assert _found(film("tt1", **SOUL), film("tt2", **other)) == {}
    assert _found(film("tt1", **SOUL), film("tt2", **(SOUL | {"runtime": 101}))) == {}
    assert _found(film("tt1", **SOUL), film("tt2", year=1999, **SOUL)) == {}
    assert _found(film("tt1", **SOUL, cast=("Bo",)), film("tt2", **other, cast=("Bo",))) == {}


def test_where_a_director_is_missing_the_cast_tells_and_then_the_runtime() -> None:
    bare = SOUL | {"directors": ()}
    assert _found(film("tt1", **SOUL, cast=("Ana", "Bo")), film("tt2", **bare, cast=("Bo",))) == {"tt2": "tt1"}
    assert _found(film("tt1", **SOUL, cast=("Ana",)), film("tt2", **bare, cast=("Bo",))) == {}
    assert _found(film("tt1", **SOUL), film("tt2", **(bare | {"title": " SOUL"}))) == {"tt2": "tt1"}
    unknown = {"runtime": None}
    assert _found(film("tt1", **(SOUL | unknown)), film("tt2", **(bare | unknown))) == {}


def test_what_is_suspected_is_one_film_to_the_chat_too() -> None:
    movies = {m.tconst: m for m in (film("tt1", votes=5, **SOUL), film("tt2", votes=9, **SOUL))}
    found = _found(*movies.values())
    assert found and all(same_film(movies[double], movies[one]) for double, one in found.items())
