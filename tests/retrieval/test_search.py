from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moviechat.errors import BundleError
from moviechat.retrieval.filters import Filters
from moviechat.retrieval.index import Index
from moviechat.retrieval.search import Search
from moviechat.schema import Movie


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


def test_a_name_needs_no_vector(index_folder: Path, movies: list[Movie]) -> None:
    class Refusing:
        name, width = "hashing", 64

        def encode(self, texts: object) -> object:
            raise AssertionError("a question that names its film must not load the encoder")

    search = Search(Index(index_folder, movies), Refusing(), movies)  # type: ignore[arg-type]
    assert search.search("Who directed Parasite?")[0].title == "Parasite"


def test_the_parts_of_a_score_add_up(search: Search) -> None:
    for found in search.explain("a bus in the jungle"):
        assert sum(found.parts.values()) == pytest.approx(found.hit.score, abs=1e-3)


@pytest.mark.parametrize(
    "query", ["", "   ", "?!…", "\x00", "🎬🎬", "the of and", "x" * 100_000, "映画 фильм فيلم", "\ud800"]
)
def test_any_text_is_answered(search: Search, query: str) -> None:
    assert len(search.search(query, 5)) <= 5
    search.link(query)
    search.link_people(query)


@given(
    st.tuples(st.none() | st.integers(2018, 2023), st.none() | st.integers(2018, 2023)),
    st.tuples(st.none() | st.integers(70, 110), st.none() | st.integers(70, 110)),
    st.sampled_from([(), ("Horror",), ("Drama", "Thriller"), ("drama",)]),
    st.sampled_from(["a family", "a bus in the jungle", "", "Pinocchio"]),
)
def test_filters_are_exact(
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
    hits = search.search(query, len(movies), Filters(years=years, runtime=runtime, genres=genres))
    assert {h.tconst for h in hits} == right


def test_an_index_of_another_catalogue_is_refused(index_folder: Path, movies: list[Movie]) -> None:
    with pytest.raises(BundleError, match="another catalogue"):
        Index(index_folder, movies[1:])


def test_a_missing_index_says_how_to_build_it(tmp_path: Path, movies: list[Movie]) -> None:
    with pytest.raises(BundleError, match="dvc repro build_index"):
        Index(tmp_path, movies)
