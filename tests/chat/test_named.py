"""The people of a wish."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from moviechat.chat.mentions import Mentions
from moviechat.chat.named import How, Named, named_people

Apart = Callable[..., Mentions]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("with Ana de Armas", [("Ana de Armas", "cast", False)]),
        ("starring Jamie Foxx and Tina Fey", [("Jamie Foxx", "cast", False), ("Tina Fey", "cast", False)]),
        ("directed by Jordan Peele", [("Jordan Peele", "director", False)]),
        ("a film that Jordan Peele directed", [("Jordan Peele", "director", False)]),
        ("written by Rian Johnson", [("Rian Johnson", "writer", False)]),
        ("composed by Nathan Johnson", [("Nathan Johnson", "composer", False)]),
        ("where Daniel Craig plays a cook", [("Daniel Craig", "cast", False)]),
        ("by Rian Johnson with Daniel Craig", [("Rian Johnson", "by", False), ("Daniel Craig", "cast", False)]),
        ("Jordan Peele films", [("Jordan Peele", None, False)]),
        ("without Daniel Craig", [("Daniel Craig", None, True)]),
        ("no films by Jordan Peele", [("Jordan Peele", "by", True)]),
        ("a film where Robert De Niro is not in it", [("Robert De Niro", "cast", True)]),
    ],
)
def test_people(text: str, named: list[tuple[str, How | None, bool]], taken_apart: Apart) -> None:
    assert list(named_people(taken_apart(text))) == [Named(*n) for n in named]


def test_a_person_who_only_tells_which_film_is_meant_is_not_wanted(taken_apart: Apart) -> None:
    for text in ("something like Soul, with Jamie Foxx", "like Knives Out, the Daniel Craig one"):
        message = taken_apart(text)
        assert message.people and named_people(message) == ()
    assert named_people(taken_apart("something like Soul. With Tina Fey though")) == (Named("Tina Fey", "cast", False),)


def test_a_person_in_a_description_only_tells_which_film_is_meant(taken_apart: Apart) -> None:
    assert named_people(taken_apart("I adored Soul, the quiet piano one with Jamie Foxx. What next?")) == ()
