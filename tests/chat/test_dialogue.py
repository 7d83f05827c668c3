from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from moviechat import params
from moviechat.chat.dialogue import suggest
from moviechat.chat.phrases import Phrases
from moviechat.chat.taste import Taste
from moviechat.linking import FilmMention, PersonMention
from moviechat.schema import Movie

TASTE = Taste.from_json(params.load(Path(__file__).parents[2] / "params.yaml").chat.model_dump())


class FakeLinker:
    """Links whole titles, and no people."""

    def __init__(self, movies: list[Movie]) -> None:
        self._movies = movies

    def films(self, text: str) -> list[FilmMention]:
        return [
            FilmMention(at.span(), (m.tconst,), (), (), "exact", 0.9)
            for m in self._movies
            for at in re.finditer(m.title, text)
        ]

    def people(self, text: str) -> list[PersonMention]:
        return []


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
    moods = Phrases({name: "|".join(mood.words) for name, mood in TASTE.moods.items()})
    return SimpleNamespace(films=films, taste=TASTE, passages={}, linker=FakeLinker(movies), moods=moods)


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


def test_what_is_excluded_is_not_suggested(shelf: Any) -> None:
    assert "tt02" not in ids(suggest([("user", "I loved Heat")], shelf, 10, ["tt02"]))


def test_a_genre_or_a_mood_that_is_spoken_of_is_welcome_and_a_denied_one_is_not(shelf: Any) -> None:
    assert ids(suggest([("user", "I like comedies best")], shelf, 1)) == ["tt04"]
    assert ids(suggest([("user", "please make me laugh")], shelf, 1)) == ["tt04"]
    assert set(ids(suggest([("user", "no comedy, but a crime film")], shelf, 3))) == {"tt01", "tt02", "tt05"}
