from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moviechat import params
from moviechat.chat.recommend import Picked, recommend
from moviechat.chat.taste import Taste
from moviechat.chat.wish import Like, Order, Wish
from moviechat.errors import DataError
from moviechat.limits import Credit, Limits
from moviechat.schema import Movie, Passage

TASTE = Taste.from_json(params.load(Path(__file__).parents[2] / "params.yaml").chat.model_dump())
PLAIN = replace(TASTE, weights=dict.fromkeys(TASTE.weights, 0.0))


def only(**weights: float) -> Taste:
    """The taste that weighs nothing else."""
    return replace(PLAIN, weights=PLAIN.weights | weights)


@dataclass
class FakeShelf:
    films: Any
    taste: Taste
    passages: Mapping[str, Sequence[Passage]] = field(default_factory=dict)


@pytest.fixture(scope="session")
def make_shelf(make_films: Any) -> Callable[..., FakeShelf]:
    """Makes what `recommend` reads: `make_shelf(movies, texts by tconst, taste)`."""

    def make(movies: Sequence[Movie], texts: Mapping[str, str] | None = None, taste: Taste = TASTE) -> FakeShelf:
        passages = {t: [Passage(t, 0, text, None, "test", None, None, None)] for t, text in (texts or {}).items()}
        return FakeShelf(make_films(movies, texts or {}), taste, passages)

    return make


def film(n: int, **more: Any) -> Movie:
    known = {"title": f"Film {n}", "original_title": f"Film {n}", "year": 2020, "runtime": 100, "genres": ("Drama",)}
    return Movie(**{"tconst": f"tt{n:02d}", **known, "rating": 6.0, "votes": 1000, **more})


def ids(picked: Picked) -> list[str]:
    return [pick.movie.tconst for pick in picked.picks]


GENRES = ("Comedy", "Drama", "Horror", "Romance")
PEOPLE = ("Ada", "Bo", "Cy")
MOVIES = st.builds(
    film,
    n=st.just(0),
    title=st.sampled_from(["One", "Two", "Three"]),
    year=st.integers(2019, 2022),
    runtime=st.none() | st.integers(60, 200),
    genres=st.lists(st.sampled_from(GENRES), max_size=3, unique=True).map(tuple),
    rating=st.none() | st.integers(10, 100).map(lambda n: n / 10),
    votes=st.sampled_from([0, 5, 900, 40_000, 900_000]),
    directors=st.lists(st.sampled_from(PEOPLE), max_size=1).map(tuple),
    cast=st.lists(st.sampled_from(PEOPLE), max_size=2, unique=True).map(tuple),
)


def catalogue(movies: Sequence[Movie]) -> list[Movie]:
    """The films under ids; those of one title, year and director are entries of one."""
    named = [replace(m, tconst=f"tt{i:02d}") for i, m in enumerate(movies)]
    first: dict[object, Movie] = {}
    for movie in sorted(named, key=lambda m: (-m.votes, m.tconst)):
        first.setdefault((movie.title, movie.year, movie.directors or movie.tconst), movie)
    standing = {m.tconst: first[m.title, m.year, m.directors or m.tconst].tconst for m in named}
    return [replace(m, same_as=standing[m.tconst] if standing[m.tconst] != m.tconst else None) for m in named]


CATALOGUES = st.lists(MOVIES, max_size=14).map(catalogue)
NAMES = st.lists(st.sampled_from(GENRES), max_size=2, unique=True).map(tuple)
LIMITS = st.builds(
    Limits,
    genres_all=NAMES,
    genres_any=NAMES,
    genres_not=NAMES,
    year_min=st.none() | st.integers(2019, 2022),
    runtime_max=st.none() | st.integers(60, 200),
    rating_min=st.none() | st.integers(1, 9).map(float),
    votes_max=st.none() | st.sampled_from([5, 900, 40_000]),
    people=st.lists(
        st.builds(Credit, st.sampled_from(PEOPLE), st.sampled_from(["any", "director", "cast"])), max_size=1
    ).map(tuple),
    people_not=st.lists(st.sampled_from(PEOPLE), max_size=1).map(tuple),
)
VALUES = {
    "rating": lambda m: -m.rating,
    "worst": lambda m: m.rating,
    "votes": lambda m: -m.votes,
    "least_votes": lambda m: m.votes,
    "newest": lambda m: -m.year,
    "oldest": lambda m: m.year,
    "longest": lambda m: -m.runtime,
    "shortest": lambda m: m.runtime,
}  # fmt: skip
FIELDS = {"rating": "rating", "worst": "rating", "longest": "runtime", "shortest": "runtime"}


@settings(max_examples=150)
@given(CATALOGUES, LIMITS, st.sampled_from(sorted(VALUES)), st.sets(st.integers(0, 13), max_size=3), st.data())
def test_the_films_are_those_that_keep_the_limits_in_the_order_asked(
    make_shelf: Any, movies: list[Movie], limits: Limits, order: Order, out: set[int], data: Any
) -> None:
    shelf, excluded = make_shelf(movies), {f"tt{n:02d}" for n in out}
    twins = [{movies[row].tconst for row in rows} for rows in shelf.films.doubles()]
    excluded |= {t for group in twins if group & excluded for t in group}
    keeping = {m.tconst: m for m in movies if shelf.films.kept(m, limits) and m.tconst not in excluded}
    for group in twins:
        for twin in sorted(group & keeping.keys(), key=lambda t: (-keeping[t].votes, t))[1:]:
            del keeping[twin]
    right = [m for m in keeping.values() if getattr(m, FIELDS.get(order, "year")) is not None]
    right.sort(key=lambda m: (VALUES[order](m), -m.votes, m.tconst))
    exclude = frozenset(f"tt{n:02d}" for n in out)
    sorted_ = recommend(Wish(limits, order=order, count=14), shelf, exclude=exclude)
    assert ids(sorted_) == [m.tconst for m in right]
    fitting = recommend(Wish(limits, count=14), shelf, exclude=exclude, seed=data.draw(st.integers(0, 5)))
    assert sorted(ids(fitting)) == sorted(keeping)
    assert fitting.total == sorted_.total == len(keeping)


@settings(max_examples=40)
@given(CATALOGUES, LIMITS, st.integers(1, 4), st.integers(0, 3))
def test_more_and_more_shows_every_film_once_and_then_ends(
    make_shelf: Any, movies: list[Movie], limits: Limits, count: int, seed: int
) -> None:
    shelf, shown = make_shelf(movies), list[str]()
    while picks := ids(recommend(Wish(limits, count=count), shelf, exclude=frozenset(shown), seed=seed)):
        shown += picks
    twins = [{movies[row].tconst for row in rows} for rows in shelf.films.doubles()]
    keeping = {m.tconst for m in movies if shelf.films.kept(m, limits)}
    assert len(shown) == len(set(shown)) and set(shown) <= keeping
    assert all(any(t in shown for t in group) for group in twins if group & keeping)
    assert all(len(group & set(shown)) <= 1 for group in twins)
    assert keeping - set().union(*twins) <= set(shown)


def test_as_many_as_asked_and_five_otherwise(make_shelf: Any) -> None:
    shelf = make_shelf([film(n) for n in range(9)])
    assert [len(recommend(Wish(count=n), shelf).picks) for n in (None, 1, 3, 20)] == [5, 1, 3, 9]


def test_a_long_list_goes_on_by_score_after_the_varied_films(make_shelf: Any) -> None:
    movies = [film(n, rating=5 + n / 50) for n in range(100)]
    found = ids(recommend(Wish(count=90), make_shelf(movies, taste=only(quality=1.0))))
    assert found == [f"tt{n:02d}" for n in range(99, 9, -1)]


def test_well_known_and_good_films_come_first_without_a_wish(make_shelf: Any) -> None:
    movies = [
        film(1, rating=9.8, votes=12),
        film(2, rating=8.4, votes=800_000),
        film(3, rating=6.0, votes=900_000),
        film(4, rating=None, votes=0),
    ]
    found = ids(recommend(Wish(count=4), make_shelf(movies)))
    assert found[0] == "tt02" and found[-1] == "tt04"


def test_words_find_the_film_that_holds_them(make_shelf: Any) -> None:
    texts = {"tt01": "A chess prodigy leaves the orphanage.", "tt02": "Robots fight for the last city on Mars."}
    movies = [film(1), film(2), film(3, votes=900_000, rating=9.0)]
    assert ids(recommend(Wish(words="robots fighting"), make_shelf(movies, texts)))[0] == "tt02"


def test_a_mood_weighs_genres(make_shelf: Any) -> None:
    movies = [film(1, genres=("Horror",)), film(2, genres=("Family", "Comedy")), film(3, genres=("Drama",))]
    shelf = make_shelf(movies, taste=only(mood_genres=1.0))
    assert ids(recommend(Wish(moods=("scary",)), shelf))[0] == "tt01"
    assert ids(recommend(Wish(moods=("feelgood",)), shelf)) == ["tt02", "tt03", "tt01"]


def test_a_genre_that_is_leant_to_is_welcome_and_not_demanded(make_shelf: Any) -> None:
    shelf = make_shelf([film(1), film(2, genres=("Horror",))], taste=only(mood_genres=1.0))
    assert ids(recommend(Wish(leaning=("Horror",)), shelf)) == ["tt02", "tt01"]


def test_a_mood_that_is_none_is_refused(make_shelf: Any) -> None:
    with pytest.raises(DataError, match=r"mood 'grumpy' is not in the table chat\.moods: it has funny, "):
        recommend(Wish(moods=("grumpy",)), make_shelf([film(1)]))


LIKENESSES = {
    "like_meaning": {},
    "like_genres": {"genres": ("Horror", "Comedy")},
    "like_people": {"directors": ("Ada",)},
    "like_era": {"year": 2000},
    "like_band": {"votes": 500_000},
}  # fmt: skip


@pytest.mark.parametrize("part", LIKENESSES)
def test_each_part_of_likeness_finds_the_film_that_is_like_the_seed(make_shelf: Any, part: str) -> None:
    texts = {"tt00": "A chess prodigy grows up.", "tt01": "A chess prodigy is old.", "tt02": "A bus is lost at sea."}
    like = LIKENESSES[part]
    movies = [film(2), film(3), film(1, **like), film(0, **like)]
    wish = Wish(like=(Like("tt00"),))
    assert ids(recommend(wish, make_shelf(movies, texts, only(**{part: 1.0}))))[0] == "tt01"
    away = replace(wish, like=(Like("tt00", -1.0),))
    assert ids(recommend(away, make_shelf(movies, texts, only(**{part: 1.0}, disliked=1.0))))[-1] == "tt01"


def test_each_of_two_seeds_has_its_films(make_shelf: Any) -> None:
    genres = [("Horror",), ("Musical",)]
    movies = [film(n, genres=genres[n % 2], votes=1000 + n) for n in range(10)]
    movies += [film(n, genres=("Horror", "Musical")) for n in range(10, 12)]
    found = recommend(Wish(like=(Like("tt00"), Like("tt01")), count=4), make_shelf(movies, taste=only(like_genres=4.0)))
    assert {genre for pick in found.picks for genre in pick.movie.genres} == {"Horror", "Musical"}
    assert not {"tt00", "tt01"} & set(ids(found))


def test_the_films_of_a_wish_are_not_recommended_under_another_id(make_shelf: Any) -> None:
    movies = [film(1), film(2, same_as="tt01"), film(3)]
    shelf = make_shelf(movies)
    assert ids(recommend(Wish(like=(Like("tt01"),)), shelf)) == ["tt03"]
    assert ids(recommend(Wish(), shelf, exclude=frozenset(["tt02"]))) == ["tt03"]


def test_variety_takes_another_kind_of_film(make_shelf: Any) -> None:
    movies = [film(n, genres=("Horror",), rating=7.0) for n in range(5)] + [film(9, genres=("Comedy",), rating=6.9)]
    same, varied = (make_shelf(movies, taste=only(quality=1.0, variety=v)) for v in (0.0, 1.0))
    assert "tt09" not in ids(recommend(Wish(count=2), same))
    assert "tt09" in ids(recommend(Wish(count=2), varied))


def test_a_seed_varies_films_that_fit_alike_and_only_these(make_shelf: Any) -> None:
    movies = [film(n) for n in range(30)] + [film(90, votes=900_000, rating=9.5)]
    shelf = make_shelf(movies)
    lists = [ids(recommend(Wish(), shelf, seed=seed)) for seed in range(6)]
    assert len({tuple(found) for found in lists}) == 6
    assert {found[0] for found in lists} == {"tt90"}
    assert lists[3] == ids(recommend(Wish(), shelf, seed=3))


def test_ids_that_are_not_in_the_catalogue_are_nothing(make_shelf: Any) -> None:
    shelf = make_shelf([film(1)])
    assert ids(recommend(Wish(like=(Like("tt77"), Like("tt78", -1))), shelf, exclude=frozenset(["tt79"]))) == ["tt01"]


def test_nothing_fits_and_what_would(make_shelf: Any) -> None:
    shelf = make_shelf([film(n, runtime=100 + n) for n in range(3)])
    found = recommend(Wish(Limits(runtime_max=90, genres_all=("Drama",))), shelf, exclude=frozenset(["tt02"]))
    assert (found.picks, found.total, found.kept) == ((), 0, 0)
    assert [(r.given_up, r.count) for r in found.relaxed] == [(Limits(runtime_max=90), 2)]


def test_all_that_fit_are_excluded(make_shelf: Any) -> None:
    found = recommend(Wish(), make_shelf([film(1)]), exclude=frozenset(["tt01"]))
    assert (found.picks, found.relaxed, found.total, found.kept) == ((), (), 0, 1)


def test_moods_that_ask_for_the_same_do_not_count_twice(make_shelf: Any) -> None:
    movies = [film(1, genres=("Horror", "Mystery", "Thriller")), film(2, genres=("Horror",)), film(3)]
    shelf = make_shelf(movies, taste=only(mood_genres=1.0))
    once, twice = (recommend(Wish(moods=moods), shelf).picks for moods in (("scary",), ("scary", "scary")))
    assert [(p.movie, p.score) for p in once] == [(p.movie, p.score) for p in twice]
    ahead, behind = once[0].score - once[1].score, once[1].score - once[2].score
    assert [p.movie.tconst for p in once] == ["tt01", "tt02", "tt03"] and ahead < behind / 4
