from __future__ import annotations

import pytest

from moviechat.chat import Session
from moviechat.chat.known import Known
from moviechat.chat.listing import as_listed, listed
from moviechat.chat.state import State
from moviechat.schema import Movie

KNOWN = Known(
    {
        t: Movie(t, title, title, year, 100, (), None, votes)
        for t, title, year, votes in (
            ("tt1", "Soul", 2020, 9),
            ("tt2", "Us", 2019, 9),
            ("tt3", "Us", 2019, 99),
            ("tt4", "Birds of Prey (and more)", 2020, 9),
        )
    }
)


@pytest.mark.parametrize(
    ("answered", "films"),
    [
        ("Comedies:\n1. Us (2019), 116 min — scary\n2. Soul (2020), 100 min", ("tt3", "tt1")),
        ("- **Soul** (2020)\n- *Birds of Prey (and more)* (2020)", ("tt1", "tt4")),
        ("1) \u201cSoul\u201d (2020)", ("tt1",)),
        ("1. Soul (2020)\n2. Nowhere (2020)", ()),
        ("Soul (2020) was made by Pete Docter.", ()),
        ("", ()),
    ],
)
def test_films_are_read_off_a_list(answered: str, films: tuple[str, ...]) -> None:
    assert listed(answered, KNOWN) == films


def test_what_was_listed_is_remembered_instead_of_our_own_list() -> None:
    before = State(shown=("tt9",), listed=("tt9",), focus=("tt9",))
    ours = State(shown=("tt9", "tt1", "tt2"), listed=("tt1", "tt2"), focus=("tt1",))
    assert as_listed(before, ours, ()) == as_listed(before, ours, ("tt1",)) == ours
    theirs = as_listed(before, ours, ("tt3", "tt1"))
    assert (theirs.listed, theirs.focus, theirs.shown) == (("tt3", "tt1"), ("tt3",), ("tt9", "tt3", "tt1"))


def test_the_first_is_the_first_of_the_list_that_was_answered(session: Session) -> None:
    session.overhear("a film, please", "1. 1917 (2019)\n2. Parasite (2019)")
    assert "119 minutes" in session.ask("how long is the first?").answer
