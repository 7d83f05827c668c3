from __future__ import annotations

import pytest

from moviechat.chat.state import State
from moviechat.chat.wish import Like, Wish
from moviechat.limits import Credit, Limits
from moviechat.serve.web.marks import lifted, marked

LIMITS = Limits(
    genres_not=("Horror", "War"), runtime_max=100, people=(Credit("Bong Joon Ho", "director"), Credit("Tilda Swinton"))
)


def test_marked_films_are_known() -> None:
    state = marked(["tt1"], ["tt2"], ["tt3"])
    assert set(state.seen) == {"tt1", "tt2", "tt3"}
    assert state.likes == (Like("tt2", 1.0), Like("tt3", -1.0))


@pytest.mark.parametrize(
    ("names", "left"),
    [
        (["runtime_max"], {"genres_not": ["Horror", "War"], "people": 2}),
        (["genres_not=Horror"], {"genres_not": ["War"], "runtime_max": 100, "people": 2}),
        (["genres_not", "runtime_max"], {"people": 2}),
        (["people=Bong Joon Ho"], {"genres_not": ["Horror", "War"], "runtime_max": 100, "people": 1}),
        (["year_min", "nonsense", "genres_not=Western"], LIMITS.to_json() | {"people": 2}),
    ],
)
def test_limits_are_lifted(names: list[str], left: dict[str, object]) -> None:
    state = lifted(State(wish=Wish(limits=LIMITS)), names)
    assert state.wish is not None
    said = state.wish.limits.to_json()
    assert said | ({"people": len(said["people"])} if "people" in said else {}) == left


def test_without_a_wish_nothing_is_lifted() -> None:
    assert lifted(State(), ["runtime_max"]) == State()
