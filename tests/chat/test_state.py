"""What a conversation remembers, as records and as JSON."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moviechat.chat.state import State, added, with_told
from moviechat.chat.which import Which
from moviechat.chat.wish import Like, Wish
from moviechat.errors import DataError
from moviechat.limits import Credit, Limits

IDS = st.lists(st.sampled_from(["tt01", "tt02", "tt03", "tt04"]), max_size=4, unique=True).map(tuple)
LIKES = st.lists(st.builds(Like, st.sampled_from(["tt01", "tt02"]), st.sampled_from([1.0, -1.0])), max_size=2).map(
    tuple
)
LIMITS = st.builds(
    Limits,
    genres_all=st.sampled_from([(), ("Horror",)]),
    runtime_max=st.sampled_from([None, 90]),
    rating_min=st.sampled_from([None, 6.8]),
    people=st.sampled_from([(), (Credit("Ana de Armas", "cast"),), (Credit("Ann", id="nm2"),)]),
)
WISHES = st.builds(
    Wish,
    LIMITS,
    words=st.text(max_size=9),
    moods=st.sampled_from([(), ("funny", "scary")]),
    like=LIKES,
    order=st.sampled_from(["fit", "rating"]),
    count=st.sampled_from([None, 3]),
    leaning=st.sampled_from([(), ("Drama",)]),
)
STATES = st.builds(
    State,
    focus=IDS,
    people=st.sampled_from([(), ("Bong Joon Ho",)]),
    listed=IDS,
    talked=IDS,
    shown=IDS,
    seen=IDS,
    rejected=IDS,
    likes=LIKES,
    wish=st.none() | WISHES,
    wishes=st.lists(WISHES, max_size=2).map(tuple),
    fields=st.sampled_from([(), ("year", "runtime")]),
    question=st.text(max_size=9),
    last=st.sampled_from(["", "Recommend"]),
    settled=st.sampled_from([(), ("nm1",)]),
    which=st.none() | st.builds(Which, st.text(max_size=9), st.just("Ann"), st.just(("nm2", "nm1")), st.just("nm2")),
)


@given(STATES)
def test_a_state_is_json_and_back(state: State) -> None:
    assert State.from_json(json.loads(json.dumps(state.to_json()))) == state


def test_what_is_empty_is_not_written() -> None:
    assert State().to_json() == {}
    assert State(seen=("tt01",)).to_json() == {"seen": ["tt01"]}
    assert State.from_json({}) == State()


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ({"mood": "sad"}, "mood"),
        ({"seen": "tt01"}, "seen"),
        ({"wish": {"genre": "Horror"}}, "genre"),
        ({"wish": {"limits": {"year": 2019}}}, "year"),
        ({"likes": [{"weight": 1}]}, "tconst"),
    ],
)
def test_what_is_no_state_is_named(said: dict[str, object], name: str) -> None:
    with pytest.raises(DataError, match=name):
        State.from_json(said)


def test_films_stand_where_they_were_named_last() -> None:
    assert added(("a", "b", "c"), ["a", "d", "a"]) == ("b", "c", "a", "d")
    assert added(("a",), ()) == ("a",)


def test_who_likes_or_hates_a_film_has_seen_it() -> None:
    state = with_told(State(seen=("a",), likes=(Like("b"),)), ["c"], [Like("b", -1.0), Like("d")], ["e"])
    assert state.seen == ("a", "c", "b", "d")
    assert state.likes == (Like("b", -1.0), Like("d"))
    assert state.rejected == ("e",)
    assert with_told(state, (), (), ()) == replace(state)
