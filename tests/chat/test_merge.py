"""What a turn changes of the limits on the table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moviechat.chat.merge import merged, opposite, related
from moviechat.chat.wanting import Relative, Wanting
from moviechat.limits import Limits
from moviechat.schema import Movie

HORROR = Limits(genres_all=("Horror",), year_min=2019, year_max=2019, runtime_max=100)


def _merged(
    base: Limits, said: Limits | None = None, *, instead: bool = False, too: bool = False, **want: Any
) -> Limits:
    return merged(base, Wanting(limits=said or Limits(), **want), instead=instead, too=too)


def test_new_limits_join_those_on_the_table() -> None:
    both = _merged(HORROR, Limits(genres_all=("Comedy",), rating_min=7.0, countries_any=("Spain",)))
    assert both == Limits(
        genres_all=("Horror", "Comedy"),
        year_min=2019,
        year_max=2019,
        runtime_max=100,
        rating_min=7.0,
        countries_any=("Spain",),
    )


def test_lifted_limits_go_and_freed_genres_too() -> None:
    assert _merged(HORROR, lifted=("year_min", "year_max")) == Limits(genres_all=("Horror",), runtime_max=100)
    assert _merged(HORROR, freed=("Horror",)).genres_all == ()


def test_genres_replace_where_the_turn_says_instead() -> None:
    assert _merged(HORROR, Limits(genres_all=("War",)), instead=True).genres_all == ("War",)
    assert _merged(HORROR, Limits(runtime_max=90), instead=True).genres_all == ("Horror",)


def test_a_genre_that_is_not_wanted_leaves_and_one_that_is_comes_back() -> None:
    without = _merged(HORROR, Limits(genres_not=("Horror",)))
    assert (without.genres_all, without.genres_not) == ((), ("Horror",))
    again = _merged(without, Limits(genres_all=("Horror",)))
    assert (again.genres_all, again.genres_not) == (("Horror",), ())


def test_one_of_several_genres_is_chosen() -> None:
    base = Limits(genres_any=("Comedy", "Drama"))
    assert _merged(base, Limits(genres_all=("Drama",))) == Limits(genres_all=("Drama",))
    assert _merged(base, Limits(genres_any=("War", "Drama"))).genres_any == ("War", "Drama")


@pytest.mark.parametrize(
    ("before", "said", "after"),
    [
        ((None, 100), (None, 90), (None, 90)),
        ((80, 100), (None, 90), (80, 90)),
        ((95, 100), (None, 90), (None, 90)),
        ((None, 100), (120, None), (120, None)),
        ((80, None), (None, 100), (80, 100)),
        ((80, 100), (90, 95), (90, 95)),
    ],
)
def test_ends_of_a_range_give_way_where_they_clash(
    before: tuple[int | None, int | None], said: tuple[int | None, int | None], after: tuple[int | None, int | None]
) -> None:
    base, new = (Limits(runtime_min=low, runtime_max=high) for low, high in (before, said))
    assert _merged(base, new) == Limits(runtime_min=after[0], runtime_max=after[1])


def test_years_widen_where_the_turn_says_too() -> None:
    assert _merged(HORROR, Limits(year_min=2021, year_max=2021), too=True).year_max == 2021
    assert _merged(HORROR, Limits(year_min=2021, year_max=2021), too=True).year_min == 2019
    assert _merged(HORROR, Limits(year_min=2021, year_max=2021)).year_min == 2021


def test_a_single_year_is_given_up_for_an_open_range() -> None:
    later = _merged(HORROR, Limits(year_min=2018))
    assert (later.year_min, later.year_max) == (2018, None)


def test_more_than_the_middle_and_more_than_each(movies: Mapping[str, Movie]) -> None:
    films = [movies[t] for t in ("tt05", "tt07", "tt06")]  # 80, 97 and 112 minutes
    assert related(Limits(), Relative("runtime", False), films, beyond=False) == Limits(runtime_max=96)
    assert related(Limits(), Relative("runtime", False), films, beyond=True) == Limits(runtime_max=79)
    assert related(Limits(), Relative("runtime", True), films, beyond=True) == Limits(runtime_min=113)
    assert related(Limits(), Relative("rating", True), films, beyond=True) == Limits(rating_min=7.2)


def test_a_limit_that_clashes_with_more_gives_way(movies: Mapping[str, Movie]) -> None:
    films = [movies["tt06"]]
    assert related(Limits(runtime_max=100), Relative("runtime", True), films, beyond=True) == Limits(runtime_min=113)
    assert related(Limits(runtime_max=200), Relative("runtime", True), films, beyond=True) == Limits(
        runtime_min=113, runtime_max=200
    )
    assert related(HORROR, Relative("runtime", True), [movies["tt08"]], beyond=True) == HORROR  # has no runtime


def test_the_opposite_turns_the_number_that_stands_alone() -> None:
    assert opposite(Limits(votes_min=100_000)) == Limits(votes_max=100_000)
    assert opposite(Limits(runtime_min=80, runtime_max=90, rating_max=6.0)) == Limits(
        runtime_min=80, runtime_max=90, rating_min=6.0
    )
    assert opposite(Limits(genres_all=("War",))) == Limits(genres_all=("War",))


GENRES = st.lists(st.sampled_from(["Horror", "War", "Comedy"]), max_size=2, unique=True).map(tuple)


@given(
    base=st.builds(Limits, GENRES, GENRES, GENRES), new=st.builds(Limits, GENRES, GENRES, GENRES), instead=st.booleans()
)
def test_what_a_turn_says_of_genres_holds_after_it(base: Limits, new: Limits, instead: bool) -> None:
    after = _merged(base, new, instead=instead)
    assert set(new.genres_all) <= set(after.genres_all)
    assert set(new.genres_not) <= set(after.genres_not)
    assert not new.genres_any or after.genres_any == new.genres_any


@given(ends=st.lists(st.none() | st.integers(60, 200), min_size=4, max_size=4))
def test_a_range_never_closes(ends: list[int | None]) -> None:
    (a, b), (c, d) = (sorted(e, key=lambda x: x or 0) if None not in e else e for e in (ends[:2], ends[2:]))
    after = _merged(Limits(runtime_min=a, runtime_max=b), Limits(runtime_min=c, runtime_max=d))
    low, high = after.runtime_min, after.runtime_max
    assert low is None or high is None or low <= high
    assert c is None or low == c
    assert d is None or high == d


def test_a_dropped_genre_leaves_the_wish_or_is_refused() -> None:
    want = Wanting(freed=("Action",), removed=("Action",))
    assert merged(Limits(genres_all=("Action", "Crime")), want, instead=False, too=False) == Limits(
        genres_all=("Crime",)
    )
    assert merged(Limits(genres_all=("Crime",)), want, instead=False, too=False) == Limits(
        genres_all=("Crime",), genres_not=("Action",)
    )
