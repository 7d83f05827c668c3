"""Limits and films in words."""

from __future__ import annotations

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moviechat.chat.wording import described, line
from moviechat.limits import AGE_RATINGS, Credit, Limits
from moviechat.schema import Movie


@pytest.mark.parametrize(
    ("limits", "phrase"),
    [
        (Limits(), "films"),
        (Limits(genres_all=("Horror", "Comedy")), "horror and comedy"),
        (Limits(genres_any=("Horror", "Comedy")), "horror or comedy"),
        (Limits(genres_all=("Crime",), genres_any=("Horror", "Comedy")), "crime (horror or comedy)"),
        (Limits(genres_not=("Horror", "War")), "films, no horror or war"),
        (Limits(year_min=2021, year_max=2021), "films, of 2021"),
        (Limits(year_min=2019, year_max=2021), "films, of 2019 to 2021"),
        (Limits(year_min=2020), "films, from 2020 on"),
        (Limits(year_max=2020), "films, up to 2020"),
        (Limits(runtime_max=90), "films, at most 90 minutes"),
        (Limits(runtime_min=90, runtime_max=120), "films, 90 to 120 minutes"),
        (Limits(rating_min=7.0), "films, rated 7 or more"),
        (Limits(rating_max=4.5), "films, rated 4.5 or less"),
        (Limits(votes_min=100_000), "films, at least 100,000 votes"),
        (Limits(people=(Credit("Ada Low"), Credit("Bo Wu", "director"))), "films, with Ada Low and Bo Wu"),
        (Limits(people_not=("Ada Low",)), "films, without Ada Low"),
        (Limits(countries_any=("Japan", "Peru"), languages_any=("Thai",)), "films, in Thai, from Japan or Peru"),
        (Limits(countries_not=("Japan",), languages_not=("Thai",)), "films, not in Thai, not from Japan"),
        (Limits(age_rating_max="PG"), "films, PG at most"),
    ],
)
def test_limits_in_one_phrase(limits: Limits, phrase: str) -> None:
    assert described(limits) == phrase


NAMES = st.lists(st.sampled_from(["Horror", "Comedy", "War"]), max_size=2, unique=True).map(tuple)
WHOLE = st.builds(
    Limits,
    genres_all=NAMES,
    genres_any=NAMES,
    genres_not=NAMES,
    countries_any=st.sampled_from([(), ("Peru",)]),
    countries_not=st.sampled_from([(), ("Chad",)]),
    languages_any=st.sampled_from([(), ("Thai",)]),
    languages_not=st.sampled_from([(), ("Urdu",)]),
    people=st.sampled_from([(), (Credit("Ada Low"),)]),
    people_not=st.sampled_from([(), ("Bo Wu",)]),
    age_rating_max=st.none() | st.sampled_from(AGE_RATINGS),
    year_min=st.none() | st.integers(1990, 2000),
    year_max=st.none() | st.integers(2001, 2022),
    runtime_min=st.none() | st.integers(61, 90),
    runtime_max=st.none() | st.integers(91, 180),
    rating_min=st.none() | st.sampled_from([3.5, 4.0]),
    rating_max=st.none() | st.sampled_from([8.0, 9.5]),
    votes_min=st.none() | st.integers(1000, 2000),
    votes_max=st.none() | st.integers(3000, 9000),
)


@given(WHOLE)
def test_every_limit_is_told(limits: Limits) -> None:
    phrase = described(limits)
    for field in fields(Limits):
        value = getattr(limits, field.name)
        if value in (None, ()):
            continue
        for told in value if isinstance(value, tuple) else (value,):
            name = told.name if isinstance(told, Credit) else f"{told:g}" if isinstance(told, float) else str(told)
            assert name.lower() in phrase.lower().replace(",", "")
    assert all(part.strip() for part in phrase.split(","))


def test_one_film_of_a_list() -> None:
    film = Movie("tt01", "Heat", "Heat", 2020, 100, ("Crime", "Drama"), 7.5, 12_345)
    assert line(film, 2, "by the same director") == (
        "2. Heat (2020), 100 min, Crime/Drama, rated 7.5 (12,345 votes) — by the same director"
    )
    assert line(film, 2, "").endswith("votes)")
    assert line(Movie("tt02", "Bare", "Bare", 2021, None, (), None, 0), 1, "") == "1. Bare (2021)"
