"""Two people of one name: who is meant, the question which of them, and the message that settles it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from moviechat.chat.bearers import chosen, fitting
from moviechat.chat.known import Known
from moviechat.chat.mentions import read
from moviechat.chat.session import Chat, Session
from moviechat.chat.state import State
from moviechat.chat.which import Which
from moviechat.linking import Linker
from moviechat.linking.lexicon import Lexicon
from moviechat.linking.people import People
from moviechat.linking.titles import Titles
from moviechat.schema import Movie
from tests.twelve import FACTS, MOVIES, TEXTS, film

ACTOR, DIRECTOR = "nm2", "nm1"


def _actor(tconst: str, title: str, year: int, votes: int) -> Movie:
    return film(
        tconst,
        title,
        year,
        116,
        ("Action",),
        6.5,
        votes,
        directors=("Ruben Fleischer",),
        cast=("Mark Wahlberg", "Tom Holland"),
        people_ids=("", "", ACTOR),
    )


def _director(tconst: str, title: str, year: int, votes: int) -> Movie:
    return film(tconst, title, year, 106, ("Horror",), 7.0, votes, directors=("Tom Holland",), people_ids=(DIRECTOR,))


HOLLANDS = (
    _actor("tt21", "Uncharted", 2022, 200_000),
    _actor("tt22", "Cherry", 2021, 60_000),
    _director("tt23", "Fright Night", 2019, 80_000),
    _director("tt24", "Thinner", 2020, 30_000),
)


@pytest.fixture
def talk(shelf: Any, make_films: Any) -> Callable[..., Session]:
    """A conversation about the twelve films and those of the two Tom Hollands: `talk(director's votes)`."""

    def start(*films: Movie) -> Session:
        movies = (*MOVIES, *(films or HOLLANDS))
        people = People.build(movies)
        linker = Linker(
            Titles.build(movies, shelf.passages), people, Lexicon.build(TEXTS.values(), people.names), movies
        )
        all_films = make_films(movies, TEXTS, FACTS)
        finder = replace(shelf.finder, films=all_films)
        records = {m.tconst: m for m in movies}
        return Chat(replace(shelf, films=all_films, finder=finder, linker=linker, movies=records)).session()

    return start


def _titles(session: Session, *said: str) -> list[str]:
    """The films of the answer to the last message."""
    return [m.title for m in [session.ask(text) for text in said][-1].movies]


ASKS = (
    "There are two people called Tom Holland: the actor of Uncharted (2022) and the director of Fright Night (2019). "
    "Which one?"
)


@pytest.mark.parametrize(
    ("says", "films"),
    [
        ("the actor", ["Uncharted", "Cherry"]),
        ("the director one", ["Fright Night", "Thinner"]),
        ("not the actor", ["Fright Night", "Thinner"]),
        ("the one of Uncharted", ["Uncharted", "Cherry"]),
        ("Tom Holland who made Thinner", ["Fright Night", "Thinner"]),
        ("the first", ["Uncharted", "Cherry"]),
        ("2", ["Fright Night", "Thinner"]),
        ("the latter", ["Fright Night", "Thinner"]),
        ("the other one", ["Fright Night", "Thinner"]),
        ("both", ["Uncharted", "Fright Night", "Cherry", "Thinner"]),
    ],
)
def test_the_conversation_asks_who_is_meant_and_hears_it(
    talk: Callable[..., Session], says: str, films: list[str]
) -> None:
    session = talk()
    reply = session.ask("Which films has Tom Holland made?")
    assert (reply.answer, reply.kind, reply.understood.intent) == (ASKS, "unknown", "Which")
    assert reply.suggestions == ("the one of Uncharted", "the one of Fright Night")
    session.state = State.from_json(json.loads(json.dumps(session.state.to_json())))
    assert _titles(session, says) == films
    assert _titles(session, "Who directed Parasite?", "Which films has Tom Holland made?") == films  # it is remembered


def test_a_wish_for_films_of_his_keeps_to_his(talk: Callable[..., Session]) -> None:
    session = talk()
    assert session.ask("Tom Holland films").answer == ASKS
    assert _titles(session, "the director") == ["Fright Night", "Thinner"]
    assert session.last is not None
    credit = {"name": "Tom Holland", "role": "director", "id": DIRECTOR}
    assert session.last.understood.limits == {"people": [credit]}
    assert _titles(session, "and with the other Tom Holland") == ["Uncharted", "Cherry"]


def test_the_question_may_be_left_open(talk: Callable[..., Session]) -> None:
    session = talk()
    session.ask("Tom Holland films")
    assert session.ask("Who directed Parasite?").answer == "Parasite (2019) was directed by Bong Joon Ho."
    assert session.state.which is None
    assert session.ask("Tom Holland films").answer == ASKS


@pytest.mark.parametrize(
    ("said", "films"),
    [
        ("films directed by Tom Holland", ["Fright Night", "Thinner"]),
        ("films starring Tom Holland", ["Uncharted", "Cherry"]),
        ("something by the director Tom Holland", ["Fright Night", "Thinner"]),
        ("Which films has Tom Holland from Uncharted made?", ["Cherry"]),
    ],
)
def test_the_message_tells_who_is_meant(talk: Callable[..., Session], said: str, films: list[str]) -> None:
    session = talk()
    assert _titles(session, said) == films
    assert session.last is not None
    assert "same name" not in session.last.answer
    assert session.state.which is None


def test_the_one_under_talk_is_meant(talk: Callable[..., Session]) -> None:
    session = talk()
    assert _titles(session, "Who directed Fright Night?", "What else has Tom Holland made?") == ["Thinner"]
    assert _titles(session, "Who is in Cherry?", "what other films has Tom Holland acted in") == ["Uncharted"]


def test_the_far_better_known_one_is_taken_and_the_other_is_named(talk: Callable[..., Session]) -> None:
    films = (replace(HOLLANDS[0], votes=2_000_000), *HOLLANDS[1:])
    session = talk(*films)
    assert _titles(session, "Which films has Tom Holland made?") == ["Uncharted", "Cherry"]
    assert session.last is not None
    assert session.last.answer.endswith("(The director of Fright Night (2019) has the same name.)")
    assert _titles(session, "I meant the director") == ["Fright Night", "Thinner"]
    session = talk(*films)
    assert session.ask("Something with Tom Holland").answer.startswith("(The director of Fright Night (2019) has the")
    assert _titles(session, "no, the other Tom Holland") == ["Fright Night", "Thinner"]
    session = talk(*films)
    assert _titles(session, "Something with Tom Holland", "the other one") == ["Cherry"]  # of the films


def test_claims_are_about_one_of_them(talk: Callable[..., Session]) -> None:
    session = talk()
    assert (
        session.ask("Did Tom Holland direct Fright Night?").answer == "Yes: Tom Holland directed Fright Night (2019)."
    )
    wrong = "No: Cherry (2021) was directed by Ruben Fleischer. "
    assert session.ask("did he direct Cherry?").answer == wrong + "Another Tom Holland acts in it."
    assert talk().ask("Did Tom Holland direct Cherry?").answer == wrong + "Tom Holland acts in it."
    assert session.ask("Who directed Cherry?").answer == "Cherry (2021) was directed by Ruben Fleischer."


def test_a_turn_answered_elsewhere_settles_it_too(talk: Callable[..., Session]) -> None:
    session = talk()
    session.overhear("Tom Holland films", "Which one?")
    session.overhear("the director", "1. Fright Night (2019)")
    assert session.state.settled == (DIRECTOR,)
    assert session.state.people == (DIRECTOR,)


def test_who_is_refused_is_anybody_of_the_name(talk: Callable[..., Session]) -> None:
    reply = talk().ask("no films with Tom Holland please, just action")
    assert reply.understood.limits == {"genres_all": ["Action"], "people_not": ["Tom Holland"]}


@pytest.mark.parametrize("said", ["Who directed it?", "any comedy?", "the films of Sam Mendes", "hello", "the editor"])
def test_what_is_about_something_else_picks_nobody(talk: Callable[..., Session], shelf: Any, said: str) -> None:
    known = Known({m.tconst: m for m in (*MOVIES, *HOLLANDS)})
    m = read(said, shelf.linker, shelf.moods)
    which = Which("Tom Holland films", "Tom Holland", known.bearers("Tom Holland"))
    assert chosen(m, which, known) == ""
    assert chosen(m, replace(which, taken=ACTOR), known) == ""


def test_the_main_part_comes_before_another() -> None:
    both = replace(HOLLANDS[1], directors=("Tom Holland",), people_ids=(ACTOR, "", ACTOR))
    known = Known({m.tconst: m for m in (HOLLANDS[0], both, *HOLLANDS[2:])})
    people = known.bearers("Tom Holland")
    assert people == (ACTOR, DIRECTOR)
    assert fitting(people, ["directors"], known) == (DIRECTOR,)
    assert fitting((ACTOR,), ["directors"], known) == (ACTOR,)
    assert fitting(people, ["editors"], known) == ()
