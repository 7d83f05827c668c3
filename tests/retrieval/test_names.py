import pytest
from hypothesis import given
from hypothesis import strategies as st

from moviechat.retrieval.search import Search
from moviechat.schema import Movie


def _titles(search: Search, text: str) -> list[str]:
    return [link.title for link in search.link(text)]


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("Who directed Parasite?", ["Parasite"]),
        ("is tár longer than nomadland?", ["Tár", "Nomadland"]),
        ("What happens in Us?", ["Us"]),
        ("Tell us about your family.", []),
        ("What is the capital of France?", []),
        ("Who made the banshees of inisherin?", ["The Banshees of Inisherin"]),
    ],
)
def test_titles_are_linked_where_they_are_meant(search: Search, text: str, titles: list[str]) -> None:
    assert _titles(search, text) == titles


def test_of_two_films_of_one_name_the_year_decides_and_else_the_votes(search: Search) -> None:
    (dated,) = search.link("How long is Pinocchio (2019)?")
    assert dated.year == 2019
    (bare,) = search.link("How long is Pinocchio?")
    assert bare.year == 2022
    assert bare.others == ("tt0000004",)


@given(st.text())
def test_spans_lie_inside_any_text(search: Search, text: str) -> None:
    for link in search.link(text):
        assert 0 <= link.span[0] < link.span[1] <= len(text)


@given(st.integers(0, 7), st.sampled_from(["Who directed {}?", "What is {} about?", "How does {} end?"]))
def test_an_exact_title_in_a_question_is_always_linked(
    search: Search, movies: list[Movie], row: int, template: str
) -> None:
    assert movies[row].title in _titles(search, template.format(movies[row].title))
