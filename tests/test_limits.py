"""Limits as JSON: what was written is read again, and what cannot be is refused by name."""

from __future__ import annotations

import json
import math
from dataclasses import fields
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moviechat.errors import DataError
from moviechat.limits import AGE_RATINGS, NUMBERS, Credit, Limits, Role

_name = st.text(min_size=1).filter(str.strip)
_names = st.lists(_name, max_size=3).map(tuple)
_whole = st.none() | st.integers(-(10**12), 10**12)
_limits = st.builds(
    Limits,
    **{f.name: _names for f in fields(Limits) if f.name.endswith(("_all", "_any", "_not"))},
    **{f"{n}_{end}": _whole for n in NUMBERS if n != "rating" for end in ("min", "max")},
    **{f"rating_{end}": st.none() | st.floats(0, 10) for end in ("min", "max")},
    people=st.lists(st.builds(Credit, _name, st.sampled_from(get_args(Role))), max_size=3).map(tuple),
    age_rating_max=st.none() | st.sampled_from(AGE_RATINGS),
)


@given(_limits)
def test_limits_survive_json(limits: Limits) -> None:
    assert Limits.from_json(json.loads(json.dumps(limits.to_json()))) == limits


@given(_limits)
def test_only_what_is_set_is_said(limits: Limits) -> None:
    assert tuple(limits.to_json()) == limits.said()
    assert bool(limits) == bool(limits.said())
    assert limits.without(*limits.said()) == Limits()
    for name in limits.said():
        assert limits.without(name).said() == tuple(n for n in limits.said() if n != name)


def test_the_names_are_the_contracts() -> None:
    assert Limits.from_json(
        {
            "genres_all": ["Drama"],
            "year_min": 2019.0,
            "rating_min": 7,
            "people": [{"name": "Ann Lee", "role": "director"}, {"name": "Bo Ek"}, {"name": "Bo Ek", "id": "nm2"}],
            "countries_not": ["India"],
            "age_rating_max": "PG-13",
        }
    ) == Limits(
        genres_all=("Drama",),
        year_min=2019,
        rating_min=7.0,
        people=(Credit("Ann Lee", "director"), Credit("Bo Ek", "any"), Credit("Bo Ek", "any", "nm2")),
        countries_not=("India",),
        age_rating_max="PG-13",
    )


def test_an_id_is_written_where_there_is_one() -> None:
    limits = Limits(people=(Credit("Ann Lee", "cast"), Credit("Bo Ek", id="nm2")))
    people = [{"name": "Ann Lee", "role": "cast"}, {"name": "Bo Ek", "role": "any", "id": "nm2"}]
    assert limits.to_json() == {"people": people}
    assert Limits.from_json(limits.to_json()) == limits
    assert [credit.person for credit in limits.people] == ["Ann Lee", "nm2"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("genre", ["Drama"]),
        ("genres_all", "Drama"),
        ("genres_all", [3]),
        ("genres_not", [""]),
        ("people_not", [{"name": "Ann Lee"}]),
        ("languages_any", None),
        ("year_min", "2019"),
        ("year_min", True),
        ("year_min", 2019.5),
        ("year_max", math.nan),
        ("votes_max", math.inf),
        ("votes_min", 10**400),
        ("runtime_min", [90]),
        ("rating_max", math.nan),
        ("age_rating_max", "18"),
        ("age_rating_max", ["R"]),
        ("people", "Ann Lee"),
        ("people", ["Ann Lee"]),
        ("people", [{"role": "director"}]),
        ("people", [{"name": "Ann Lee", "role": "producer"}]),
        ("people", [{"name": "Ann Lee", "role": ["director"]}]),
        ("people", [{"name": "  "}]),
        ("people", [{"name": "Ann Lee", "id": 3}]),
        ("people", [{"name": "Ann Lee", "as": "director"}]),
        ("said", ()),
    ],
)
def test_what_is_no_limit_is_refused_by_name(name: str, value: Any) -> None:
    with pytest.raises(DataError, match=f"limit [\"']{name}[\"'] cannot "):
        Limits.from_json({"year_min": 2019, name: value})


def test_limits_are_an_object() -> None:
    with pytest.raises(DataError, match="give a JSON object"):
        Limits.from_json(["year_min"])  # type: ignore[arg-type]
