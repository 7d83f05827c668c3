"""Which films a text names."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moviechat.retrieval.search import Search
from moviechat.schema import Movie


def _linked(search: Search, text: str) -> list[str]:
    return [link.tconst for link in search.link(text)]


@pytest.mark.parametrize(
    ("text", "tconsts"),
    [
        ("Who directed Parasite?", ["tt01"]),
        ("who directed parasite", ["tt01"]),
        ("How long is 1917?", ["tt02"]),
        ("Who directed Us?", ["tt03"]),
        ("who directed us?", ["tt03"]),
        ("us", ["tt03"]),
        ('Is "Old" worth it?', ["tt12"]),
        ("I liked the film Old very much, did you?", ["tt12"]),
        ("what happens at the end of the lost daughter", ["tt05"]),
        ("Tell me about Lost Daughter", ["tt05"]),
        ("Who is in The Rise of Skywalker?", ["tt06"]),
        ("Who made Star Wars: Episode IX?", ["tt06"]),
        ("What is alcarras about?", ["tt09"]),
        ("Who directed Alcarras, the Peach Trees?", ["tt09"]),
        ("What is the only refuge the characters have in Diablo Rojo PTY?", ["tt10"]),
        ("Is Parasite longer than 1917?", ["tt01", "tt02"]),
        ("Who directed Nope and Us?", ["tt04", "tt03"]),
        ("Who is Parasite's director?", ["tt01"]),
        ("기생충의 밤의 감독은 누구?", ["tt13"]),
        ("is tár longer than nomadland?", ["tt19", "tt17"]),
        ("What happens in Us?", ["tt03"]),
        ("What is Gisaengchung about?", ["tt01"]),
        ("Who made the banshees of inisherin?", ["tt18"]),
        ("Who directed Dune?", ["tt20"]),
        ("dune", ["tt20"]),
        ("Is Old any good?", ["tt12"]),
    ],
)
def test_named(search: Search, text: str, tconsts: list[str]) -> None:
    assert _linked(search, text) == tconsts


@pytest.mark.parametrize(
    "text",
    [
        "What should the two of us watch tonight?",
        "Is it old?",
        "Tell me about an old film",
        "Tell us about your family.",
        "What is the capital of France?",
        "Who directed The Wizard of Oz?",
        "Who directed Parasite (1982)?",
        "Who directed The Godfather?",
        "A poor family of four slowly takes over the house of a rich one, as us old ones do.",
        "Hello!",
        "what is 19+17?",
        "Is Sorceress (1917) any good?",
        "Is Teen Beach 1917 any good?",
        "Is old on delivery any good?",
        "Who directed A Day of Old (2021)?",
        "Is Uss any good?",
        "Who directed Star Wars: A New Hope?",
        "Who directed Dune: Part Seven?",
    ],
)
def test_no_film_is_named(search: Search, text: str) -> None:
    assert _linked(search, text) == []


@pytest.mark.parametrize(
    ("text", "tconst"),
    [
        ("Who directed Parasitte?", "tt01"),
        ("who directed diablo rjoo pty", "tt10"),
        ("What is The Lsot Daughter about?", "tt05"),
        ("Tell me about Zack Snyders Justice Laegue", "tt11"),
    ],
)
def test_one_typo(search: Search, text: str, tconst: str) -> None:
    links = search.link(text)
    assert [(link.tconst, link.how) for link in links] == [(tconst, "typo")]


def test_a_number_is_no_typo(search: Search) -> None:
    assert _linked(search, "How long is 1918?") == []


@pytest.mark.parametrize(
    ("text", "tconst", "others"),
    [
        ("Who directed Prey?", "tt08", ("tt07",)),
        ("Who directed Prey (2019)?", "tt07", ("tt08",)),
        ("Who directed the 2019 film Prey?", "tt07", ("tt08",)),
        ("In 2019 there was a film, who directed Prey?", "tt07", ("tt08",)),
    ],
)
def test_of_one_name_the_year_decides_then_the_votes(
    search: Search, text: str, tconst: str, others: tuple[str, ...]
) -> None:
    (link,) = search.link(text)
    assert (link.tconst, link.others) == (tconst, others)


def test_a_film_listed_twice_is_not_ambiguous(search: Search) -> None:
    (link,) = search.link("Who directed Zack Snyder's Justice League?")
    assert (link.tconst, link.others, len(link.rows)) == ("tt11", (), 2)


def test_an_exact_title_is_always_linked(search: Search, movies: list[Movie]) -> None:
    for movie in movies:
        for text in (movie.title, f'Who directed "{movie.title}"?', f"who directed {movie.title.lower()}"):
            named = {movies[row].tconst for link in search.link(text) for row in link.rows}
            assert movie.tconst in named, text


# Words that titles, questions and years are made of: they get further than arbitrary text does.
_WORDS = st.sampled_from(
    """who directed is old us the of parasite Parasite prey (2019) 2019 "Nope" lost daughter zack snyder's 1917 and in
    film about Oz 기생충의 밤 , . ? ! ' “ ” \n \0 🎬 parasitte it diablo rojo""".split()
)


@settings(max_examples=300)
@given(st.one_of(st.text(max_size=200), st.lists(_WORDS, max_size=30).map(" ".join)))
def test_any_text_is_read_and_spans_lie_in_it(search: Search, text: str) -> None:
    end = 0
    for link in search.link(text):
        assert end <= link.span[0] < link.span[1] <= len(text)
        end = link.span[1]
    for person in search.link_people(text):
        assert 0 <= person.span[0] < person.span[1] <= len(text)


@given(st.integers(0, 18), st.text(" .,!?\"'", max_size=5), st.booleans())
def test_punctuation_and_case_around_a_title_do_not_hide_it(
    search: Search, movies: list[Movie], row: int, marks: str, lower: bool
) -> None:
    title = movies[row].title.lower() if lower else movies[row].title
    assert row in {r for link in search.link(f"{marks}{title}{marks[::-1]}") for r in link.rows}
