"""A message taken apart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moviechat.chat.mentions import Mentions, read
from moviechat.chat.phrases import Phrases
from moviechat.chat.pointing import pointings
from moviechat.chat.tokens import FILM, MAX_CHARACTERS, PERSON
from moviechat.linking import Linker

Apart = Callable[..., Mentions]
# What messages about films are made of.
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="§¶"), max_size=120)
PIECES = st.sampled_from(
    """Parasite Nope Us Soul 1917 "Joker" the Call Ana de Armas Craig no not without horror comedy or and , . ? : with
    by under 90 minutes 7+ 2020 korean it that first second other one both he is directed who longer than best like seen
    my kids""".split()
)


def films(m: Mentions) -> list[tuple[str, ...]]:
    return [f.films for f in m.films]


def denied(m: Mentions) -> list[str]:
    return [w.norm for w, no in zip(m.words, m.denied, strict=True) if no]


@pytest.mark.parametrize(
    ("text", "masked", "named"),
    [
        ("who directed Parasite?", "who directed § ?", ["tt01"]),
        ("is Joker longer than Knives Out", "is § longer than §", ["tt03", "tt04"]),
        ("how long is Gisaengchung", "how long is §", ["tt01"]),
        ("기생충", "§", ["tt01"]),
        ("the runtime of parasit", "the runtime of §", ["tt01"]),
        ('I mean "Harbour of Small Boats"', 'i mean " § "', ["tt09"]),
        ("who is in Us?", "who is in § ?", ["tt11"]),
        ("1917", "§", ["tt02"]),
    ],
)
def test_films_are_found_where_they_stand(text: str, masked: str, named: list[str], taken_apart: Apart) -> None:
    m = taken_apart(text)
    assert " ".join(m.norms) == masked
    assert [f.films[0] for f in m.films] == named
    assert [m.words[at].span for at in m.at(FILM)] == [f.span for f in m.films]


@pytest.mark.parametrize(
    "text", ["tell us more", "a film about a parasite", "I need someone to call", "the soul of a man", "from 2019"]
)
def test_titles_that_are_words_of_the_message_are_none(text: str, taken_apart: Apart) -> None:
    assert films(taken_apart(text)) == []


def test_films_outside_the_catalogue_are_known_by_name(taken_apart: Apart) -> None:
    (film,) = taken_apart("how long is Pulp Fiction?").films
    assert film.films == () and [(o.title, o.year) for o in film.outside] == [("Pulp Fiction", 1994)]


def test_namesakes_are_kept_together(taken_apart: Apart) -> None:
    assert films(taken_apart("who directed The Call?")) == [("tt06", "tt07")]


def test_people_are_found(taken_apart: Apart) -> None:
    m = taken_apart("films by bong joon-ho or with Lupita Nyongo")
    assert [p.name for p in m.people] == ["Bong Joon Ho", "Lupita Nyong'o"]
    assert [m.words[at].raw for at in m.at(PERSON)] == ["bong joon-ho", "Lupita Nyongo"]


def test_a_question_after_a_story_is_not_hidden_by_it(taken_apart: Apart) -> None:
    story = "My aunt and I went out last night, it was raining and we had a fine dinner by the sea. "
    assert films(taken_apart(story + "Who directed Knives Out?")) == [("tt04",)]


def test_what_stands_in_a_message(taken_apart: Apart) -> None:
    m = taken_apart("the best korean horror under 100 minutes, like Nope but funnier, rated 7+, for 3 friends")
    assert [t.value.every for t in m.genres] == [("Horror",), ("Comedy",)]
    assert [t.value.countries for t in m.places] == [("South Korea",)]
    assert [t.value for t in m.orders] == ["rating"]
    assert [(a.field, a.low, a.high) for a in m.amounts] == [("runtime", None, 99), ("rating", 7.0, None)]
    assert [n.value for n in m.numbers] == [3]
    assert m.has("like") and not m.has("undo", "reset")


def test_the_words_of_a_limit_ask_for_no_field(taken_apart: Apart) -> None:
    assert [t.value for t in taken_apart("how long is Nope").fields] == ["runtime"]
    assert taken_apart("under 90 minutes").fields == ()


@pytest.mark.parametrize(
    ("text", "no"),
    [
        ("no horror, please", "no horror"),
        ("a comedy, not a drama. Horror is fine", "not a drama"),
        ("not horror or comedy but drama", "not horror or comedy"),
        ("no horror and comedy", "no horror and comedy"),
        ("no horror, comedy or war", "no horror , comedy or war"),
        ("without Ana de Armas", "without ¶"),
        ("nothing scary, with Daniel Craig", "nothing scary"),
        ("no, a comedy", ""),
        ("not too long", ""),
        ("a comedy", ""),
    ],
)
def test_what_a_not_reaches(text: str, no: str, taken_apart: Apart) -> None:
    m = taken_apart(text)
    assert " ".join(denied(m)) == no
    assert len(m.denied) == len(m.words)


def test_anything_but_denies_what_follows(taken_apart: Apart) -> None:
    m = taken_apart("I am tired of westerns")
    assert denied(m)[-1] == "westerns"


@given(st.lists(PIECES, max_size=20).map(" ".join) | TEXT)
def test_any_text_can_be_taken_apart(taken_apart: Apart, text: str) -> None:
    m = taken_apart(text)
    assert len(m.words) == len(m.denied) == len(m.stops)
    assert len(m.at(FILM)) == len(m.films) and len(m.at(PERSON)) == len(m.people)
    tags: list[Any] = [*m.genres, *m.places, *m.moods, *m.amounts, *m.numbers, *m.fields, *m.orders, *m.comparisons]
    tags += [*m.smalltalk, *(t for found in m.cues.values() for t in found)]
    assert all(0 <= t.first < t.last <= len(m.words) for t in tags)
    assert all(0 <= p.first < len(m.words) for p in pointings(m))


def test_the_end_of_an_endless_message_is_not_read(linker: Linker, moods: Phrases[str]) -> None:
    assert len(read("no horror, " * 5_000, linker, moods).text) <= MAX_CHARACTERS


@pytest.mark.parametrize(
    ("text", "denied"), [("action genre out", True), ("horror is out", True), ("a drama out of those", False)]
)
def test_a_genre_may_be_out(text: str, denied: bool, taken_apart: Callable[..., Mentions]) -> None:
    m = taken_apart(text)
    assert m.denied[m.genres[0].first] is denied
