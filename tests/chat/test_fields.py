"""The one table of fields."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import fields

import pytest

from moviechat import facts as known_facts
from moviechat.chat.fields import BY_NAME, FIELDS, PEOPLE, TABLE, asking
from moviechat.chat.mentions import Mentions
from moviechat.chat.tokens import words
from moviechat.schema import Movie


def asked(text: str) -> list[str]:
    return [t.value for t in asking().tags(words(text))]


def test_every_field_stands_once_and_is_one_that_films_or_facts_have() -> None:
    assert max(Counter(f.name for f in FIELDS).values()) == 1
    columns = {f.name for f in fields(Movie)}
    assert set(TABLE) - {"role"} <= columns and set(PEOPLE) <= columns
    assert {f.name for f in FIELDS if f.kind == "fact"} <= set(known_facts.FIELDS)
    assert all(f.says for f in FIELDS if f.kind in ("number", "words", "fact"))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("how long is it", ["runtime"]),
        ("what year was it", ["year"]),
        ("how many people voted", ["votes"]),
        ("is it any good", ["rating"]),
        ("what kind of film is it", ["genres"]),
        ("what is the original title", ["original_title"]),
        ("who wrote and directed it", ["writers", "directors"]),
        ("who composed it", ["composers"]),
        ("who wrote the music", ["composers"]),
        ("who was the director of photography", ["cinematographers"]),
        ("who is in it", ["cast"]),
        ("who plays the cook", ["role"]),
        ("which country is it from", ["countries"]),
        ("where was it filmed", ["filming_places"]),
        ("did it win an oscar", ["awards", "awards"]),
        ("is it on netflix", ["streaming"]),
        ("tell me something", []),
    ],
)
def test_fields_are_asked_for(text: str, names: list[str]) -> None:
    assert asked(text) == names


def test_a_phrase_with_a_film_in_it_asks_for_a_field(taken_apart: Callable[..., Mentions]) -> None:
    assert [t.value for t in taken_apart("where was Parasite filmed?").fields] == ["filming_places"]


def test_films_can_be_compared_by_numbers_and_people_did_something() -> None:
    assert all(f.more and f.less for f in FIELDS if f.kind == "number")
    assert all(BY_NAME[name].did for name in PEOPLE)
