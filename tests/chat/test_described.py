"""A film called by what it is about."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from moviechat.chat.described import described
from moviechat.chat.known import Known
from moviechat.chat.mentions import Mentions
from moviechat.chat.state import State
from moviechat.reply import Hit
from moviechat.schema import Movie, Passage

Reads = Callable[..., Mentions]
TALKED = State(focus=("tt03",), talked=("tt12", "tt05", "tt03"))


@pytest.fixture
def told(movies: dict[str, Movie], passages: dict[str, list[Passage]]) -> Known:
    return Known(movies, dict, lambda: passages)


def _finds(*tconsts: str) -> Callable[[str, int], list[Hit]]:
    return lambda query, limit: [Hit(t, "", 0, 1.0) for t in tconsts]


@pytest.mark.parametrize(
    ("text", "words", "tconst"),
    [
        ("who made the jungle one", "the jungle one", "tt05"),
        ("that jazz piano thing, how long is it", "that jazz piano thing", "tt12"),
        ("jungle one's director", "jungle one's", "tt05"),
    ],
)
def test_a_word_of_its_text_says_which_of_the_films_under_talk(
    text: str, words: str, tconst: str, taken_apart: Reads, told: Known
) -> None:
    film = described(taken_apart(text), TALKED, told, _finds())
    assert film is not None
    assert (text[slice(*film.span)], film.films) == (words, (tconst,))


@pytest.mark.parametrize("text", ["who made the robot one", "who made the other one", "the jungle", "how long is Soul"])
def test_other_words_mean_none(text: str, taken_apart: Reads, told: Known) -> None:
    assert described(taken_apart(text), TALKED, told, _finds()) is None


def test_two_words_may_mean_a_film_not_talked_of(taken_apart: Reads, told: Known) -> None:
    film = described(taken_apart("the jungle bus one, who made that"), State(), told, _finds("tt12", "tt05"))
    assert film is not None and film.films == ("tt05",)
    assert described(taken_apart("the jungle one, who made that"), State(), told, _finds("tt05")) is None
    assert described(taken_apart("something like the jungle bus one"), State(), told, _finds("tt05")) is None


def test_a_person_and_a_word_may_mean_a_film_not_talked_of(taken_apart: Reads, told: Known) -> None:
    film = described(taken_apart("the jazz one with Jamie Foxx"), State(), told, _finds())
    assert film is not None and film.films == ("tt12",)
    assert described(taken_apart("the robot one with Jamie Foxx"), State(), told, _finds("tt12")) is None


def test_a_refused_film_of_somebody_is_called_by_what_it_is_about(taken_apart: Reads, told: Known) -> None:
    text = "I want films with Jamie Foxx, but not the jazz piano one"
    film = described(taken_apart(text), State(), told, _finds())
    assert film is not None and film.films == ("tt12",)
    assert (
        described(taken_apart("I want films with Jamie Foxx, like the jazz piano one"), State(), told, _finds()) is None
    )
