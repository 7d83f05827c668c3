"""Spellings of titles, and titles that are ordinary words."""

from __future__ import annotations

from pathlib import Path

import pytest

from moviechat.linking.spelling import key
from moviechat.linking.titles import ALTERNATIVE, FRAGMENT, PART, TITLE, Titles, called, spellings
from moviechat.schema import Movie, Outside, Passage


def _keys(movies: list[Movie], tconst: str) -> set[str]:
    rows = [i for i, m in enumerate(movies) if m.tconst == tconst]
    return {k for k, row, _ in spellings(movies) if row in rows and k}


@pytest.mark.parametrize(
    ("tconst", "spelling"),
    [
        ("tt05", "The Lost Daughter"),
        ("tt05", "lost daughter"),
        ("tt06", "Star Wars Episode 9"),
        ("tt06", "the rise of skywalker"),
        ("tt09", "alcarras the peach trees"),
    ],
)
def test_a_film_is_called_by_its_titles_and_their_parts(movies: list[Movie], tconst: str, spelling: str) -> None:
    assert key(spelling) in _keys(movies, tconst)


@pytest.mark.parametrize(
    ("tconst", "spelling", "kind"),
    [
        ("tt24", "souvenir 2", ALTERNATIVE),
        ("tt24", "the souvenir part two", TITLE),
        ("tt28", "avatar way of water", ALTERNATIVE),
        ("tt28", "way of water", PART),
        ("tt27", "everything everywhere", FRAGMENT),
        ("tt20", "dune", PART),
        ("tt20", "dune part i", TITLE),
    ],
)
def test_kinds_of_spelling(movies: list[Movie], tconst: str, spelling: str, kind: int) -> None:
    kinds = [k for s, row, k in spellings(movies) if movies[row].tconst == tconst and s == key(spelling)]
    assert min(kinds) == kind


def test_films_outside_are_numbered_after_those_of_the_catalogue(movies: list[Movie], tmp_path: Path) -> None:
    Titles.build(movies[:1], {}, [Outside("The Matrix", 1999, 2_000_000)]).save(tmp_path)
    titles = Titles.load(tmp_path)
    ((number, kind),) = titles.table.targets(titles.table.find(["thematrix"])["thematrix"])
    assert (number, kind, titles.outside(number)) == (1, TITLE, Outside("The Matrix", 1999, 2_000_000))


def test_a_part_that_says_little_is_no_name(movies: list[Movie]) -> None:
    assert key("Oz Diary") not in _keys(movies, "tt15")  # too short to drop an article from
    assert key("Star") not in _keys(movies, "tt06")


def test_a_performer_before_the_colon_is_no_title() -> None:
    show = Movie("tt1", "Bill Burr: Paper Tiger", "Bill Burr: Paper Tiger", 2019, 60, (), None, 1, cast=("Bill Burr",))
    assert key("Bill Burr") not in _keys([show], "tt1") and key("Paper Tiger") in _keys([show], "tt1")


def test_an_ending_of_several_titles_is_none_of_them() -> None:
    films = [Movie(t, f"{t} Gang: The Big Movie", "", 2020, 60, (), None, 1) for t in ("tt1", "tt2")]
    assert key("The Big Movie") not in _keys(films, "tt1")


def test_titles_are_told_once() -> None:
    movie = Movie("tt1", "A", "A", 2020, None, (), None, 0, alternative_titles=("B", "A"))
    assert called(movie) == ["A", "B"]


def test_words_of_other_films_texts_are_counted(
    movies: list[Movie], passages: dict[str, list[Passage]], tmp_path: Path
) -> None:
    Titles.build(movies, passages).save(tmp_path)
    titles = Titles.load(tmp_path)
    names = titles.table.find(["old", "parasite"])
    # "old" stands in three texts of other films in lower case, "parasite" in none.
    assert titles.plain[names["old"]].tolist() == [3, 0]
    assert titles.plain[names["parasite"]].tolist() == [0, 0]
