"""People named in texts, and their films."""

from __future__ import annotations

from pathlib import Path

import pytest

from moviechat.linking.lexicon import Lexicon
from moviechat.linking.people import People
from moviechat.linking.text import Text
from moviechat.retrieval.search import Search
from moviechat.schema import Movie


def _named(search: Search, text: str) -> list[str]:
    return [link.name for link in search.link_people(text)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("What did Jordan Peele direct?", ["Jordan Peele"]),
        ("what did jordan peele direct", ["Jordan Peele"]),
        ("list films by bong joon-ho and Chloe Zhao", ["Bong Joon Ho", "Chloé Zhao"]),
        ("Is M. Night Shyamalan's film good?", ["M. Night Shyamalan"]),
        ("A bus driver named Carla Simon gets lost.", ["Carla Simón"]),
    ],
)
def test_people_are_named(search: Search, text: str, names: list[str]) -> None:
    assert _named(search, text) == names


@pytest.mark.parametrize(
    "text",
    [
        "the villeneuve film",
        "how long is the Villeneuve movie?",
        "a film by villeneuve",
        "what is villeneuve's latest?",
    ],
)
def test_a_director_by_the_last_name(search: Search, text: str) -> None:
    (link,) = search.link_people(text)
    assert (link.name, link.how) == ("Denis Villeneuve", "partial")
    assert text[slice(*link.span)].lower() == "villeneuve"


def test_an_ordinary_word_is_no_last_name(tmp_path: Path) -> None:
    People.build([Movie("tt1", "A", "A", 2020, None, (), None, 0, directors=("Terence Young",))]).save(tmp_path)
    people, lexicon, read = People.load(tmp_path), Lexicon.build([], []), Text("the young film")
    assert people.link(read, lexicon, lambda word: word == "young") == []
    assert [link.name for link in people.link(read, lexicon, lambda word: False)] == ["Terence Young"]
    assert people.called("young") == []


@pytest.mark.parametrize(
    "text",
    [
        "Who is old?",
        "villeneuve was tired",
        "Is Villeneuve a village?",
        "Sam. Mendes said so.",
        "the sam mendes of Panama"[4:7],
        "Todd met Field",
    ],
)
def test_no_one_is_named(search: Search, text: str) -> None:
    assert _named(search, text) == []


def test_one_typo_in_a_name(search: Search) -> None:
    (link,) = search.link_people("What did Jordan Peeele direct?")
    assert (link.name, link.how) == ("Jordan Peele", "typo")


def test_a_person_is_where_the_span_says(search: Search) -> None:
    text = "What did Jordan Peele's brother do?"
    (link,) = search.link_people(text)
    assert text[slice(*link.span)] == "Jordan Peele"


def test_spellings_of_one_name_are_told(tmp_path: Path) -> None:
    films = [
        Movie(f"tt{i}", "A", "A", 2020, None, (), None, 0, directors=(name,))
        for i, name in enumerate(("Bong Joon Ho", "Bong Joon-ho", "Bong Joon Ho"))
    ]
    People.build(films).save(tmp_path)
    people = People.load(tmp_path)
    assert sorted(row for p in people.called("bong joon ho") for row in people.films(p)) == [0, 1, 2]
    assert people.called("nobody") == []


def test_every_role_counts(search: Search, movies: list[Movie]) -> None:
    movie = Movie(
        "tt1", "A", "A", 2020, None, (), None, 0, ("D",), ("W",), ("C",), ("ch",), ("P",), ("M",), ("F",), ("E",)
    )
    assert set(People.build([movie]).names) == set("DWCPMFE")
