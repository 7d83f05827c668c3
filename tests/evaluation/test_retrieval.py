"""Queries made of titles, and the ranks that searches give them."""

from __future__ import annotations

import random
from itertools import count

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from moviechat.evaluation import retrieval
from moviechat.reply import Hit
from moviechat.schema import Movie, QAPair


def movie(tconst: str, title: str, year: int = 2019) -> Movie:
    return Movie(tconst, title, title, year, 90, ("Drama",), 6.0, 100)


CATALOGUE = [
    movie("tt1", "Parasite"),
    movie("tt2", "Little Women"),
    movie("tt3", "Little Women", 2020),
    movie("tt4", "It"),
    movie("tt5", "Joyland", 2022),
    movie("tt6", "Joyland", 2022),
]


class Exact:
    """Finds the films whose title stands in the query, letter by letter."""

    def search(self, query: str, limit: int = 10) -> list[Hit]:
        return [Hit(m.tconst, m.title, m.year, 1.0) for m in CATALOGUE if m.title in query][:limit]


def test_title_queries_come_in_three_forms_of_the_same_films() -> None:
    sought = retrieval.title_queries(CATALOGUE, 18, seed=0)
    groups = {g: [s for s in sought if s.group == g] for g in ("exact", "lower_case", "one_typo")}
    assert (len(groups["exact"]), len(groups["lower_case"])) == (6, 6)
    assert len(groups["one_typo"]) == 5, "a typo leaves nothing of It"
    parasite = [s.query for s in sought if "tt1" in s.gold]
    assert "Parasite" in parasite[0] and "parasite" in parasite[1] and "Parasite" not in parasite[2]


def test_a_shared_title_is_asked_with_its_year_and_twins_are_both_right() -> None:
    sought = retrieval.title_queries(CATALOGUE, 18, seed=0)
    assert all(f"({2019 if 'tt2' in s.gold else 2020})" in s.query for s in sought if s.gold & {"tt2", "tt3"})
    assert {s.gold for s in sought if "tt5" in s.gold} == {frozenset({"tt5", "tt6"})}
    assert not any("(2022)" in s.query for s in sought)


def test_title_queries_are_limited_and_seeded() -> None:
    assert len(retrieval.title_queries(CATALOGUE, 7, seed=0)) <= 7
    assert retrieval.title_queries(CATALOGUE, 9, seed=3) == retrieval.title_queries(CATALOGUE, 9, seed=3)
    assert retrieval.title_queries(CATALOGUE, 2, seed=0) == []


@given(st.text(min_size=1, max_size=12), st.integers(0, 50))
def test_a_typo_changes_the_title_by_one_letter(title: str, seed: int) -> None:
    assume(any(c.isalpha() for c in title))
    made = retrieval.typo(title, random.Random(seed))
    assert made != title
    assert abs(len(made) - len(title)) <= 1


def test_questions_seek_their_film_or_its_twin() -> None:
    pairs = [QAPair("tt6", "about", "What is Joyland about?", "x", "", "file")]
    assert retrieval.questions(pairs, CATALOGUE)[0].gold == {"tt5", "tt6"}


def test_ask_takes_the_time_of_each_search() -> None:
    ticks = count()
    sought = [retrieval.Sought("Is Parasite any good?", frozenset({"tt1"}), "exact")] * 2
    found = retrieval.ask(Exact(), sought, lambda: float(next(ticks)))
    assert [(f.hits, f.seconds) for f in found] == [(("tt1",), 1.0)] * 2


def test_summary_is_by_group() -> None:
    sought = [
        retrieval.Sought("Parasite", frozenset({"tt1"}), "exact"),
        retrieval.Sought("Little Women", frozenset({"tt3"}), "exact"),
        retrieval.Sought("parasite", frozenset({"tt1"}), "lower_case"),
    ]
    summary = retrieval.summarise(retrieval.ask(Exact(), sought, lambda: 0.0), resamples=100, seed=0)
    exact = summary["exact"]
    assert (exact["queries"], exact["recall_at_1"], exact["recall_at_10"], exact["mrr"]) == (2, 0.5, 1.0, 0.75)
    assert exact["recall_at_1_low"] <= 0.5 <= exact["recall_at_1_high"]
    assert summary["lower_case"]["recall_at_10"] == 0.0


@pytest.mark.parametrize("title", ["Ad Astra", "寄生虫たち", "Amélie"])
def test_any_script_has_typos(title: str) -> None:
    assert len({retrieval.typo(title, random.Random(seed)) for seed in range(20)}) > 5


def test_any_entry_of_a_film_is_right() -> None:
    films = [Movie(t, t, t, 2020, None, (), None, 0, same_as=same) for t, same in (("tt1", None), ("tt2", "tt1"))]
    assert retrieval.twins(films) == dict.fromkeys(("tt1", "tt2"), frozenset({"tt1", "tt2"}))
