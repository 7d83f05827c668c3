"""The part of a message that asks."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moviechat.chat.acts import asking_part
from moviechat.chat.mentions import Mentions

PIECES = st.sampled_from("lol nice. who directed Parasite ? no sorry, Joker ! under 90 minutes ; genre … \n".split(" "))


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("lol nice. and the director?", "and the director?"),
        ("oh wow! love that. who is in it", "who is in it"),
        ("funny. who directed it", "who directed it"),
        ("longer than i thought. genre", "genre"),
        ("cast? two of them will do.", "cast?"),
        ("Parasite 2019. rating, runtime. nothing else.", "Parasite 2019. rating, runtime."),
        ("how long is Parasite? no sorry, Joker", "no sorry, Joker"),
        ("meh. what about Nope", "what about Nope"),
    ],
)
def test_reactions_and_asides_are_left_out(text: str, part: str, taken_apart: Callable[..., Mentions]) -> None:
    assert asking_part(taken_apart(text), taken_apart).text == part


@pytest.mark.parametrize(
    "text",
    [
        "a comedy. under 90 minutes. no horror",
        "no superheroes. something with robots",
        "I have seen Parasite. another thriller?",
        "who directed Parasite? and who wrote it?",
        "nice.",
        "",
    ],
)
def test_what_limits_tells_or_asks_is_kept(text: str, taken_apart: Callable[..., Mentions]) -> None:
    assert asking_part(taken_apart(text), taken_apart).text == text


@given(text=st.lists(PIECES, max_size=16).map(" ".join))
def test_the_part_is_of_the_message(text: str, taken_apart: Callable[..., Mentions]) -> None:
    part = asking_part(taken_apart(text), taken_apart)
    assert set(part.text.split()) <= set(text.split())
    assert part.text or not text.strip()
