"""Limits against brute force."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import get_args

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from moviechat.limits import AGE_RATINGS, Credit, Limits, Role
from moviechat.retrieval.columns import Columns
from moviechat.schema import Movie

GENRES, PEOPLE = ("Comedy", "Drama", "Sci-Fi"), ("Ann Lee", "Bo Ek", "Zoë Ruz")
COUNTRIES, LANGUAGES = ("India", "South Korea"), ("Hindi", "Korean")
_some = lambda of: st.lists(st.sampled_from(of), max_size=2, unique=True).map(tuple)  # noqa: E731
_catalogues = st.lists(
    st.builds(
        Movie,
        tconst=st.sampled_from(["tt1", "tt2", "tt3"]),
        title=st.just("A"),
        original_title=st.just("A"),
        year=st.integers(0, 9),
        runtime=st.none() | st.integers(0, 9),
        genres=_some(GENRES),
        rating=st.none() | st.floats(0, 9),
        votes=st.integers(0, 9),
        directors=_some(PEOPLE),
        writers=_some(PEOPLE),
        cast=_some(PEOPLE),
        composers=_some(PEOPLE),
        producers=_some(PEOPLE),
    ),
    max_size=6,
)
_facts = st.fixed_dictionaries(
    {
        t: st.fixed_dictionaries(
            {},
            optional={
                "countries": _some(COUNTRIES),
                "languages": _some(LANGUAGES),
                "age_rating": st.sampled_from([(), ("PG",), ("R",), ("TV-14",), ("12A",)]),
            },
        )
        for t in ("tt1", "tt2")
    }
)
_names = {
    "genres": _some((*GENRES, "sci fi", "Western")),
    "people": _some((*PEOPLE, "ann lee", "Zoe Ruz", "Nobody", "?")),
    "countries": _some((*COUNTRIES, "south korea", "Chad")),
    "languages": _some((*LANGUAGES, "Latin")),
}
_number = st.none() | st.integers(0, 9)
_limits = st.builds(
    Limits,
    **{f"{n}_{end}": _number for n in ("year", "runtime", "rating", "votes") for end in ("min", "max")},
    **{f"{n}_{w}": _names[n] for n, ways in {"genres": "all any not"}.items() for w in ways.split()},
    **{f"{n}_{w}": _names[n] for n in ("countries", "languages") for w in ("any", "not")},
    people=st.lists(
        st.builds(Credit, st.sampled_from([*PEOPLE, "zoe ruz"]), st.sampled_from(get_args(Role))),
        max_size=2,
    ).map(tuple),
    people_not=_names["people"],
    age_rating_max=st.none() | st.sampled_from(AGE_RATINGS),
)  # fmt: skip


def _fold(names: Sequence[str]) -> set[str]:
    return {n.lower().replace("-", "").replace(" ", "").replace("ë", "e") for n in names}


def _in_range(value: float | None, least: float | None, most: float | None) -> bool:
    if least is None and most is None:
        return True
    return value is not None and (least is None or value >= least) and (most is None or value <= most)


def _has_any(values: Sequence[str], wanted: Sequence[str]) -> bool:
    return not wanted or bool(_fold(values) & _fold(wanted))


def _has_none(values: Sequence[str], unwanted: Sequence[str]) -> bool:
    return not unwanted or (bool(values) and not _fold(values) & _fold(unwanted))


def _keeps(m: Movie, facts: dict[str, tuple[str, ...]], w: Limits) -> bool:
    countries, languages = facts.get("countries", ()), facts.get("languages", ())
    everyone = (*m.directors, *m.writers, *m.cast, *m.composers, *m.producers)
    roles = {"any": everyone, "director": m.directors, "cast": m.cast, "writer": m.writers, "composer": m.composers}
    age = {"PG": 1, "R": 3, "TV-14": 2}.get((facts.get("age_rating") or ("",))[0])
    return (
        all(_in_range(getattr(m, n), getattr(w, f"{n}_min"), getattr(w, f"{n}_max")) for n in ("year", "runtime"))
        and all(_in_range(getattr(m, n), getattr(w, f"{n}_min"), getattr(w, f"{n}_max")) for n in ("rating", "votes"))
        and _fold(w.genres_all) <= _fold(m.genres)
        and _has_any(m.genres, w.genres_any)
        and _has_none(m.genres, w.genres_not)
        and all(_fold([c.name]) <= _fold(roles[c.role]) for c in w.people)
        and _has_none(everyone, w.people_not)
        and _has_any(countries, w.countries_any)
        and _has_none(countries, w.countries_not)
        and _has_any(languages, w.languages_any)
        and _has_none(languages, w.languages_not)
        and (w.age_rating_max is None or (age is not None and age <= AGE_RATINGS.index(w.age_rating_max)))
    )


@given(_catalogues, _facts, _limits)
def test_exactly_the_films_that_keep_all_limits(
    movies: list[Movie], facts: dict[str, dict[str, tuple[str, ...]]], limits: Limits
) -> None:
    right = [_keeps(m, facts.get(m.tconst, {}), limits) for m in movies]
    assert Columns.build(movies, facts).keeps(limits).tolist() == right


@given(_catalogues, _facts, _limits, st.data())
def test_each_limit_alone(
    movies: list[Movie], facts: dict[str, dict[str, tuple[str, ...]]], limits: Limits, data: st.DataObject
) -> None:
    alone = limits.without(*data.draw(st.permutations(limits.said()))[1:])
    right = [_keeps(m, facts.get(m.tconst, {}), alone) for m in movies]
    assert Columns.build(movies, facts).keeps(alone).tolist() == right


MOVIES = [
    Movie("tt1", "A", "A", 2019, None, ("Drama",), None, 5, directors=("Bong Joon Ho",)),
    Movie("tt2", "B", "B", 2020, 90, ("Horror", "Sci-Fi"), 7.0, 9, cast=("Zoë Kravitz", "???")),
    Movie("tt3", "C", "C", 2020, 91, (), 7.1, 0),
]
FACTS = {"tt1": {"countries": ("South Korea",), "age_rating": ("R",)}, "tt2": {"languages": ("English", "French")}}


def test_columns_come_back_from_disk(tmp_path: Path) -> None:
    Columns.build(MOVIES, FACTS).save(tmp_path)
    columns = Columns.load(tmp_path)
    assert columns.keeps(Limits(runtime_max=200)).tolist() == [False, True, True]
    assert columns.keeps(Limits(genres_all=("drama",))).tolist() == [True, False, False]
    assert columns.keeps(Limits(people=(Credit("zoe kravitz", "cast"),))).tolist() == [False, True, False]
    assert columns.keeps(Limits(languages_not=("French",))).tolist() == [False, False, False]
    assert columns.films("director", "Bong Joon-ho").tolist() == [0]
    assert columns.films("cast", "Bong Joon-ho").tolist() == []


def test_people_of_one_name_have_their_own_films_by_id(tmp_path: Path) -> None:
    parts = [
        {"cast": ("Tom Holland",), "people_ids": ("nm2",)},
        {"directors": ("Tom Holland",), "people_ids": ("nm1",)},
        {"cast": ("Ann",)},
    ]
    movies = [Movie(f"tt{i}", "A", "A", 2020, None, (), None, 0, **some) for i, some in enumerate(parts)]  # type: ignore[arg-type]
    Columns.build(movies).save(tmp_path)
    columns = Columns.load(tmp_path)

    def kept(name: str, id_: str = "", **role: Role) -> list[int]:
        return np.flatnonzero(columns.keeps(Limits(people=(Credit(name, id=id_, **role),)))).tolist()

    assert kept("Tom Holland") == [0, 1]
    assert kept("Tom Holland", role="director") == [1]
    assert kept("Tom Holland", "nm2") == [0]
    assert kept("Tom Holland", "nm2", role="director") == []
    assert kept("nm1") == [1]
    assert kept("Ann", "nm9") == [2]  # an id that the catalogue does not need
    assert columns.films("any", "nm1").tolist() == [1]
    assert np.flatnonzero(columns.keeps(Limits(people_not=("Tom Holland",)))).tolist() == [2]
    assert columns.unknown(Limits(people=(Credit("Tom Holland", id="nm2"), Credit("nm1")))) == {}


def test_values_for_ranking() -> None:
    columns = Columns.build(MOVIES, FACTS)
    assert list(columns.names("genres")) == ["Drama", "Horror", "Sci-Fi"]
    assert columns.genres.tolist() == [[True, False, False], [False, True, True], [False, False, False]]
    assert np.isnan(columns.column("runtime")).tolist() == [True, False, False]
    assert columns.on_record("countries").tolist() == [True, False, False]
    assert columns.on_record("age_rating").tolist() == [True, False, False]
    assert columns.on_record("any").tolist() == [True, True, False]


@given(_catalogues, _facts, _limits)
def test_films_that_lack_only_a_value_are_counted(
    movies: list[Movie], facts: dict[str, dict[str, tuple[str, ...]]], limits: Limits
) -> None:
    columns, counts = Columns.build(movies, facts), dict[str, int]()
    for kind in ("genres", "countries", "languages", "runtime", "rating", "age_rating", "people"):
        others = limits.without(*(name for name in limits.said() if name.startswith(kind)))
        lack = [not _value(m, facts.get(m.tconst, {}), kind) for m in movies]
        rest = [_keeps(m, facts.get(m.tconst, {}), others) for m in movies]
        if others != limits and (count := sum(a and b for a, b in zip(lack, rest, strict=True))):
            counts["any" if kind == "people" else kind] = count
    assert columns.lacking(limits) == counts


def _value(m: Movie, facts: dict[str, tuple[str, ...]], kind: str) -> bool:
    if kind in ("runtime", "rating"):
        return getattr(m, kind) is not None
    if kind == "age_rating":
        return facts.get(kind, ()) in (("PG",), ("R",), ("TV-14",))
    if kind == "people":
        return bool(m.directors or m.writers or m.cast or m.composers or m.producers)
    return bool(m.genres if kind == "genres" else facts.get(kind))


def test_values_that_no_film_has_are_told_with_near_ones() -> None:
    asked = Limits(
        genres_not=("horor", "Drama"), people=(Credit("Bong Jon Ho"), Credit("Kravitz")), countries_any=("Korea",)
    )
    assert Columns.build(MOVIES, FACTS).unknown(asked) == {
        "genres_not": {"horor": ("Horror",)},
        "people": {"Bong Jon Ho": ("Bong Joon Ho",), "Kravitz": ("Zoë Kravitz",)},
        "countries_any": {"Korea": ("South Korea",)},
    }
    assert Columns.build(MOVIES).unknown(Limits(countries_any=("Korea",), genres_any=("xyz",))) == {
        "countries_any": {"Korea": ()},
        "genres_any": {"xyz": ("Drama", "Horror", "Sci-Fi")},
    }
    assert Columns.build(MOVIES, FACTS).unknown(Limits(genres_all=("DRAMA",), year_min=3, age_rating_max="G")) == {}


def test_no_films_at_all(tmp_path: Path) -> None:
    Columns.build([]).save(tmp_path)
    columns = Columns.load(tmp_path)
    assert columns.keeps(Limits(genres_any=("Drama",), year_min=2000)).tolist() == []
    assert columns.genres.shape == (0, 0)
