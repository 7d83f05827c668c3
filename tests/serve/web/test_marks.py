from __future__ import annotations

import pytest

from moviechat.chat.state import State
from moviechat.chat.wish import Like, Wish
from moviechat.limits import Credit, Limits
from moviechat.serve.web.marks import clicked, heard, lifted, marked, told, untold
from moviechat.serve.web.messages import Turn

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


def test_marks_are_told_and_taken_back() -> None:
    state, marks = State(seen=("tt1",), likes=(Like("tt1", 0.5),)), marked(["tt2"], ["tt3"], [])
    with_marks = told(state, marks)
    assert set(with_marks.seen) == {"tt1", "tt2", "tt3"} and with_marks.likes[-1] == Like("tt3", 1.0)
    assert untold(with_marks, marks) == state
    assert told(state, marked([], [], [])) == untold(state, marked([], [], [])) == state


def test_the_words_of_a_click_are_not_read() -> None:
    state = State(wish=Wish(limits=LIMITS), focus=("tt1",))
    lift = Turn("It need not be with Tilda Swinton.", lift=("people=Tilda Swinton",))
    like = Turn("More films like Tilda (2019)", like="tt2")
    assert clicked(state, lift).wish == lifted(state, lift.lift).wish and "Swinton" not in heard(lift)
    assert clicked(state, like).focus == ("tt2",) and "Tilda" not in heard(like)
    assert clicked(state, Turn("others")) == state and heard(Turn("others")) == "others"
