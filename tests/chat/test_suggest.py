"""The answer to a wish: films one a line, or what to give up."""

from __future__ import annotations

from typing import Any

import pytest

from moviechat.chat.find import Result, find
from moviechat.chat.query import Recommend, Turn
from moviechat.chat.state import State
from moviechat.chat.suggest import suggested
from moviechat.chat.wish import Wish
from moviechat.limits import Credit, Limits


def _result(shelf: Any, query: Recommend, **state: Any) -> Result:
    return find(Turn(query), State(**state), shelf, shelf.known)


def _said(shelf: Any, query: Recommend, **state: Any) -> list[str]:
    return [s.text for s in suggested(_result(shelf, query, **state), shelf.movies.get(query.director_of))]


def test_films_stand_one_a_line_with_their_figures(shelf: Any) -> None:
    said = _said(shelf, Recommend(Wish(Limits(genres_all=("Horror",), runtime_max=100))))
    assert said[0] == "Horror, at most 100 minutes:"
    assert [line.strip().partition(".")[0] for line in said[1:]] == ["1", "2"]
    assert all(line.startswith("\n") and " min, Horror, rated " in line for line in said[1:])


def test_a_mood_is_repeated_beside_a_limit(shelf: Any) -> None:
    said = _said(shelf, Recommend(Wish(Limits(runtime_max=100), "scary", ("scary",))))
    assert said[0] == "Films, at most 100 minutes; mood: scary:"
    assert _said(shelf, Recommend(Wish(Limits(), "scary", ("scary",))))[0].startswith("\n1. ")


def test_one_limit_needs_no_heading(shelf: Any) -> None:
    said = _said(shelf, Recommend(Wish(Limits(genres_all=("War",)))))
    assert len(said) == 1
    assert "1917 (2019)" in said[0]


def test_each_film_is_its_lines_source(shelf: Any) -> None:
    result = _result(shelf, Recommend(Wish(Limits(genres_all=("Comedy",)))))
    lines = list(suggested(result, None))
    assert [s.sources[0].tconst for s in lines] == [m.tconst for m in result.movies]
    assert all(s.sources[0].field == "title" and not s.by_model for s in lines)


def test_what_cannot_be_checked_is_said_first(shelf: Any) -> None:
    said = _said(shelf, Recommend(Wish(Limits(genres_all=("War",))), not_checked=("awards", "studios")))
    assert said[0] == "I can't check awards and studios: that is not on record here."


def test_the_film_of_the_same_director_is_named(shelf: Any) -> None:
    wish = Wish(Limits(people=(Credit("Jordan Peele", "director"),)))
    said = _said(shelf, Recommend(wish, director_of="tt10"))
    assert said[0] == "Nope (2022) is by Jordan Peele."


def test_that_nothing_is_new_is_said(shelf: Any) -> None:
    shown = ("tt01", "tt04", "tt12")
    query = Recommend(Wish(Limits(genres_all=("Comedy",), runtime_max=110)), "changed")
    assert _said(shelf, query, shown=shown)[0].startswith("Nothing new keeps all of that")
    spent = _said(shelf, Recommend(Wish(Limits(genres_all=("Comedy",))), "more"), shown=shown)
    assert spent[0].startswith("I have no more that keep all of that (comedy)")


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        (Limits(genres_all=("War",), runtime_max=60), "No film here keeps all of that: war, at most 60 minutes."),
        (
            Limits(people=(Credit("Daniel Craig"), Credit("Jordan Peele"))),
            "No film here has Daniel Craig and Jordan Peele together.",
        ),
    ],
)
def test_where_nothing_fits_the_limits_are_said_and_what_to_give_up(shelf: Any, limits: Limits, said: str) -> None:
    sentences = _said(shelf, Recommend(Wish(limits)))
    assert sentences[0] == said
    assert all(s.startswith("Without “") for s in sentences[1:])
    assert len(sentences) == 2
