"""What a message shows, of itself and beside the conversation."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moviechat.chat.mentions import Mentions
from moviechat.chat.signals import Hints, Signals
from moviechat.chat.wanting import Wanting


@pytest.fixture(scope="session")
def signals(taken_apart: Callable[..., Mentions], wants: Callable[[str], Wanting]) -> Callable[..., Signals]:
    """The signals of a message: `signals(text, hints)`."""

    def made(text: str, hints: Hints | None = None) -> Signals:
        hints = hints or Hints()
        return Signals(taken_apart(text, hints.focus), wants(text), hints)

    return made


Made = Callable[..., Signals]


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("who directed Parasite and when did it come out?", ("directors", "year")),
        ("how long is Soul?", ("runtime",)),
        ("who shot 1917?", ("cinematographers",)),
        ("who plays Arthur Fleck in Joker?", ("role",)),
        ("who stars in Knives Out?", ("cast",)),
        ("what is the rating, year and genre of Soul?", ("rating", "year", "genres")),
        ("a film under 90 minutes", ()),
        ("something by the same director", ()),
    ],
)
def test_the_fields_that_a_message_asks_for(signals: Made, text: str, fields: tuple[str, ...]) -> None:
    assert signals(text).draft("fact", "en").fields == fields


@pytest.mark.parametrize(
    ("text", "hints", "plain"),
    [
        ("who directed Parasite?", Hints(), True),
        ("how long is it?", Hints(focus=True), True),
        ("how long is it?", Hints(), True),
        ("who directed Parasite and is it as funny as Soul?", Hints(), False),
        ("who directed the film in which a bus gets lost?", Hints(focus=True), False),
        ("recommend something by whoever directed Parasite", Hints(), False),
        ("just came out of Parasite", Hints(), False),
    ],
)
def test_a_plain_question_has_no_word_that_does_not_ask(signals: Made, text: str, hints: Hints, plain: bool) -> None:
    assert signals(text, hints).plain is plain


def test_several_films_are_named_or_on_the_table(signals: Made) -> None:
    assert signals("which is longer?", Hints(focus=True, listed=True)).several
    assert signals("Soul or Joker").several
    assert not signals("which is longer?").several


def test_a_number_beside_that_of_another_film_is_a_comparison(signals: Made) -> None:
    assert signals("how long is it compared to Soul", Hints(focus=True)).compares
    assert not signals("how long is Soul", Hints(focus=True)).compares
    assert not signals("who directed it compared to Soul", Hints(focus=True)).compares


def test_the_same_question_in_so_many_words(signals: Made) -> None:
    assert signals("Soul with Jamie Foxx, same question", Hints(focus=True, fields=("year",))).same_again
    assert not signals("Soul with Jamie Foxx, same question").same_again
    assert not signals("same director as Soul", Hints(focus=True, fields=("year",))).same_again


def test_time_and_place_of_the_story_are_no_fields_of_the_film(signals: Made) -> None:
    assert signals("what year is Soul set in").story_time
    assert signals("where is it set", Hints(focus=True)).story_time
    assert not signals("what year is Soul from").story_time
    assert not signals("where was it filmed, in the place it is set in?", Hints(focus=True)).story_time


@pytest.mark.parametrize("text", ["what about Joker", "and 1917?", "the second one", "and the third"])
def test_a_fragment_that_only_names_a_film_repeats_the_question(signals: Made, text: str) -> None:
    assert signals(text, Hints(focus=True, listed=True, fields=("year",))).repeats


@pytest.mark.parametrize(
    ("text", "asks"), [("how old is Soul", True), ("how old is it", True), ("how old is the priest", False)]
)
def test_the_age_of_somebody_is_no_year_of_a_film(signals: Made, text: str, asks: bool) -> None:
    assert bool(signals(text, Hints(focus=True)).fields) is asks


def test_a_claim_needs_something_to_claim(signals: Made) -> None:
    assert signals("did Jordan Peele direct Nope?").claim
    assert signals("is Joker a comedy?").claim
    assert not signals("is Joker any good?").claim


@given(st.text(max_size=60), st.builds(Hints, st.booleans(), st.booleans(), st.booleans()))
def test_flags_are_of_one_width(signals: Made, text: str, hints: Hints) -> None:
    flags = signals(text, hints).flags()
    assert len(flags) == len(signals("hello").flags())
    assert set(flags) <= {0.0, 1.0}


@pytest.mark.parametrize(
    "text", ["i need the running time", "gimme the premise", "show me the full cast", "i want all my evening back"]
)
def test_who_wants_a_fact_or_the_story_wants_no_film(text: str, signals: Made) -> None:
    assert signals(text).wants == []


def test_who_wants_a_film_does(signals: Made) -> None:
    assert signals("i want to go back to my childhood with a cartoon").wants != []
    assert signals("i need something with a running time under 90").wants != []


@pytest.mark.parametrize(
    ("text", "adds"),
    [
        ("and Soul, the jazz one by docter", True),
        ("k n Soul with the piano", True),
        ("and Soul, is she in that too", False),
        ("and something like Soul", False),
        ("Soul, the jazz one", False),
    ],
)
def test_one_more_film_is_asked_the_last_question(text: str, adds: bool, signals: Made) -> None:
    assert signals(text, Hints(fields=("runtime",), focus=True)).adds_film is adds
    assert not signals(text).adds_film


def test_somebody_under_talk_may_be_said_to_be_in_a_named_film(signals: Made) -> None:
    assert signals("is she in Soul as well", Hints(people=True)).claim
    assert not signals("is she in Soul as well").claim


@pytest.mark.parametrize(
    ("text", "fields"),
    [("is it in french, and how long", ("languages", "runtime")), ("they speak french there, i heard", ())],
)
def test_a_language_may_be_asked_for(text: str, fields: tuple[str, ...], signals: Made) -> None:
    assert tuple(t.value for t in signals(text, Hints(focus=True)).fields) == fields


def test_by_how_much_asks_for_the_comparison_again(signals: Made) -> None:
    assert signals("by how many minutes?", Hints(focus=True, listed=True)).compares
    assert not signals("by how many minutes?", Hints(focus=True)).compares


def test_films_like_one_with_more_or_less_of_something_are_wanted(signals: Made) -> None:
    assert signals("Soul but older").starts_from and signals("Soul, but older?").starts_from is False
    assert not signals("who directed Soul but not Joker").starts_from


def test_the_films_of_a_wish_are_put_in_order(signals: Made) -> None:
    assert signals("longest of them first pls").sorts
    assert not signals("what was the longest one first called").sorts
