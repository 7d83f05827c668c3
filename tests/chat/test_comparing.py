"""Which films a turn compares, by what, and what it claims."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from moviechat.chat.comparing import compared
from moviechat.chat.draft import Draft
from moviechat.chat.known import Known
from moviechat.chat.query import Compare, Unclear
from moviechat.chat.references import meant
from moviechat.chat.state import State

Drafted = Callable[..., Draft]
TALKED = State(
    focus=("tt01",), talked=("tt12", "tt03", "tt01"), asked=("tt02", "tt12", "tt03", "tt01"), fields=("votes",)
)


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("which is longer, Soul or 1917?", Compare(("tt12", "tt02"), "runtime")),
        ("is 1917 longer than Soul?", Compare(("tt02", "tt12"), "runtime", claimed="tt02")),
        ("that is older than Soul, right?", Compare(("tt12", "tt01"), "year", up=False, claimed="tt01")),
        ("which of the two is the best?", Compare(("tt03", "tt01"), "rating")),
        ("and which of them has more?", Compare(("tt03", "tt01"), "votes")),
        ("is it longer than Soul?", Compare(("tt12", "tt01"), "runtime", claimed="tt01")),
        ("is Soul longer than it?", Compare(("tt12", "tt01"), "runtime", claimed="tt12")),
        ("how many minutes longer is the newer one", Compare(("tt03", "tt01"), "runtime")),
        ("which of the 3 is the best rated", Compare(("tt12", "tt03", "tt01"), "rating")),
    ],
)
def test_what_is_compared(text: str, query: Compare, drafted: Drafted, known: Known) -> None:
    draft = drafted(text, "compare", focus=True)
    assert compared(draft, TALKED, meant(draft, TALKED, known)) == query


def test_one_film_cannot_be_compared(drafted: Drafted, known: Known) -> None:
    draft = drafted("which is longer?", "compare")
    assert compared(draft, State(), meant(draft, State(), known)) == Unclear("list")


def test_the_shortest_of_them_is_sought_among_all_of_a_run(drafted: Callable[..., Draft], known: Known) -> None:
    state = State(focus=("tt03",), run=("tt01", "tt12", "tt03"), talked=("tt01", "tt12", "tt03"), fields=("runtime",))
    draft = drafted("so what is the shortest of them", "compare", focus=True)
    query = compared(draft, state, meant(draft, state, known))
    assert isinstance(query, Compare) and query.films == ("tt01", "tt12", "tt03")
