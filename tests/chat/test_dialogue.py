from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from moviechat import params
from moviechat.chat.dialogue import suggest
from moviechat.chat.taste import Taste
from moviechat.schema import Movie

TASTE = Taste.from_json(params.load(Path(__file__).parents[2] / "params.yaml").chat.model_dump())


@dataclass(frozen=True)
class FakeLink:
    tconst: str
    span: tuple[int, int]


class FakeFinder:
    """Links whole titles."""

    def __init__(self, movies: list[Movie]) -> None:
        self.movies = movies

    def link(self, text: str) -> list[FakeLink]:
        found = [FakeLink(m.tconst, at.span()) for m in self.movies for at in re.finditer(m.title, text)]
        return sorted(found, key=lambda link: link.span)


def film(n: int, title: str, *genres: str) -> Movie:
    return Movie(f"tt{n:02d}", title, title, 2020, 100, genres, 6.0, 1000)


@pytest.fixture
def shelf(make_films: Any) -> Any:
    movies = [
        film(1, "Heat", "Crime"),
        film(2, "Thief", "Crime"),
        film(3, "Robots", "Sci-Fi"),
        film(4, "Elf", "Comedy"),
        film(5, "Ronin", "Crime"),
    ]
    texts = {"tt03": "Robots learn to paint the sea.", "tt04": "An elf looks for his father in New York."}
    films = make_films(movies, texts)
    return SimpleNamespace(films=films, taste=TASTE, passages={}, finder=FakeFinder(movies))


def ids(hits: Any) -> list[str]:
    return [hit.tconst for hit in hits]


def test_films_like_those_that_the_dialogue_names_and_none_of_these(shelf: Any) -> None:
    messages = [("user", "I loved Heat"), ("assistant", "Did you see Ronin?"), ("user", "Yes. Another?")]
    hits = suggest(messages, shelf, 2)
    assert ids(hits)[0] == "tt02"
    assert not {"tt01", "tt05"} & set(ids(suggest(messages, shelf, 10)))
    assert (hits[0].title, hits[0].year) == ("Thief", 2020) and hits[0].score >= hits[1].score - 5


def test_what_the_user_says_counts_and_not_what_is_answered(shelf: Any) -> None:
    assert ids(suggest([("user", "someone who looks for his father"), ("assistant", "painting")], shelf, 1)) == ["tt04"]


def test_a_title_is_no_word_of_the_wish(shelf: Any) -> None:
    assert ids(suggest([("user", "not Robots, someone who looks for his father")], shelf, 1)) == ["tt04"]


def test_what_is_excluded_is_not_suggested(shelf: Any) -> None:
    assert "tt02" not in ids(suggest([("user", "I loved Heat")], shelf, 10, ["tt02"]))
