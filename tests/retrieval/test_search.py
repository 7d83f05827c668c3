"""The one call that finds films."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moviechat.errors import BundleError
from moviechat.limits import NUMBERS, Credit, Limits
from moviechat.retrieval import search as search_module
from moviechat.retrieval.index import Index
from moviechat.retrieval.search import Search
from moviechat.retrieval.sparse import Weights
from moviechat.schema import Movie, Passage


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("a bus lost in the jungle", "Diablo Rojo PTY"),
        ("doubles in red with scissors", "Us"),
        ("the man who cuts off his own fingers on an island", "The Banshees of Inisherin"),
        ("Who directed Parasite?", "Parasite"),
        ("who directed parasite?", "Parasite"),
        ("How long is Nomadlnad?", "Nomadland"),
        ("What is Tar about?", "Tár"),
        ("What is Gisaengchung about?", "Parasite"),
    ],
)
def test_the_right_film_comes_first(search: Search, query: str, title: str) -> None:
    assert search.search(query)[0].title == title


def test_hits_are_sorted_and_limited(search: Search) -> None:
    hits = search.search("a family and a puppet", 3)
    assert len(hits) == 3
    assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)


def test_a_name_needs_no_encoder(built: Path, movies: list[Movie], tmp_path: Path, weights: Weights) -> None:
    search = Search.load(built, tmp_path / "no encoder", movies, weights)
    assert search.search("Who directed Parasite?")[0].title == "Parasite"
    with pytest.raises(BundleError, match="has no encoder"):
        search.search("a bus lost in the jungle")


def test_another_encoder_is_refused(
    built: Path, movies: list[Movie], make_encoder: Callable[[], Any], weights: Weights
) -> None:
    other = make_encoder()
    other.name = "other"
    with pytest.raises(BundleError, match="not the one that the index was built with"):
        Search(Index(built, movies), other, movies, weights).search("a bus lost in the jungle")


def test_namesakes_follow_the_film_that_is_meant(search: Search) -> None:
    assert [h.tconst for h in search.search("Who directed Prey?", 2)] == ["tt08", "tt07"]
    assert [h.tconst for h in search.search("Who directed Prey (2019)?", 2)] == ["tt07", "tt08"]


@pytest.mark.parametrize(
    "query", ["a horror film by Jordan Peele", "jordan peele's films of 2022", "jordan peele, 2022"]
)
def test_people_and_years_count(search: Search, query: str) -> None:
    hits = [h.title for h in search.search(query, 2)]
    assert set(hits) == {"Us", "Nope"} and (hits[0] == "Nope") >= ("2022" in query)


def test_a_film_without_a_text_is_found_by_its_title(search: Search) -> None:
    assert search.search("is the oz diary good?", 1)[0].tconst == "tt15"


def test_a_limit_alone_gives_the_films_with_the_most_votes(search: Search) -> None:
    hits = search.search("", 3, Limits(people=(Credit("Jordan Peele"),)))
    assert [h.title for h in hits] == ["Us", "Nope"]


def test_nothing_keeps_impossible_limits(search: Search) -> None:
    assert search.search("a bus lost in the jungle", 5, Limits(genres_all=("Western",))) == []
    assert search.search("Who directed Parasite?", 5, Limits(people=(Credit("Nobody Atall"),))) == []


def test_a_search_among_no_films(
    tmp_path: Path, make_index: Callable[..., Path], make_encoder: Callable[[], Any], weights: Weights
) -> None:
    search = Search(Index(make_index(tmp_path, [], {}), []), make_encoder(), [], weights)
    assert search.search("a bus lost in the jungle") == search.linker.films("Who directed Us?") == []


def test_films_without_any_text(
    tmp_path: Path,
    make_index: Callable[..., Path],
    make_encoder: Callable[[], Any],
    movies: list[Movie],
    weights: Weights,
) -> None:
    search = Search(Index(make_index(tmp_path, movies, {}), movies), make_encoder(), movies, weights)
    assert search.search("nomadland in winter", 1)[0].title == "Nomadland"


def test_a_catalogue_in_inverted_lists_is_searched_as_any_other(
    make_index: Callable[..., Path], make_encoder: Callable[[], Any], tmp_path: Path, weights: Weights
) -> None:
    drawn = random.Random(3)
    words = ["".join(drawn.choices("bdklmnrst", k=3)) + "ao"[i % 2] + str(i) for i in range(400)]
    texts = {f"tt{i:04d}": drawn.choices(words, k=14) for i in range(500)}
    movies = [Movie(t, f"Film {t}", f"Film {t}", 2000 + i % 20, 90, (), 5.0, 100) for i, t in enumerate(texts)]
    passages = {t: [Passage(t, 0, " ".join(told), None, "test", None, None, None)] for t, told in texts.items()}
    folder = make_index(tmp_path, movies, passages, exact_passages=100)
    search = Search(Index(folder, movies), make_encoder(), movies, weights)
    for movie in movies[::25]:
        query = "a story with " + " ".join(texts[movie.tconst][:7])
        assert search.search(query)[0].tconst == movie.tconst
        within = Limits(year_min=movie.year, year_max=movie.year)
        hits = search.search(query, 30, within)
        assert hits[0].tconst == movie.tconst
        assert {h.year for h in hits} == {movie.year}
        assert len(hits) == sum(m.year == movie.year for m in movies)


def test_a_film_is_found_once_by_the_entry_that_stands_for_it(
    tmp_path: Path, make_index: Callable[..., Path], make_encoder: Callable[[], Any], weights: Weights
) -> None:
    soul = Movie("tt2", "Soul", "Soul", 2020, 100, (), 8.0, 9)
    movies = [Movie("tt1", "Soul (4K UHD)", "Soul (4K UHD)", 2020, 101, (), 8.0, 5, same_as="tt2"), soul]
    texts = {"tt1": [Passage("tt1", 0, "A pianist falls into a manhole.", None, "test", None, None, None)]}
    search = Search(Index(make_index(tmp_path, movies, texts), movies), make_encoder(), movies, weights)
    for query in ("a pianist falls into a manhole", "Who directed Soul?", "soul (4k uhd)"):
        assert [h.tconst for h in search.search(query)] == ["tt2"]
        assert [h.tconst for h in search.search(query, within=Limits(runtime_min=101))] == ["tt1"]


def test_the_parts_of_a_score_add_up(search: Search) -> None:
    for found in search.explain("a bus in the jungle"):
        assert sum(found.parts.values()) == pytest.approx(found.hit.score, abs=1e-3)


@pytest.mark.parametrize(
    "query", ["", "   ", "?!…", "\x00", "🎬🎬", "the of and", "x" * 100_000, "映画 фильм فيلم", "\ud800"]
)
def test_any_text_is_answered(search: Search, query: str) -> None:
    assert len(search.search(query, 5)) <= 5


@given(
    st.tuples(st.none() | st.integers(2018, 2023), st.none() | st.integers(2018, 2023)),
    st.tuples(st.none() | st.integers(70, 110), st.none() | st.integers(70, 110)),
    st.sampled_from([(), ("Horror",), ("Drama", "Thriller"), ("drama",)]),
    st.sampled_from(["a family", "a bus in the jungle", "", "Who directed Prey?"]),
)
def test_limits_are_exact(
    search: Search,
    movies: list[Movie],
    years: tuple[int | None, int | None],
    runtime: tuple[int | None, int | None],
    genres: tuple[str, ...],
    query: str,
) -> None:
    def inside(value: float | None, limits: tuple[int | None, int | None]) -> bool:
        if limits == (None, None):
            return True
        return value is not None and (limits[0] or 0) <= value <= (limits[1] or 9999)

    wanted = {g.lower() for g in genres}
    right = {
        m.tconst
        for m in movies
        if inside(m.year, years) and inside(m.runtime, runtime) and wanted <= {g.lower() for g in m.genres}
    }
    within = _limits(year=years, runtime=runtime, genres_all=genres)
    hits = search.search(query, len(movies), within)
    once = right - {m.tconst for m in movies if m.same_as in right}
    assert {h.tconst for h in hits} == (once if query or within else set())


_LIMITS = st.tuples(st.none() | st.integers(0, 9), st.none() | st.integers(0, 9))


@given(
    _LIMITS,
    _LIMITS,
    st.sampled_from([(), ("Jordan Peele",), ("jordan peele", "Todd Field")]),
    st.sampled_from([(), ("Horror",), ("drama", "War")]),
    st.sampled_from(["a family", "who directed Us?", "villeneuve's latest film", ""]),
    st.integers(1, 4),
)
def test_limits_hold_before_films_are_ranked(
    search: Search,
    movies: list[Movie],
    rating: tuple[int | None, int | None],
    votes: tuple[int | None, int | None],
    people: tuple[str, ...],
    without: tuple[str, ...],
    query: str,
    limit: int,
) -> None:
    scaled = (votes[0] and votes[0] * 100_000, votes[1] and votes[1] * 100_000)
    within = _limits(rating=rating, votes=scaled, people=tuple(map(Credit, people)), genres_not=without)
    everything = [h.tconst for h in search.search(query, len(movies), within)]
    assert [h.tconst for h in search.search(query, limit, within)] == everything[:limit]
    if not query and not within:
        assert everything == []
        return
    free = {h.tconst: h.score for h in search.search(query, len(movies))}
    if query:
        assert [t for t in everything if t in free] == [t for t in free if t in everything]
    names = {p.casefold() for p in people}
    for movie in (m for m in movies if m.tconst not in everything and m.same_as not in everything):
        outside_rating = rating != (None, None) and (movie.rating is None or not _inside(movie.rating, rating))
        shunned = {g.casefold() for g in without} & {g.casefold() for g in movie.genres}
        strangers = names - {d.casefold() for d in movie.directors}
        assert outside_rating or not _inside(movie.votes, scaled) or shunned or strangers


def _limits(**said: Any) -> Limits:
    """Limits whose ranges are said as pairs: `year=(2019, None)`."""
    spans = {name: value for name, value in said.items() if name in NUMBERS}
    ends = {f"{n}_{end}": value for n, span in spans.items() for end, value in zip(("min", "max"), span, strict=True)}
    return Limits(**ends, **{name: value for name, value in said.items() if name not in spans})


def _inside(value: float, limits: tuple[float | None, float | None]) -> bool:
    return (limits[0] is None or value >= limits[0]) and (limits[1] is None or value <= limits[1])


def test_an_index_of_another_catalogue_is_refused(built: Path, movies: list[Movie]) -> None:
    with pytest.raises(BundleError, match="another catalogue"):
        Index(built, movies[1:])


def test_a_missing_index_says_how_to_build_it(tmp_path: Path, movies: list[Movie]) -> None:
    with pytest.raises(BundleError, match="dvc repro build_index"):
        Index(tmp_path, movies)


@given(st.integers(0, 2**32 - 1), st.sampled_from([1, 2, 200]), st.booleans())
@settings(max_examples=20, deadline=None)
def test_the_highest_of_many_scores_are_those_of_sorting(seed: int, count: int, few: bool) -> None:
    draw = np.random.default_rng(seed)
    scores = draw.integers(0, 9, 120_000).astype(float) if few else draw.normal(size=120_000)
    scores[draw.integers(0, len(scores), 1000)] = -np.inf
    found = search_module._highest(scores, count)
    assert np.sort(scores[found]).tolist() == np.sort(scores)[-count:].tolist()


STORY = "a lost bus drives through the jungle where the men hide from an old curse " * 3


def _asked(search: Search, encoder: Any, query: str) -> list[str]:
    found = search.search(query)
    assert found[0].title == "Diablo Rojo PTY"
    return list(encoder.asked)


def test_a_long_description_is_embedded_by_its_beginning(
    built: Path, movies: list[Movie], make_encoder: Callable[[], Any], weights: Weights
) -> None:
    encoder = make_encoder()
    search = Search(Index(built, movies), encoder, movies, replace(weights, settled_by=1e6))
    assert _asked(search, encoder, "a lost bus drives " * 100) == [("a lost bus drives " * 20).strip()]


def test_a_story_that_words_have_settled_is_not_embedded(
    built: Path, movies: list[Movie], make_encoder: Callable[[], Any], weights: Weights
) -> None:
    encoder = make_encoder()
    search = Search(Index(built, movies), encoder, movies, weights)
    assert _asked(search, encoder, STORY) == []
    assert _asked(search, encoder, STORY[:60]) == [STORY[:60].strip()]
