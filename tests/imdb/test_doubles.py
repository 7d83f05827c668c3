from typing import Any

import pytest

from moviechat.frames import frame
from moviechat.imdb.doubles import same_as
from moviechat.schema import Movie
from tests.catalogues import film

SOUL: dict[str, Any] = {
    "title": "Soul",
    "runtime": 100,
    "genres": ("Comedy", "Drama"),
    "directors": ("Pete Docter",),
    "cast": ("Jamie Foxx", "Tina Fey"),
}
BARE: dict[str, Any] = {"directors": (), "cast": ()}


def _found(*movies: Movie) -> dict[str, str]:
    return same_as(frame(Movie, movies))


def test_one_film_under_several_ids_is_the_one_with_most_votes() -> None:
    assert _found(film("tt1", votes=5, **SOUL), film("tt2", votes=9, **SOUL), film("tt3", votes=7, **SOUL)) == {
        "tt1": "tt2",
        "tt3": "tt2",
    }
    assert _found() == {}


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({}, True),
        ({"title": "SOUL (4K UHD) [English Subtitled]"}, True),
        ({"title": "Sóul!"}, True),
        ({"title": "Soul Food"}, False),
        ({"title": "(Soul)"}, True),
        # The length.
        ({"runtime": 109}, True),
        ({"runtime": 120}, True),  # a longer cut, with the same director and cast
        ({"runtime": 140}, False),
        ({"runtime": None}, True),
        # The year.
        ({"year": 2021}, True),
        ({"year": 2021, "runtime": 103}, False),
        ({"year": 2021, "directors": ("Ana Ruiz",)}, False),
        ({"year": 2022}, False),
        # Names that are spelled otherwise.
        ({"directors": ("Docter, Pete",), "cast": ()}, True),
        ({"directors": ("Pete H. Docter",), "cast": ("Bo Ek",)}, True),
        # A director in common, but nobody of the cast.
        ({"cast": ("Bo Ek",), "runtime": 120}, False),
        ({"cast": (), "runtime": 120}, True),
        # Another director: the cast tells if it is the same in the same length.
        ({"directors": ("Ana Ruiz",)}, True),
        ({"directors": ("Ana Ruiz",), "runtime": 103}, False),
        ({"directors": ("Ana Ruiz",), "cast": ("Tina Fey",)}, False),
        ({"directors": ("Ana Ruiz",), "cast": ("Bo Ek",)}, False),
        # A missing director says nothing: the cast tells.
        ({"directors": (), "cast": ("Tina Fey", "Bo Ek"), "runtime": 110}, True),
        ({"directors": (), "cast": ("Bo Ek",)}, False),
        # Nobody who could contradict: the length tells, or length and genres.
        ({**BARE, "runtime": 102}, True),
        ({**BARE, "runtime": 108}, True),
        ({**BARE, "runtime": 108, "genres": ("Drama",)}, False),
        ({**BARE, "runtime": None}, False),
    ],
)
def test_what_tells_a_double_from_a_namesake(changes: dict[str, Any], same: bool) -> None:
    one, other = film("tt1", **SOUL), film("tt2", **(SOUL | {"votes": 9} | changes))
    assert _found(one, other) == ({"tt2": "tt1"} if same else {})


def test_entries_of_which_nobody_is_known_need_the_same_length() -> None:
    bare = SOUL | BARE
    assert _found(film("tt1", **bare), film("tt2", **bare)) == {"tt2": "tt1"}
    assert _found(film("tt1", **bare), film("tt2", **(bare | {"runtime": 101}))) == {}


def test_a_long_title_and_the_same_length_outweigh_other_people() -> None:
    one = SOUL | {"title": "I Lost My Body"}
    other = one | {"directors": ("Ana Ruiz",), "cast": ("Bo Ek",)}
    assert _found(film("tt1", **one), film("tt2", **other)) == {"tt2": "tt1"}
    assert _found(film("tt1", **one), film("tt2", **(other | {"runtime": 101}))) == {}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Frozen II", "Frozen 2", True),
        ("Fear Street: Part Two - 1978", "Fear Street Part 2: 1978", True),
        ("Spider-Man", "Spiderman", True),
        ("It (Chapter One)", "It (Chapter Two)", True),  # told apart by their lengths and people
        ("Frozen II", "Frozen III", False),
        ("...", "!!!", False),
        ("[REC]", "[rec]²", False),
    ],
)
def test_titles_that_one_film_can_have(one: str, other: str, same: bool) -> None:
    found = _found(film("tt1", **(SOUL | {"title": one})), film("tt2", **(SOUL | {"title": other})))
    assert found == ({"tt2": "tt1"} if same else {})


def test_an_entry_that_could_be_either_of_two_films_does_not_join_them() -> None:
    wolves = [
        film("tt1", "Wolf", runtime=99, directors=("Nathalie Biancheri",), votes=9),
        film("tt2", "Wolf", runtime=101, directors=("Ana Ruiz",), votes=8),
        film("tt3", "Wolf", runtime=100, votes=7),
    ]
    assert _found(*wolves) == {"tt3": "tt1"}
