from __future__ import annotations

from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from moviechat import params
from moviechat.chat.relax import relaxations
from moviechat.chat.taste import Taste
from moviechat.limits import Credit, Limits
from moviechat.schema import Movie

TASTE = Taste.from_json(params.load(Path(__file__).parents[2] / "params.yaml").chat.model_dump())


def film(n: int, **more: Any) -> Movie:
    known = {"title": f"Film {n}", "original_title": f"Film {n}", "year": 2020, "runtime": 100, "genres": ("Drama",)}
    return Movie(**{"tconst": f"tt{n:02d}", **known, "rating": 6.0, "votes": 1000, **more})


def told(films: Any, limits: Limits) -> list[tuple[dict[str, Any], int, list[str]]]:
    found = relaxations(limits, films, TASTE, np.ones(len(films.movies), np.bool_))
    return [(r.given_up.to_json(), r.count, [m.tconst for m in r.best]) for r in found]


def test_the_limit_that_excludes_most_comes_first(make_films: Any) -> None:
    long_, low = [film(n, runtime=150, rating=8.5) for n in range(5)], [film(n, rating=5.0 + n / 10) for n in (6, 7)]
    films = make_films([*long_, *low], {})
    limits = Limits(runtime_max=120, rating_min=8.0)
    assert told(films, limits) == [
        ({"runtime_max": 120}, 5, ["tt00", "tt01", "tt02"]),
        ({"rating_min": 8.0}, 2, ["tt07", "tt06"]),
    ]


def test_a_pair_where_no_single_limit_is_enough(make_films: Any) -> None:
    films = make_films([film(1, runtime=150, year=2019)], {})
    assert told(films, Limits(runtime_max=90, year_min=2022, year_max=2022, genres_all=("Drama",))) == [
        ({"year_min": 2022, "year_max": 2022, "runtime_max": 90}, 1, ["tt01"])
    ]


def test_one_of_several_names_is_given_up(make_films: Any) -> None:
    films = make_films([film(1, cast=("Ada",)), film(2, cast=("Bo",), genres=("Horror",))], {})
    limits = Limits(people=(Credit("Ada", "cast"), Credit("Bo", "cast")), genres_not=("Horror",))
    assert told(films, limits) == [({"people": [{"name": "Bo", "role": "cast"}]}, 1, ["tt01"])]


def test_an_empty_catalogue_has_no_way_out(make_films: Any) -> None:
    assert told(make_films([], {}), Limits(year_min=2020)) == []


@given(
    st.lists(st.tuples(st.integers(2019, 2022), st.integers(80, 130), st.integers(1, 9)), min_size=1, max_size=12),
    st.tuples(st.integers(2019, 2022), st.integers(80, 130), st.integers(1, 9)),
)
def test_what_it_says_is_what_counting_finds(make_films: Any, values: list[Any], least: Any) -> None:
    names = ("year", "runtime", "rating")
    movies = [film(n, year=y, runtime=r, rating=float(s)) for n, (y, r, s) in enumerate(values)]
    limits = Limits(**{f"{name}_min": type(v)(v) for name, v in zip(names, least, strict=True)})
    found = relaxations(limits, make_films(movies, {}), TASTE, np.ones(len(movies), np.bool_))
    for relaxation in found:
        rest = {n: getattr(relaxation.left, f"{n}_min") for n in names}
        keeping = [m for m in movies if all(v is None or getattr(m, n) >= v for n, v in rest.items())]
        assert relaxation.count == len(keeping)
        assert set(relaxation.given_up.said()) | set(relaxation.left.said()) == set(limits.said())
    counts = {
        lifted: sum(all(getattr(m, n) >= getattr(limits, f"{n}_min") for n in names if n not in lifted) for m in movies)
        for size in range(len(names) + 1)
        for lifted in combinations(names, size)
    }
    fewest = min(len(lifted) for lifted, count in counts.items() if count)
    assert {len(r.given_up.said()) for r in found} == ({fewest} if fewest else set())
    best = max(counts[lifted] for lifted in counts if len(lifted) == fewest)
    assert not fewest or found[0].count == best
