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

ASKED = State(wish=Wish(), focus=("tt06",), listed=("tt06", "tt05"), shown=("tt06", "tt05"), last="Recommend")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("I have seen Joker and Soul", Told(seen=("tt03", "tt12"))),
        ("I loved Joker", Told(likes=(Like("tt03"),))),
        ("I hated Joker", Told(likes=(Like("tt03", -1.0),))),
        ("not Parasite", Told(rejected=("tt01",))),
        ("seen it", Told(seen=("tt06",))),
        ("I know the second one", Told(seen=("tt05",))),
        ("seen them all", Told(seen=("tt06", "tt05"))),
        ("not that one", Told(rejected=("tt06",))),
        ("have you seen it?", Told()),
        ("a comedy", Told()),
    ],
)
def test_what_a_turn_tells_of_films(drafted: Callable[..., Draft], known: Known, text: str, said: Told) -> None:
    draft = drafted(text, "told", wish=True, focus=True, listed=True)
    assert told(draft, ASKED, known) == said


def test_every_film_of_a_list_is_told_of(drafted: Callable[..., Draft], known: Known) -> None:
    draft = drafted("I have seen Joker, Soul and Nope", "told")
    assert told(draft, State(), known).seen == ("tt03", "tt12", "tt10")
