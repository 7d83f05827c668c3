"""Messages that go on about the film under discussion."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from moviechat.chat.continuing import (
    any_of_theirs,
    by_person,
    continued,
    continues,
    names_absent,
    names_one,
    tells_of,
    theirs,
)
from moviechat.chat.draft import Intent
from moviechat.chat.known import Known
from moviechat.chat.mentions import Mentions
from moviechat.chat.signals import Hints, Signals
from moviechat.chat.state import State
from moviechat.chat.understand import INTENTS
from moviechat.chat.wanting import Wanting
from moviechat.schema import Movie, Passage

Reads = Callable[..., Signals]


@pytest.fixture
def reads(taken_apart: Callable[..., Mentions], wants: Callable[[str], Wanting]) -> Reads:
    """What a message shows after a question about one film."""
    return lambda text, **table: Signals(taken_apart(text, True), wants(text), Hints(focus=True, about=True, **table))


@pytest.mark.parametrize(
    "text",
    [
        "what did he put in the drips",
        "and the robot, the big one?",
        "does a priest die in that film",
        "is it set in Rome",
    ],
)
def test_a_message_without_another_film_is_about_the_one_under_talk(text: str, reads: Reads) -> None:
    assert continues(reads(text))


@pytest.mark.parametrize(
    "text",
    [
        "a film where a robot has a dog",
        "something else like it",
        "who is in Nope",
        "comedies under 90 minutes",
        "the best horror films",
        "that one where they fold pizza boxes",
    ],
)
def test_who_asks_for_films_does_not_go_on(text: str, reads: Reads) -> None:
    assert not continues(reads(text))


def test_only_after_an_answer_about_one_film(
    taken_apart: Callable[..., Mentions], wants: Callable[[str], Wanting]
) -> None:
    text = "what did he put in the drips"
    assert not continues(Signals(taken_apart(text), wants(text), Hints(focus=True, wished=True)))


def test_one_sure_film_that_something_is_asked_of(reads: Reads) -> None:
    assert names_one(reads("Parasite, what is the son called?"))
    assert not names_one(reads("something like Parasite?"))
    assert not names_one(reads("Parasite or Joker?"))


def test_words_of_a_films_record_tell_of_it(
    movies: dict[str, Movie], passages: dict[str, list[Passage]], taken_apart: Callable[..., Mentions]
) -> None:
    known, state = Known(movies, dict, lambda: passages), State(focus=("tt05",))
    assert tells_of(taken_apart("why do the policemen come along"), state, known)
    assert not tells_of(taken_apart("why do the dentists come along"), state, known)
    assert not tells_of(taken_apart("why do the policemen come along"), State(), known)


def _shares(**given: float) -> dict[Intent, float]:
    return dict.fromkeys(INTENTS, 0.0) | given  # type: ignore[return-value]


def test_a_story_is_asked_of_the_film_and_a_field_as_a_fact(reads: Reads) -> None:
    found = continued(_shares(identify=0.6, wish=0.3, fact=0.1), 0.0, reads("what did he put in the drips"))
    assert (found["plot"], found["identify"], found["wish"]) == (0.6, 0.0, 0.3)
    found = continued(_shares(identify=0.6, fact=0.3), 0.0, reads("did Ines have a hand in the screenplay"))
    assert found["fact"] == pytest.approx(0.9)


def test_what_the_record_has_is_no_small_talk_and_no_wish(reads: Reads) -> None:
    found = continued(_shares(smalltalk=0.5, wish=0.3, plot=0.1), 0.0, reads("and those green pills", told=True))
    assert found["plot"] == pytest.approx(0.9)
    assert found["smalltalk"] == found["wish"] == 0.0


def test_what_no_table_has_may_stand_in_the_text(reads: Reads) -> None:
    found = continued(_shares(fact=0.5, plot=0.2), 0.4, reads("how long was he in prison"))
    assert (found["fact"], found["plot"]) == (pytest.approx(0.1), pytest.approx(0.6))
    found = continued(_shares(fact=0.5, plot=0.2), 0.4, reads("which languages do they speak, really"))
    assert (found["fact"], found["plot"]) == (pytest.approx(0.5), pytest.approx(0.2))


@pytest.mark.parametrize(
    ("text", "looked_for"),
    [
        ("he did that daft thing with the moon, name of it", True),
        ("Jamie Foxx was in the jazz piano one too, what was it", True),
        ("she has something wrong with her heart in it, whats it called", False),
        ("what is the name of the film", False),
    ],
)
def test_a_film_is_looked_for_by_what_somebody_did_in_it(text: str, looked_for: bool, reads: Reads) -> None:
    assert by_person(reads(text, people=True)) is looked_for


def test_a_question_about_a_film_that_is_not_here(
    taken_apart: Callable[..., Mentions], wants: Callable[[str], Wanting]
) -> None:
    def sure(text: str) -> Signals:
        m = taken_apart(text)
        return Signals(replace(m, films=tuple(replace(f, score=0.9) for f in m.films)), wants(text), Hints())

    assert names_absent(sure("how long is Pulp Fiction?"))
    assert not names_absent(sure("something like Pulp Fiction?"))
    assert not names_absent(sure("how long is Soul?"))


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("didn't the same director do one with two girls in a forest", True),
        ("did she do that boxing one too", True),
        ("has he made anything about a pig", True),
        ("did he put something in the drips", False),
        ("what else did she do", False),
        ("who plays the young policeman in the second one", False),
        ("did a pig die in it", False),
    ],
)
def test_another_film_of_somebody_under_talk(text: str, other: bool, reads: Reads) -> None:
    assert theirs(reads(text, people=True)) is other


@pytest.mark.parametrize(
    ("text", "films"),
    [
        ("does he act in anything himself?", True),
        ("has she written anything", True),
        ("did he write something on the wall", False),
        ("does he act well", False),
    ],
)
def test_films_of_somebody_under_talk(text: str, films: bool, reads: Reads) -> None:
    assert any_of_theirs(reads(text, people=True)) is films
