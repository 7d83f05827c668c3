"""Look-ups in the catalogue: namesakes, people, what tells films apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from moviechat.chat.known import Known
from moviechat.limits import Credit
from moviechat.schema import Movie, Passage
from tests.twelve import film


def test_years_and_genres_are_the_catalogues(known: Known) -> None:
    assert known.years == (2019, 2022)
    assert {"Horror", "War"} <= known.genres
    assert Known({}).years == (0, 0)


def test_namesakes_are_other_films_of_the_title(known: Known) -> None:
    assert known.namesakes("tt06") == ["tt07"]
    assert known.namesakes("tt07") == ["tt06"]
    assert known.namesakes("tt01") == []


def test_one_film_under_two_ids_is_no_namesake(movies: Mapping[str, Movie]) -> None:
    twin = replace(movies["tt01"], tconst="tt99", votes=3, same_as="tt01")
    other = replace(movies["tt01"], tconst="tt98", year=2022, directors=(), cast=(), runtime=90)
    known = Known({**movies, "tt99": twin, "tt98": other})
    assert known.same("tt01", "tt99")
    assert known.same("tt01", "tt01")
    assert not known.same("tt01", "tt98")
    assert known.namesakes("tt01") == ["tt98"]


@pytest.mark.parametrize(
    ("name", "role"),
    [("Bong Joon Ho", "director"), ("Ana de Armas", "cast"), ("Nathan Johnson", "composer"), ("Nobody", "any")],
)
def test_the_role_of_a_person_is_the_one_in_most_films(known: Known, name: str, role: str) -> None:
    assert known.role(name) == role


TWO = (
    film(
        "tt31",
        "A",
        2020,
        90,
        (),
        6.0,
        50,
        cast=("Ann Leeds", "Bo"),
        editors=("Ann Leeds",),
        people_ids=("nm2", "", "nm2"),
    ),
    film("tt32", "B", 2021, 90, (), 6.0, 70, cast=("Ann Leeds",), people_ids=("nm2",)),
    film("tt33", "C", 2022, 90, (), 6.0, 90, producers=("Ann Leeds", "Cy Leeds"), people_ids=("nm1", "")),
)


def test_people_of_one_name_are_looked_up_by_id() -> None:
    known = Known({m.tconst: m for m in TWO})
    assert known.shared == {"Ann Leeds": ("nm2", "nm1")}  # best known first
    assert (known.bearers("Ann Leeds"), known.bearers("Bo"), known.bearers("nm2")) == (("nm2", "nm1"), (), ())
    assert (known.name("nm1"), known.name("Bo"), known.renown("nm2")) == ("Ann Leeds", "Bo", 120)
    assert [known.role(p) for p in ("nm2", "nm1", "Ann Leeds", "Bo")] == ["cast", "any", "any", "cast"]
    assert [known.part(p) for p in ("nm2", "nm1")] == ["cast", "producers"]
    assert [known.known_for(p).tconst for p in ("nm2", "nm1")] == ["tt32", "tt33"]
    assert (known.credit("nm2", "cast"), known.credit("Bo", "any")) == (
        Credit("Ann Leeds", "cast", "nm2"),
        Credit("Bo"),
    )
    assert [m.tconst for m in known.films_of(["nm2"])] == ["tt32", "tt31"]
    assert [m.tconst for m in known.films_of(["Ann Leeds"])] == ["tt33", "tt32", "tt31"]
    assert known.worked_on("tt33", "nm1")
    assert not known.worked_on("tt33", "nm2")
    assert known.person_in("tt31", ["leeds"]) == ["nm2"]
    assert known.person_in("tt33", ["cy leeds"]) == ["Cy Leeds"]


def test_films_of_all_people_at_once(known: Known) -> None:
    assert [m.tconst for m in known.films_of(["Ana de Armas"])] == ["tt04", "tt09"]
    assert [m.tconst for m in known.films_of(["Ana de Armas", "Daniel Craig"])] == ["tt04"]
    assert known.films_of(["Ana de Armas"], "directors") == []
    assert [m.tconst for m in known.films_of(["Jordan Peele"], "directors")] == ["tt11", "tt10"]


@pytest.mark.parametrize(
    ("words", "person"),
    [
        (["dan", "craig"], "Daniel Craig"),
        (["Jord", "Peele"], "Jordan Peele"),
        (["jordan", "craig"], ""),
        (["purple", "craig"], None),
        (["jordan", "streep"], None),
        (["craig"], None),
    ],
)
def test_a_cut_first_name(known: Known, words: list[str], person: str | None) -> None:
    assert known.person_called(words) == person


def test_a_part_of_a_name_means_a_person_of_the_film(known: Known) -> None:
    first, *others = known.person_in("tt04", ["craig", "johnson"])
    assert (first, {*others}) == ("Daniel Craig", {"Rian Johnson", "Nathan Johnson"})
    assert known.person_in("tt04", ["de"]) == []


def test_films_are_told_apart_by_words_on_their_record(known: Known) -> None:
    assert known.told_apart(["tt06", "tt07"], ["woodward", "version"]) == ["tt07"]
    assert known.told_apart(["tt06", "tt07"], ["horror"]) == ["tt06", "tt07"]
    assert known.told_apart(["tt06", "tt07"], ["spaceship"]) == []


def test_words_on_record_whatever_their_ending(movies: Mapping[str, Movie]) -> None:
    text = Passage("tt05", 0, "The driver hides green pills.", None, "test", None, None, "CC0")
    known = Known(movies, dict, lambda: {"tt05": [text]})
    assert known.on_record("tt05", ["pill", "hiding", "drivers", "moreno", "robot"]) == [
        "pill",
        "hiding",
        "drivers",
        "moreno",
    ]
    assert known.on_record("tt08", ["pill"]) == []


def test_who_worked_on_a_film(known: Known) -> None:
    assert known.worked_on("tt10", "Jordan Peele")
    assert not known.worked_on("tt10", "Sol Moreno")
    assert not known.worked_on("tt00", "Sol Moreno")


def test_the_entry_with_a_director_is_the_complete_one(movies: Mapping[str, Movie]) -> None:
    bare = replace(movies["tt05"], tconst="tt95", directors=(), votes=9)
    known = Known({**movies, "tt95": bare, "tt96": replace(bare, tconst="tt96", same_as="tt05")})
    assert known.complete("tt96").tconst == "tt05"
    assert known.complete("tt95").tconst == "tt95"  # a missing director is no sign of a double
    assert known.complete("tt05").tconst == "tt05"
    assert known.complete("tt08").tconst == "tt08"


def test_the_one_film_of_whose_record_there_are_most_words(movies: Mapping[str, Movie]) -> None:
    known = Known(movies)
    assert known.told_of(("tt03", "tt10", "tt11"), ["peele", "haywood"]) == "tt10"
    assert known.told_of(("tt10", "tt11"), ["peele"]) == ""  # both
    assert known.told_of(("tt10", "tt11"), ["robot"]) == ""
    assert known.told_of(("tt10",), []) == ""
    assert known.told_of((), ["peele"]) == ""


def test_a_last_name_means_the_best_known_of_that_name(known: Known) -> None:
    assert known.surnamed("peele") == "Jordan Peele"
    assert known.surnamed("nobody") == ""


def test_an_entry_without_votes_and_director_stands_for_the_longer_title(movies: Mapping[str, Movie]) -> None:
    bare = replace(movies["tt05"], tconst="tt95", directors=(), cast=(), votes=0)
    longer = replace(movies["tt05"], tconst="tt96", title=f"{bare.title} and the Night", cast=("Ada Low",), votes=9)
    assert Known({"tt95": bare, "tt96": longer}).fuller("tt95") == "tt96"
    assert Known({"tt95": replace(bare, cast=("Ada Low",)), "tt96": longer}).fuller("tt95") == "tt96"
    assert Known({"tt95": replace(bare, cast=("Bo Elm",)), "tt96": longer}).fuller("tt95") == "tt95"
