"""What a message no longer wants."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from moviechat.chat.lifting import LIFTED, clause, freed, given_up, kind, removed
from moviechat.chat.mentions import Mentions
from moviechat.limits import Limits

TakenApart = Callable[..., Mentions]


@pytest.mark.parametrize(
    ("text", "lifted", "genres"),
    [
        ("the year does not matter", {"year_min", "year_max"}, []),
        ("any length, but a comedy", {"runtime_min", "runtime_max"}, []),
        ("longer is fine", {"runtime_max"}, []),
        ("forget Daniel Craig", {"people"}, []),
        ("forget the horror", set(), [("Horror",)]),
        ("a comedy from 2020", set(), []),
        ("action is ok", set(), [("Action",)]),
        ("an adventure that is ok for the family", set(), []),
    ],
)
def test_limits_and_genres_that_are_let_go(
    text: str, lifted: set[str], genres: list[tuple[str, ...]], taken_apart: TakenApart
) -> None:
    names, held = freed(taken_apart(text))
    assert (set(names), [t.value.names for t in held]) == (lifted, genres)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("forget the 2h thing", ["runtime"]),
        ("scrap the uk, Spanish horror", ["countries"]),
        ("drop the 7+ and the uk", ["rating"]),
        ("drop anything over 110 min", []),
        ("under two hours from the uk", []),
    ],
)
def test_values_that_are_given_up(text: str, kinds: list[str], taken_apart: TakenApart) -> None:
    assert [kind(value) for value in given_up(taken_apart(text))] == kinds


def test_a_clause_ends_at_marks(taken_apart: TakenApart) -> None:
    m = taken_apart("a comedy, forget the year, please")
    assert [m.norms[i] for i in clause(m, 3, 4)] == ["forget", "the", "year"]


def test_what_is_lifted_are_limits() -> None:
    assert {name for names in LIFTED.values() for name in names} <= set(Limits.__dataclass_fields__)


def test_a_genre_that_is_dropped_may_be_none_of_the_wish(taken_apart: TakenApart) -> None:
    m = taken_apart("drop anything tagged action")
    assert removed(m, freed(m)[1]) == ("Action",)
    m = taken_apart("action is fine")
    assert removed(m, freed(m)[1]) == ()
