"""Words that refer back, and the films that they mean."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from moviechat.chat.known import Known
from moviechat.chat.mentions import Mentions
from moviechat.chat.pointing import Pointing, pointed_at, pointings, several
from moviechat.chat.state import State

Apart = Callable[..., Mentions]
LISTED = State(focus=("tt01",), listed=("tt01", "tt03", "tt04"), talked=("tt12", "tt03", "tt01"))


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("how long is it", ["film"]),
        ("who is he", ["person"]),
        ("which of them is longest", ["many"]),
        ("and the other one?", ["other"]),
        ("a film that is short", []),
        ("something that makes me cry", []),
        ("Parasite", []),
    ],
)
def test_words_point_back(text: str, kinds: list[str], taken_apart: Apart) -> None:
    assert [p.kind for p in pointings(taken_apart(text))] == kinds


@pytest.mark.parametrize(
    ("text", "number", "count"),
    [
        ("the first one", 0, 1),
        ("what about the second?", 1, 1),
        ("and the 3rd?", 2, 1),
        ("the last one", -1, 1),
        ("the first two", 0, 2),
        ("who directed number two", 1, 1),
        ("the former", 0, 1),
    ],
)
def test_an_ordinal_says_which(text: str, number: int, count: int, taken_apart: Apart) -> None:
    m = taken_apart(text)
    (point,) = pointings(m)
    assert (point.kind, point.number, point.count) == ("ordinal", number, count)


@pytest.mark.parametrize(
    ("pointing", "films"),
    [
        (Pointing("film", 0), ("tt01",)),
        (Pointing("many", 0), ("tt01", "tt03", "tt04")),
        (Pointing("ordinal", 0, 1), ("tt03",)),
        (Pointing("ordinal", 0, -1), ("tt04",)),
        (Pointing("ordinal", 0, 0, 2), ("tt01", "tt03")),
        (Pointing("ordinal", 0, 7), ()),
        (Pointing("other", 0), ("tt03",)),
        (Pointing("person", 0), ()),
    ],
)
def test_pointing_words(pointing: Pointing, films: tuple[str, ...], known: Known) -> None:
    assert pointed_at(pointing, LISTED, known) == films


def test_pointing_at_nothing(known: Known) -> None:
    for kind in ("film", "many", "ordinal", "other"):
        assert pointed_at(Pointing(kind, 0), State(), known) == ()


def test_ordinals_count_what_was_talked_of_where_nothing_is_listed(known: Known) -> None:
    assert pointed_at(Pointing("ordinal", 0, 0), State(talked=("tt12", "tt03")), known) == ("tt12",)
    one = State(listed=("tt03",), talked=("tt12", "tt03"))  # "the first film" is none of a list of one
    assert pointed_at(Pointing("ordinal", 0, 0), one, known) == ("tt12",)


@pytest.mark.parametrize(
    ("text", "field", "up"),
    [
        ("who directed the longer one", "runtime", True),
        ("and the older?", "year", False),
        ("the best rated, who is in it", "rating", True),
    ],
)
def test_a_superlative_says_which(text: str, field: str, up: bool, taken_apart: Apart, known: Known) -> None:
    (point,) = (p for p in pointings(taken_apart(text)) if p.kind == "most")
    assert (point.field, point.up) == (field, up)
    among = [known.movies[t] for t in LISTED.listed]
    best = (max if up else min)(among, key=lambda m: float(getattr(m, field)))
    assert pointed_at(point, LISTED, known) == (best.tconst,)


@pytest.mark.parametrize("text", ["the best films", "something longer", "the newer films please", "a shorter one"])
def test_a_superlative_of_films_to_find_points_at_none(text: str, taken_apart: Apart) -> None:
    assert "most" not in [p.kind for p in pointings(taken_apart(text))]


@pytest.mark.parametrize(
    ("state", "count", "films"),
    [
        (State(run=("a", "b", "c"), listed=("x", "y"), focus=("c",)), 0, ("a", "b", "c")),
        (State(run=("a", "b", "c"), listed=("x", "y", "z"), focus=("c",)), 2, ("b", "c")),
        (State(run=("c",), listed=("x", "y"), focus=("c",)), 2, ("x", "y")),
        (State(run=("c",), talked=("a", "c"), listed=("x", "y", "z"), focus=("c",)), 2, ("a", "c")),
        (State(run=("c",), listed=("x", "y"), focus=("c",)), 0, ("x", "y")),
        (State(run=("a", "b"), focus=("b",)), 1, ("b",)),
    ],
)
def test_several_films_are_those_of_the_last_questions_or_the_last_list(
    state: State, count: int, films: tuple[str, ...]
) -> None:
    assert several(state, count) == films
