"""Questions for what was said before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from moviechat.chat.draft import Draft
from moviechat.chat.known import Known
from moviechat.chat.query import AskSaid
from moviechat.chat.remembering import answered, remembered
from moviechat.chat.session import Session
from moviechat.chat.state import State
from moviechat.chat.wish import Like, Wish
from moviechat.limits import Limits
from moviechat.schema import Movie, Passage

STATE = State(
    focus=("tt10",),
    talked=("tt03", "tt01", "tt10"),
    asked=("tt01", "tt03", "tt10"),
    shown=("tt05", "tt12"),
    seen=("tt02",),
    likes=(Like("tt12"), Like("tt07", -1.0)),
    rejected=("tt06",),
    wish=Wish(Limits(genres_all=("Horror",), runtime_max=100, genres_not=("War",)), moods=("tense",)),
)


@pytest.fixture
def asks(
    drafted: Callable[..., Draft], movies: dict[str, Movie], passages: dict[str, list[Passage]]
) -> Callable[..., list[str]]:
    """The films that a question about earlier turns gets."""
    known = Known(movies, dict, lambda: passages)

    def ask(text: str, topic: str, state: State = STATE) -> list[str]:
        return list(remembered(replace(drafted(text, "said"), topic=topic), state, known).films)

    return ask


@pytest.mark.parametrize(
    ("text", "topic", "films"),
    [
        ("which film did we start with", "films", ["tt01"]),
        ("what were we talking about just now", "films", ["tt10"]),
        ("what was the second one i asked about", "films", ["tt03"]),
        ("the one before that", "films", ["tt03"]),
        ("what was that pizza film called again", "films", ["tt01"]),
        ("which films have we covered", "films", ["tt01", "tt03", "tt10"]),
        ("what did you suggest", "shown", ["tt05", "tt12"]),
        ("the one in the jungle that you suggested", "shown", ["tt05"]),
        ("which did i say i know", "seen", ["tt02"]),
        ("what did i love", "loved", ["tt12"]),
        ("what did i not want", "hated", ["tt07", "tt06"]),
        ("what is my name", "other", []),
    ],
)
def test_the_films_that_are_asked_for(text: str, topic: str, films: list[str], asks: Callable[..., list[str]]) -> None:
    assert asks(text, topic) == films


@pytest.mark.parametrize("topic", ["films", "shown", "seen", "loved", "hated", "limits", "other"])
def test_of_nothing_said_nothing_is_told(topic: str, drafted: Callable[..., Draft], known: Known) -> None:
    query = remembered(replace(drafted("what was it", "said"), topic=topic), State(), known)
    (said,) = answered(query, ())
    assert said.sources == ()
    assert " not " in said.text or "cannot" in said.text


def test_limits_and_refused_genres_are_told(drafted: Callable[..., Draft], known: Known) -> None:
    def told(topic: str) -> str:
        query = remembered(replace(drafted("what was it", "said"), topic=topic), STATE, known)
        return " ".join(s.text for s in answered(query, tuple(known.movies[t] for t in query.films)))

    assert told("limits") == "You asked for horror, at most 100 minutes, no war. Moods: tense."
    assert (
        told("hated") == "You asked for no war. You did not like, or did not want, The Call (2020) and The Call (2020)."
    )


def test_in_a_conversation(session: Session) -> None:
    session.ask("who directed Parasite?")
    session.ask("how long is Joker")
    session.ask("who directed Parasite?")
    assert session.state.asked == ("tt01", "tt03")
    assert session.state.talked[-1] == "tt01"


def test_who_is_refused_is_remembered() -> None:
    wish = Wish(limits=Limits(genres_not=("Horror",), people_not=("Adam Driver",)))
    (said,) = answered(AskSaid("hated", wish=wish), ())
    assert said.text == "You asked for no horror or Adam Driver."
