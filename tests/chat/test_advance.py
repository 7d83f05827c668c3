"""What a conversation remembers after a turn was answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from moviechat.chat.advance import advance
from moviechat.chat.find import find
from moviechat.chat.query import (
    AskCredits,
    AskFact,
    AskPlot,
    Claim,
    Compare,
    Identify,
    NotHere,
    Query,
    Recommend,
    SmallTalk,
    Told,
    Turn,
    Unclear,
)
from moviechat.chat.state import REMEMBERED, State
from moviechat.chat.wish import Like, Wish
from moviechat.limits import Credit, Limits

NOTHING = State()
COMEDY = Wish(Limits(genres_all=("Comedy",)))


@pytest.fixture
def after(shelf: Any) -> Callable[..., State]:
    """The state after a query was answered: `after(query, state, told)`."""

    def state_after(query: Query, state: State = NOTHING, told: Told | None = None) -> State:
        turn = Turn(query, told or Told())
        return advance(state, turn, find(turn, state, shelf, shelf.known))

    return state_after


After = Callable[..., State]


def test_a_fact_leaves_its_film_its_fields_and_its_people(after: After) -> None:
    state = after(AskFact(("tt04",), ("directors",)), State(question="where?"))
    assert (state.focus, state.talked, state.fields, state.question) == (("tt04",), ("tt04",), ("directors",), "")
    assert (state.people, state.last) == (("Rian Johnson",), "AskFact")
    assert after(AskFact(("tt04",), ("cast",))).people == ("Daniel Craig",)
    assert after(AskFact(("tt04",), ("cast",), Claim(("Ana de Armas",)))).people == ("Ana de Armas",)


def test_a_film_of_the_list_keeps_the_list(after: After) -> None:
    state = State(listed=("tt01", "tt03"), focus=("tt01",))
    assert after(AskFact(("tt03",), ("year",)), state).listed == ("tt01", "tt03")
    assert after(AskFact(("tt12",), ("year",)), state).listed == ()
    assert after(AskFact(("tt01", "tt03"), ("year",))).listed == ("tt01", "tt03")


def test_a_plot_leaves_its_question(after: After) -> None:
    state = after(AskPlot(("tt01",), "where is it set?"), State(fields=("year",)))
    assert (state.question, state.fields, state.people) == ("where is it set?", (), ("Bong Joon Ho",))


def test_the_winner_of_a_comparison_is_under_talk(after: After) -> None:
    state = after(Compare(("tt03", "tt01"), "runtime"))
    assert (state.focus, state.listed, state.fields) == (("tt01",), ("tt03", "tt01"), ("runtime",))
    assert after(Compare(("tt03", "tt01"), "runtime", up=False)).focus == ("tt03",)
    assert after(Compare(("tt01", "tt08"), "runtime")).focus == ("tt01",)  # the other one has none


def test_credits_leave_the_person_and_the_list(after: After) -> None:
    state = after(AskCredits(("Jordan Peele",)))
    assert (state.people, state.listed, state.focus) == (("Jordan Peele",), ("tt11", "tt10"), ("tt11",))


def test_a_half_remembered_film_is_under_talk(after: After) -> None:
    state = after(Identify("a bus lost in the jungle"))
    assert (state.focus, state.listed[0], state.people) == (("tt05",), "tt05", ("Sol Moreno",))


def test_a_wish_stays_on_the_table(after: After) -> None:
    state = after(Recommend(COMEDY))
    assert (state.wish, state.wishes, state.last) == (COMEDY, (), "Recommend")
    assert set(state.shown) == set(state.listed) == {"tt01", "tt04", "tt12"}
    assert state.focus == state.listed[:1]
    assert state.talked == ()
    again = after(Recommend(COMEDY, "more"), state)
    assert (again.wishes, again.listed) == ((), state.listed)  # nothing new was found
    other = after(Recommend(Wish(Limits(genres_all=("War",))), "changed"), state)
    assert (other.wishes, other.listed) == ((COMEDY,), ("tt02",))


def test_the_people_of_a_wish_are_under_talk(after: After) -> None:
    wish = Wish(Limits(people=(Credit("Jordan Peele", "director"),)))
    assert after(Recommend(wish)).people == ("Jordan Peele",)


def test_what_is_told_is_remembered_with_any_query(after: After) -> None:
    told = Told(seen=("tt12",), likes=(Like("tt03"),), rejected=("tt02",))
    state = after(Recommend(COMEDY), told=told)
    assert (state.seen, state.likes, state.rejected) == (("tt12", "tt03"), (Like("tt03"),), ("tt02",))
    assert set(state.talked) == {"tt12", "tt03"}
    noted = after(SmallTalk("noted"), told=told)
    assert noted.focus == ("tt03",)


@pytest.mark.parametrize("query", [SmallTalk("thanks"), Unclear("film")])
def test_small_talk_changes_nothing_else(after: After, query: Query) -> None:
    state = State(focus=("tt01",), listed=("tt01", "tt03"), fields=("year",), wish=COMEDY, last="AskFact")
    changed = after(query, state)
    assert (changed.focus, changed.listed, changed.fields, changed.wish) == (
        ("tt01",),
        ("tt01", "tt03"),
        ("year",),
        COMEDY,
    )
    assert changed.last == ("AskFact" if isinstance(query, SmallTalk) else "Unclear")


def test_an_unknown_film_ends_the_focus_alone(after: After) -> None:
    state = after(NotHere("Dune"), State(focus=("tt01",), talked=("tt01",), wish=COMEDY, fields=("year",)))
    assert (state.focus, state.talked, state.wish, state.fields) == ((), ("tt01",), COMEDY, ("year",))


def test_memory_is_bounded(after: After) -> None:
    state = State(talked=tuple(f"x{i}" for i in range(REMEMBERED)), wishes=(COMEDY,) * REMEMBERED, wish=COMEDY)
    assert len(after(AskFact(("tt01",), ("year",)), state).talked) == REMEMBERED
    assert len(after(Recommend(Wish(words="bus")), state).wishes) == REMEMBERED
