"""Films and the limits that they keep."""

from __future__ import annotations

from typing import Any

import pytest

from moviechat.evaluation.bounds import Catalogue, by_film, normalised
from moviechat.limits import Limits
from moviechat.schema import Fact, Movie

FILM = Movie(
    "tt1", "Amélie's Train", "x", 2020, 90, ("Comedy", "Romance"), 7.5, 1000,
    directors=("Chloé Zhao",), writers=("Ann Lee",), cast=("Bo Li",), composers=("Cy Young",), editors=("Di Fox",),
)  # fmt: skip
BARE = Movie("tt2", "Bare", "Bare", 2021, None, (), None, 0)
FACTS = {"tt1": {"countries": frozenset({"France", "Spain"}), "age_rating": frozenset({"PG-13"})}}
CATALOGUE = Catalogue({"tt1": FILM, "tt2": BARE}, FACTS)
KEPT: list[dict[str, Any]] = [
    {},
    {"genres_all": ["Comedy", "Romance"]},
    {"genres_any": ["Horror", "Comedy"], "genres_not": ["Drama"]},
    {"runtime_min": 90, "runtime_max": 90, "year_min": 2020, "year_max": 2020},
    {"rating_min": 7.5, "votes_max": 1000},
    {"people": [{"name": "chloe zhao", "role": "director"}, {"name": "Di Fox"}]},
    {"people": [{"name": "Cy Young", "role": "composer"}], "people_not": ["Someone Else"]},
    {"countries_any": ["Spain"], "countries_not": ["Italy"], "age_rating_max": "PG-13"},
]
BROKEN: list[dict[str, Any]] = [
    {"genres_all": ["Comedy", "Horror"]},
    {"genres_any": ["Horror"]},
    {"genres_not": ["Romance"]},
    {"runtime_max": 89},
    {"year_min": 2021},
    {"rating_min": 7.6},
    {"votes_min": 1001},
    {"people": [{"name": "Chloé Zhao", "role": "cast"}]},
    {"people_not": ["bo li"]},
    {"countries_any": ["Italy"]},
    {"countries_not": ["France"]},
    {"languages_any": ["French"]},
    {"age_rating_max": "PG"},
]


@pytest.mark.parametrize("limits", KEPT)
def test_a_film_keeps_limits_whose_ends_it_meets(limits: dict[str, Any]) -> None:
    assert CATALOGUE.keeps("tt1", Limits.from_json(limits))


@pytest.mark.parametrize("limits", BROKEN)
def test_one_broken_limit_is_enough(limits: dict[str, Any]) -> None:
    assert not CATALOGUE.keeps("tt1", Limits.from_json(limits))


@pytest.mark.parametrize("name", ["runtime_max", "rating_min", "rating_max"])
def test_a_value_that_is_not_known_keeps_no_limit(name: str) -> None:
    assert not CATALOGUE.keeps("tt2", Limits.from_json({name: 9}))


def test_a_film_of_another_catalogue_keeps_nothing() -> None:
    assert not CATALOGUE.keeps("tt9", Limits())
    assert CATALOGUE.keeping(Limits(year_max=2020)) == {"tt1"}


def test_facts_are_gathered_by_film_and_field() -> None:
    rows = [("tt1", "countries", "France"), ("tt1", "countries", "Spain"), ("tt2", "languages", "Arabic")]
    found = by_film(Fact(*row, "x", None) for row in rows)
    assert found == {"tt1": {"countries": {"France", "Spain"}}, "tt2": {"languages": {"Arabic"}}}


@pytest.mark.parametrize(
    ("text", "plain"),
    [("Amélie\u2019s  TRAIN!", "amelie's train"), ("1,034,567 votes", "1034567 votes"), ("2019, 2020", "2019 2020")],
)
def test_folding_leaves_words_and_numbers(text: str, plain: str) -> None:
    assert normalised(text) == plain
