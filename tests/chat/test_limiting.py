"""The limits that a message sets."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from moviechat.chat.limiting import limits_of, vague_words
from moviechat.chat.mentions import Mentions
from moviechat.chat.taste import Taste
from moviechat.limits import Limits

YEARS = (2019, 2022)
Apart = Callable[..., Mentions]


@pytest.fixture
def limits(taken_apart: Apart, taste: Taste) -> Callable[[str], Limits]:
    """The limits of a message."""

    def found(text: str) -> Limits:
        m = taken_apart(text)
        return limits_of(m, m.genres, vague_words(m), taste, YEARS)

    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a horror comedy", Limits(genres_all=("Horror", "Comedy"))),
        ("a horror film or a thriller", Limits(genres_any=("Horror", "Thriller"))),
        ("horror, thriller or war", Limits(genres_any=("Horror", "Thriller", "War"))),
        ("a drama but no horror", Limits(genres_all=("Drama",), genres_not=("Horror",))),
        ("no musicals", Limits(genres_not=("Musical",))),
    ],
)
def test_genres(limits: Callable[[str], Limits], text: str, expected: Limits) -> None:
    assert limits(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("under 90 minutes", Limits(runtime_max=89)),
        ("at most 90 minutes", Limits(runtime_max=90)),
        ("I have 90 minutes", Limits(runtime_max=90)),
        ("rated over 7", Limits(rating_min=7.1)),
        ("between 80 and 100 minutes", Limits(runtime_min=80, runtime_max=100)),
        ("from 2020", Limits(year_min=2020, year_max=2020)),
        ("2019 or 2021", Limits(year_min=2019, year_max=2021)),
        ("with 100k votes or more", Limits(votes_min=100_000)),
        ("80% on rotten tomatoes", Limits()),
    ],
)
def test_numbers(limits: Callable[[str], Limits], text: str, expected: Limits) -> None:
    assert limits(text) == expected


def test_vague_words_are_what_the_section_says(limits: Callable[[str], Limits], taste: Taste) -> None:
    assert limits("something short") == Limits(runtime_max=taste.short_max)
    assert limits("nothing too long") == Limits(runtime_max=taste.not_long_max)
    assert limits("something recent") == Limits(year_min=2021)
    assert limits("a hidden gem") == Limits(votes_max=taste.gem_votes, rating_min=taste.gem_rating)
    assert limits("a well known one") == Limits(votes_min=taste.known_votes)


@pytest.mark.parametrize("text", ["good evening", "how long is it?", "long story", "good."])
def test_what_only_looks_vague(taken_apart: Apart, text: str) -> None:
    assert vague_words(taken_apart(text)) == []


def test_a_year_that_tells_the_film_and_points_that_were_given_are_none(limits: Callable[[str], Limits]) -> None:
    assert limits("something like The Call (2020)") == Limits()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a korean film", Limits(countries_any=("South Korea",))),
        ("nothing from the united states", Limits(countries_not=("United States",))),
        ("in korean", Limits(languages_any=("Korean",))),
        ("rated PG-13 at most", Limits(age_rating_max="PG-13")),
        ("nothing rated R", Limits(age_rating_max="PG-13")),
    ],
)
def test_places_and_age_ratings(limits: Callable[[str], Limits], text: str, expected: Limits) -> None:
    assert limits(text) == expected
