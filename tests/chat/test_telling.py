"""What a turn tells of films."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from moviechat.chat.draft import Draft
from moviechat.chat.known import Known
from moviechat.chat.query import Told
from moviechat.chat.state import State
from moviechat.chat.telling import told
from moviechat.chat.wish import Like, Wish

LISTED = State(listed=("tt01", "tt02", "tt12"), focus=("tt01",), wish=Wish())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I have seen Parasite", Told(seen=("tt01",))),
        ("seen the first two", Told(seen=("tt01", "tt02"))),
        ("I know them all", Told(seen=("tt01", "tt02", "tt12"))),
        ("hated that one", Told(likes=(Like("tt01", -1.0),))),
        ("not that one", Told(rejected=("tt01",))),
        ("who directed Parasite?", Told()),
    ],
)
def test_what_is_told(drafted: Callable[..., Draft], known: Known, text: str, expected: Told) -> None:
    assert told(drafted(text, "told"), LISTED, known) == expected
