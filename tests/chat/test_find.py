"""Queries and what answers them: films with evidence, limits kept, namesakes told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from moviechat.chat.find import Result, find
from moviechat.chat.query import (
    AskCredits,
    AskFact,
    AskPlot,
    Compare,
    Identify,
    NotHere,
    NotKnown,
    Query,
    Recommend,
    SmallTalk,
    Told,
    Turn,
    Unclear,
)
from moviechat.chat.state import State
from moviechat.chat.wish import Like, Wish
from moviechat.limits import Credit, Limits

NOTHING = State()
COMEDY = Wish(Limits(genres_all=("Comedy",)))


@pytest.fixture
def found(shelf: Any) -> Callable[..., Result]:
    """The result of a query: `found(query, state, told)`."""

    def result(query: Query, state: State = NOTHING, told: Told | None = None) -> Result:
        return find(Turn(query, told or Told()), state, shelf, shelf.known)

    return result


Found = Callable[..., Result]


def _ids(result: Result) -> list[str]:
    return [m.tconst for m in result.movies]


@pytest.mark.parametrize(
    "query", [AskFact(("tt03", "tt01")), Compare(("tt03", "tt01"), "year"), AskPlot(("tt03", "tt01"), "?")]
)
def test_the_films_of_a_question_in_its_order(found: Found, query: Query) -> None:
    result = found(query)
    assert (result.query, _ids(result), result.namesakes) == (query, ["tt03", "tt01"], ())


def test_namesakes_are_found_until_they_are_told_apart(found: Found) -> None:
    assert [m.tconst for m in found(AskFact(("tt06",))).namesakes] == ["tt07"]
    assert found(AskFact(("tt06",)), State(talked=("tt06",))).namesakes == ()
    assert found(AskFact(("tt01",))).namesakes == ()


def test_films_of_people_within_limits(found: Found) -> None:
    assert _ids(found(AskCredits(("Ana de Armas",)))) == ["tt04", "tt09"]
    assert _ids(found(AskCredits(("Ana de Armas",), limits=Limits(genres_all=("Romance",))))) == ["tt09"]
    assert _ids(found(AskCredits(("Ana de Armas",), without=("tt04",)))) == ["tt09"]
    assert _ids(found(AskCredits(("Ana de Armas",), role="directors"))) == []


def test_a_film_under_two_ids_counts_once(shelf: Any, make_films: Any) -> None:
    twin = replace(shelf.movies["tt04"], tconst="tt99", votes=2, same_as="tt04")
    shelf.films = make_films([*shelf.movies.values(), twin], {})
    shelf.movies["tt99"] = twin
    result = find(Turn(AskCredits(("Rian Johnson",))), NOTHING, shelf, type(shelf.known)(shelf.movies))
    assert _ids(result) == ["tt04"]


def test_who_has_most_films(found: Found) -> None:
    most = found(AskCredits((), "directors", Limits(genres_all=("Horror",)), most=True)).most
    assert most[0] == ("Jordan Peele", 2)
    assert len(most) == 3


def test_who_has_most_films_is_one_person(shelf: Any, make_films: Any) -> None:
    films = [replace(shelf.movies[t], directors=("Ann Lee",), people_ids=()) for t in ("tt02", "tt05", "tt07")]
    films = [replace(m, people_ids=(i,)) for m, i in zip(films, ("nm1", "nm2", "nm2"), strict=True)]
    shelf.films = make_films(films, {})
    known = type(shelf.known)({m.tconst: m for m in films})
    result = find(Turn(AskCredits((), "directors", most=True)), NOTHING, shelf, known)
    assert result.most == (("Ann Lee", 2), ("Ann Lee", 1))


def test_a_film_half_remembered(found: Found) -> None:
    result = found(Identify("a bus lost in the jungle with a priest"))
    assert (_ids(result)[0], result.sure) == ("tt05", True)
    assert "tt05" not in _ids(found(Identify("a bus lost in the jungle with a priest", without=("tt05",))))
    assert _ids(found(Identify("xylophones"))) == []


def test_a_wish_leaves_out_what_is_known(found: Found) -> None:
    assert sorted(_ids(found(Recommend(COMEDY)))) == ["tt01", "tt04", "tt12"]
    for known in (State(seen=("tt01",)), State(talked=("tt01",)), State(rejected=("tt01",)), State(shown=("tt01",))):
        assert sorted(_ids(found(Recommend(COMEDY), known))) == ["tt04", "tt12"]
    told = Told(seen=("tt04",), likes=(Like("tt12"),))
    assert _ids(found(Recommend(COMEDY), told=told)) == ["tt01"]


def test_a_wish_for_the_first_of_an_order_asks_a_fact(found: Found) -> None:
    best = Recommend(Wish(COMEDY.limits, order="rating", count=1))
    assert _ids(found(best, State(shown=("tt01",)))) == ["tt01"]
    assert _ids(found(replace(best, change="more"), State(shown=("tt01",)))) == ["tt12"]


def test_a_narrower_wish_may_bring_back_what_was_shown(found: Found) -> None:
    short = Recommend(Wish(Limits(genres_all=("Comedy",), runtime_max=110)), "changed")
    state = State(shown=("tt01", "tt04", "tt12"), wish=COMEDY)
    result = found(short, state)
    assert (_ids(result), result.again) == (["tt12"], True)
    assert _ids(found(short, replace(state, seen=("tt12",)))) == []
    assert not found(replace(short, change="more"), state).again
    assert not found(replace(short, others=True), state).again  # who asks for others gets none again


def test_limits_are_never_dropped(found: Found) -> None:
    result = found(Recommend(Wish(Limits(genres_all=("War",), runtime_max=60))))
    assert result.movies == ()
    assert result.picked is not None
    assert {r.given_up.said() for r in result.picked.relaxed} >= {("runtime_max",)}


def test_the_film_by_whose_director_a_wish_asks_is_left_out(found: Found) -> None:
    wish = Wish(Limits(people=(Credit("Jordan Peele", "director"),)))
    assert _ids(found(Recommend(wish, director_of="tt10"))) == ["tt11"]


@pytest.mark.parametrize(
    ("query", "films"),
    [
        (NotHere("Dune", near=("tt02",)), ["tt02"]),
        (Unclear("film"), []),
        (SmallTalk("thanks"), []),
        (NotKnown(("budget",)), []),
    ],
)
def test_what_needs_no_search(found: Found, query: Query, films: list[str]) -> None:
    assert _ids(found(query)) == films


def test_a_half_remembered_film_of_somebody_under_talk_comes_first(shelf: Any) -> None:
    text = "the bus in the jungle, and the family"
    query = Identify(text, people=("Bong Joon Ho",))
    anybody, theirs = (
        find(Turn(q), State(), shelf, shelf.known).movies[0] for q in (query, replace(query, theirs=True))
    )
    assert (anybody.tconst, theirs.tconst) == ("tt05", "tt01")


def test_limits_narrow_a_half_remembered_film_to_those_of_somebody(shelf: Any) -> None:
    query = Identify("the bus in the jungle, and the family", people=("Bong Joon Ho",), theirs=True)
    wide = find(Turn(query), State(), shelf, shelf.known).movies
    narrow = find(Turn(replace(query, limits=Limits(genres_all=("Drama",)))), State(), shelf, shelf.known).movies
    assert [m.tconst for m in narrow] == ["tt01"] and len(wide) > 1
    none = find(Turn(replace(query, limits=Limits(genres_all=("Western",)))), State(), shelf, shelf.known).movies
    assert none  # nobody's film keeps it: what the text describes is told all the same
