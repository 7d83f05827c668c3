"""What a message says of each film that it names."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from moviechat.chat.draft import Draft
from moviechat.chat.stances import stances


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("I have seen Parasite", ["seen"]),
        ("already watched Parasite and Joker", ["seen", "seen"]),
        ("I loved Joker", ["loved"]),
        ("I hated Knives Out", ["hated"]),
        ("Knives Out was terrible", ["hated"]),
        ("Knives Out was boring", ["hated"]),
        ("something like Nope", ["like"]),
        ("anything but not Parasite", ["rejected"]),
        ("I loved Joker. I hated Soul.", ["loved", "hated"]),
        ("Parasite, 9/10. Knives Out, 3/10.", ["loved", "hated"]),
        ("Parasite, 6/10", ["seen"]),
        ("who directed Parasite?", [None]),
        ("hello there", []),
    ],
)
def test_stances_by_film(drafted: Callable[..., Draft], text: str, said: list[str | None]) -> None:
    assert stances(drafted(text, "told")) == said


def test_what_stands_in_brackets_is_of_the_film_before(drafted: Callable[..., Draft]) -> None:
    assert stances(drafted("I saw Parasite (great) and Knives Out (terrible)", "told")) == ["loved", "hated"]
