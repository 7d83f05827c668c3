"""How a message asks."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from moviechat.chat.mentions import Mentions
from moviechat.chat.pointing import pointings
from moviechat.chat.questions import (
    asked_fields,
    asks_story,
    ends_in_who,
    is_idle,
    is_open,
    is_verb,
    opening_end,
    plays_part,
    quotes,
    than_film,
    versus,
)

Apart = Callable[..., Mentions]


@pytest.mark.parametrize(
    ("text", "start"), [("who directed it", 0), ("and who directed it", 1), ("ok, so who", 3), ("", 0), ("and", 1)]
)
def test_openers_are_passed_over(taken_apart: Apart, text: str, start: int) -> None:
    assert opening_end(taken_apart(text)) == start


@pytest.mark.parametrize(
    ("text", "asks"),
    [("what is Soul about?", True), ("the plot of Soul", True), ("what about Soul?", False), ("how about Soul", False)],
)
def test_a_story_is_asked_for(taken_apart: Apart, text: str, asks: bool) -> None:
    assert asks_story(taken_apart(text)) is asks


@pytest.mark.parametrize(
    ("text", "between"),
    [
        ("Parasite or Joker?", True),
        ("Parasite vs Joker", True),
        ("is Joker longer than Parasite", True),
        ("Parasite and Joker", False),
        ("Parasite", False),
    ],
)
def test_films_against_each_other(taken_apart: Apart, text: str, between: bool) -> None:
    assert versus(taken_apart(text)) is between


def test_a_film_after_than(taken_apart: Apart) -> None:
    assert than_film(taken_apart("longer than Parasite"))
    assert not than_film(taken_apart("longer than two hours"))


@pytest.mark.parametrize(
    ("text", "verb"),
    [("I like Joker", True), ("something like Joker", False), ("would like a comedy", True), ("like 90 minutes", True)],
)
def test_like_is_a_verb_or_none(taken_apart: Apart, text: str, verb: bool) -> None:
    m = taken_apart(text)
    tags = [tag for tag in m.cues["like"] if m.norms[tag.first : tag.last] == ["like"]]
    assert [is_verb(m, tag) for tag in tags] == [verb]


def test_that_film_is_said_once(taken_apart: Apart) -> None:
    m = taken_apart("who directed that film")
    assert [is_idle(m, p) for p in pointings(m)] == [True]
    m = taken_apart("who directed it")
    assert [is_idle(m, p) for p in pointings(m)] == [False]


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("who directed it and when did it come out", ("directors", "year")),
        ("who plays Joker", ("role",)),
        ("who stars in it", ("cast",)),
        ("who did the music", ("composers",)),
    ],
)
def test_the_fields_asked_for(taken_apart: Apart, text: str, fields: tuple[str, ...]) -> None:
    m = taken_apart(text)
    assert asked_fields(m, m.fields, m.fields) == fields


def test_weak_words_count_beside_no_strong_one(taken_apart: Apart) -> None:
    m = taken_apart("any star power, what is the rating")
    weak = [t for t in m.fields if m.norms[t.first] == "star"]
    strong = [t for t in m.fields if m.norms[t.first] == "rating"]
    assert asked_fields(m, [*weak, *strong], strong) == ("rating",)
    assert asked_fields(m, weak, []) == ("cast",)


def test_a_part_is_played(taken_apart: Apart) -> None:
    assert plays_part(taken_apart("who plays the clown?"))
    assert not plays_part(taken_apart("who is in it?"))


def test_quotation_marks(taken_apart: Apart) -> None:
    assert quotes(taken_apart("who directed “Wibble”?"))
    assert not quotes(taken_apart("who didn't direct it, what's it?"))


@pytest.mark.parametrize(
    ("text", "is_it"),
    [
        ("who was that, was it Bong?", True),
        ("Soul, I think, but who made it", True),
        ("was it the one who directed it", False),
    ],
)
def test_an_open_question_has_no_yes(text: str, is_it: bool, taken_apart: Apart) -> None:
    assert is_open(taken_apart(text)) == is_it


@pytest.mark.parametrize(
    ("text", "ends"), [("so who did?", True), ("together with who", True), ("who did they meet", False)]
)
def test_a_message_ends_by_asking_who(text: str, ends: bool, taken_apart: Apart) -> None:
    assert ends_in_who(taken_apart(text)) is ends
