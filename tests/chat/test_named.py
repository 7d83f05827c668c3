"""The people of a wish: in which role, and whether they are wanted."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from moviechat.chat.mentions import Mentions
from moviechat.chat.named import named_people

Apart = Callable[..., Mentions]


@pytest.mark.parametrize(
    ("text", "name", "how"),
    [
        ("something directed by Rian Johnson", "Rian Johnson", "director"),
        ("a film that Jordan Peele directed", "Jordan Peele", "director"),
        ("starring Ana de Armas", "Ana de Armas", "cast"),
        ("a comedy with Daniel Craig", "Daniel Craig", "cast"),
        ("written by Jordan Peele", "Jordan Peele", "writer"),
        ("music by Nathan Johnson", "Nathan Johnson", "composer"),
        ("films by Jordan Peele", "Jordan Peele", "by"),
        ("Daniel Craig", "Daniel Craig", None),
    ],
)
def test_the_word_beside_a_name_tells_the_role(taken_apart: Apart, text: str, name: str, how: str | None) -> None:
    (found,) = named_people(taken_apart(text))
    assert (found.name, found.how, found.denied) == (name, how, False)


def test_a_role_holds_for_every_name_of_a_list(taken_apart: Apart) -> None:
    found = named_people(taken_apart("starring Daniel Craig and Ana de Armas"))
    assert [(n.name, n.how) for n in found] == [("Daniel Craig", "cast"), ("Ana de Armas", "cast")]


@pytest.mark.parametrize(
    "text",
    ["but without Daniel Craig", "not with Daniel Craig", "a film where Daniel Craig is not in it"],
)
def test_people_who_are_not_wanted(taken_apart: Apart, text: str) -> None:
    assert [(n.name, n.denied) for n in named_people(taken_apart(text))] == [("Daniel Craig", True)]


@pytest.mark.parametrize(
    "text", ["something like The Call by Timothy Woodward Jr.", "like Knives Out, the Daniel Craig one"]
)
def test_a_person_who_only_tells_the_film_is_no_limit(taken_apart: Apart, text: str) -> None:
    message = taken_apart(text)
    assert message.people
    assert named_people(message) == ()
