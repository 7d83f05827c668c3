"""How a turn changes the numbers of a wish."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from moviechat.chat.draft import Draft
from moviechat.chat.known import Known
from moviechat.chat.numbered import alone, compared_with
from moviechat.chat.state import State
from moviechat.limits import Limits

Drafted = Callable[..., Draft]
LISTED = State(focus=("tt01",), listed=("tt01", "tt12"), talked=("tt01",))


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        ("7, please", Limits(), Limits(rating_min=7)),
        ("make that 100", Limits(runtime_max=90), Limits(runtime_max=100)),
        ("make that 7", Limits(rating_min=6, runtime_max=90), Limits(rating_min=7, runtime_max=90)),
        ("three friends come over", Limits(), Limits()),
    ],
)
def test_a_number_alone_takes_the_place_of_the_one_it_can(
    text: str, before: Limits, after: Limits, drafted: Drafted
) -> None:
    assert alone(before, drafted(text, "wish", wish=True)) == after


def test_shorter_is_shorter_than_the_films_shown(drafted: Drafted, known: Known) -> None:
    draft = drafted("shorter than those", "wish", wish=True, listed=True)
    shortest = min(known.movies[t].runtime or 0 for t in LISTED.listed)
    assert compared_with(Limits(), draft, LISTED, known, []).runtime_max == shortest - 1


def test_a_bare_number_beside_a_comparison_is_its_limit(drafted: Drafted, known: Known) -> None:
    draft = drafted("higher rated, 7.5", "wish", wish=True, listed=True)
    assert compared_with(Limits(), draft, LISTED, known, []).rating_min == 7.5
