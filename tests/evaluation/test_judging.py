"""Each check of a reply: what it lets pass, and what it does not."""

from __future__ import annotations

from typing import Any

import pytest

from moviechat.evaluation import judging
from moviechat.evaluation.bounds import Catalogue
from moviechat.evaluation.judging import Said
from moviechat.schema import Movie

MOVIES = {
    t: Movie(t, t, t, year, runtime, (genre,), rating, votes)
    for t, year, runtime, genre, rating, votes in (
        ("tt1", 2019, 90, "Drama", 8.0, 300),
        ("tt2", 2020, 100, "Horror", 7.0, 200),
        ("tt3", 2021, None, "Drama", None, 100),
    )
}
CATALOGUE = Catalogue(MOVIES, {})


def said(answer: str = "", kind: str = "fact", films: str = "", earlier: str = "") -> Said:
    movies = [{"tconst": t, "title": t, "year": 2020, "reason": None} for t in films.split()]
    reply: dict[str, Any] = {"answer": answer, "kind": kind, "movies": movies, "grounded": None, "understood": {}}
    return Said.of(reply, earlier.split())


DRAMA = {"genres_all": ["Drama"]}
RIGHT: list[tuple[dict[str, Any], Said]] = [
    ({"kind": ["fact", "plot"]}, said(kind="plot")),
    ({"limits": DRAMA}, said(films="tt1 tt3")),
    ({"limits": DRAMA, "least": 0}, said()),
    ({"limits": DRAMA, "none": True}, said()),
    ({"least": 2, "most": 2}, said(films="tt1 tt2")),
    ({"first": "tt2"}, said(films="tt2 tt1")),
    ({"any_of": ["tt3"]}, said(films="tt1 tt2 tt3")),
    ({"any_of": ["tt1"], "within": 1}, said(films="tt1")),
    ({"facts": [["132", "2 h 12"], ["Chloé Zhao"]]}, said("By Chloe Zhao, 2 h 12 min.")),
    ({"facts": [["1034567"]]}, said("It has 1,034,567 votes.")),
    ({"facts": [["7.5"]]}, said("Rated 7.5/10.")),
    ({"never": ["^no"]}, said("Yes.")),
    ({"says": ["nope", "in a bus"]}, said("It is set In\na  Bus.")),
    ({"new": True}, said(films="tt2", earlier="tt1")),
    ({"named": ["tt1"]}, said(films="tt2")),
    ({"order": "rating"}, said(films="tt1 tt2 tt3")),
    ({"order": "shortest"}, said(films="tt1 tt2 tt3")),
    ({"order": "newest"}, said(films="tt3 tt2 tt1")),
    ({"none": True}, said()),
    ({"either": [{"first": "tt1"}, {"says": ["none left"]}]}, said("There are none left.")),
]
WRONG: list[tuple[dict[str, Any], Said]] = [
    ({"kind": ["fact"]}, said(kind="unknown")),
    ({"limits": DRAMA}, said(films="tt1 tt2")),
    ({"limits": DRAMA}, said()),
    ({"limits": DRAMA}, said(films="tt9")),
    ({"least": 2}, said(films="tt1")),
    ({"most": 1}, said(films="tt1 tt2")),
    ({"first": "tt2"}, said()),
    ({"any_of": ["tt2"], "within": 1}, said(films="tt1 tt2")),
    ({"facts": [["132"]]}, said("1320 minutes")),
    ({"facts": [["7.5"]]}, said("Rated 17.5 or 7.55.")),
    ({"facts": [["8"]]}, said("Rated 8.3.")),
    ({"facts": [["Ann"]]}, said("Anna is in it.")),
    ({"facts": [["1"], ["2"]]}, said("1")),
    ({"never": ["cameron"]}, said("James Cameron did.")),
    ({"says": ["bus"]}, said("A train.")),
    ({"not_known": True}, said("James Cameron did.")),
    ({"new": True}, said(films="tt1", earlier="tt1")),
    ({"named": ["tt1"]}, said(films="tt2 tt1")),
    ({"order": "rating"}, said(films="tt2 tt1")),
    ({"order": "votes"}, said(films="tt3 tt1")),
    ({"none": True}, said(films="tt1")),
    ({"either": [{"first": "tt1"}, {"says": ["none left"]}]}, said("Well.")),
]


@pytest.mark.parametrize(("expect", "reply"), RIGHT)
def test_what_is_expected_passes(expect: dict[str, Any], reply: Said) -> None:
    assert judging.wrong(expect, reply, CATALOGUE) == []


@pytest.mark.parametrize(("expect", "reply"), WRONG)
def test_anything_else_is_told(expect: dict[str, Any], reply: Said) -> None:
    assert judging.wrong(expect, reply, CATALOGUE)


@pytest.mark.parametrize(
    "answer",
    [
        "I have no film called Titanic.",
        "The description does not say.",
        "Its budget isn\u2019t on record here.",
        "Box office figures are unknown to me.",
        "I cannot check where it streams.",
        "Titanic is not in the catalogue.",
    ],
)
def test_it_says_that_it_does_not_know_in_any_wording(answer: str) -> None:
    assert judging.wrong({"not_known": True}, said(answer), CATALOGUE) == []


def test_every_check_is_tried_here() -> None:
    for side in (RIGHT, WRONG):
        assert {name for expect, _ in side for name in expect} | {"not_known"} == set(judging.CHECKS)


def test_a_reply_without_its_newer_keys_is_judged_as_it_is() -> None:
    assert Said.of({"answer": None}) == Said("", "", (), frozenset())
