"""Fact questions made from the table, and what counts as a right reply."""

from __future__ import annotations

from itertools import count

import pytest

from moviechat.evaluation import facts
from moviechat.reply import Reply, Source
from moviechat.schema import Movie

PARASITE = Movie(
    "tt6751668", "Parasite", "Gisaengchung", 2019, 132, ("Drama", "Thriller"), 8.5, 1_034_567,
    directors=("Bong Joon Ho",), cast=("Song Kang-ho", "Lee Sun-kyun", "Cho Yeo-jeong", "Choi Woo-sik"),
)  # fmt: skip
BARE = Movie("tt2", "Limbo", "Limbo", 2020, None, (), None, 7)
TWINS = [Movie(t, "Joyland", "Joyland", 2022, 90, ("Drama",), 7.0, 10) for t in ("tt5", "tt6")]
YEARS = [Movie(f"tt{y}", "Little Women", "Little Women", y, 90, ("Drama",), 7.0, 10) for y in (2019, 2020)]


def reply(answer: str, *fields: str, tconst: str = PARASITE.tconst) -> Reply:
    return Reply(answer, "fact", True, (), tuple(Source(tconst, f, "x") for f in fields), "catalogue", 0.0)


def fact(field: str, movie: Movie = PARASITE) -> facts.Fact:
    return facts.Fact("?", movie, field)


def test_every_field_that_the_table_holds_is_asked() -> None:
    assert [f.field for f in facts.questions([PARASITE], 5, seed=0)] == list(facts.QUESTIONS)
    assert [f.field for f in facts.questions([BARE], 5, seed=0)] == ["year", "votes"]


def test_a_shared_title_is_asked_with_its_year_and_twins_not_at_all() -> None:
    asked = facts.questions([*YEARS, *TWINS], 9, seed=0)
    assert {f.movie.tconst for f in asked} == {"tt2019", "tt2020"}
    assert all(f"Little Women ({f.movie.year})" in f.question for f in asked)


def test_questions_are_seeded() -> None:
    catalogue = [Movie(f"tt{i}", f"Film {i}", "", 2020, 90, (), None, 1) for i in range(30)]
    assert facts.questions(catalogue, 5, seed=1) == facts.questions(catalogue, 5, seed=1)
    assert facts.questions(catalogue, 5, seed=1) != facts.questions(catalogue, 5, seed=2)
    assert len({f.movie.tconst for f in facts.questions(catalogue, 5, seed=1)}) == 5


@pytest.mark.parametrize(
    ("field", "answer"),
    [
        ("directors", "Parasite (2019) was directed by Bong Joon Ho."),
        ("runtime", "Parasite (2019) is 132 minutes long (2 h 12 min)."),
        ("year", "Parasite came out in 2019."),
        ("genres", "It is a drama and thriller film."),
        ("rating", "It is rated 8.5 out of 10."),
        ("votes", "It has 1,034,567 votes."),
        ("cast", "Parasite stars Song Kang-ho, Lee Sun-kyun and Cho Yeo-jeong."),
    ],
)
def test_the_value_in_any_wording_is_right(field: str, answer: str) -> None:
    assert facts.check(fact(field), reply(answer, field)).correct


@pytest.mark.parametrize(
    ("field", "answer"),
    [
        ("directors", "It was directed by Bong."),
        ("runtime", "It is 1320 minutes long."),
        ("genres", "It is a drama."),
        ("rating", "It is rated 8.0 out of 10."),
        ("votes", "It has 34,567 votes."),
        ("cast", "It stars Song Kang-ho."),
        ("year", ""),
    ],
)
def test_another_value_or_half_of_it_is_wrong(field: str, answer: str) -> None:
    assert not facts.check(fact(field), reply(answer, field)).value


def test_the_source_names_the_field_of_that_film() -> None:
    said = "It is 132 minutes long."
    assert not facts.check(fact("runtime"), reply(said, "year")).source
    assert not facts.check(fact("runtime"), reply(said, "runtime", tconst="tt1")).source
    assert not facts.check(fact("runtime"), reply(said)).correct


def test_each_fact_is_asked_in_a_conversation_of_its_own() -> None:
    begun = count()

    class Conversation:
        def __init__(self) -> None:
            self.number, self.asked = next(begun), 0

        def ask(self, text: str) -> Reply:
            self.asked += 1
            assert self.asked == 1
            return reply(f"conversation {self.number}: {text}")

    ticks = count()
    asked = facts.ask([fact("year"), fact("votes")], Conversation, lambda: float(next(ticks)))
    assert [(c.answer, c.seconds) for c in asked] == [("conversation 0: ?", 1.0), ("conversation 1: ?", 1.0)]


def test_summary_counts_right_replies() -> None:
    checked = [
        facts.check(fact("year"), reply("2019", "year")),
        facts.check(fact("year"), reply("2019")),
        facts.check(fact("runtime"), reply("90", "runtime")),
        facts.check(fact("year", BARE), reply("2020", "year", tconst="tt2")),
    ]
    summary = facts.summarise(checked, resamples=100, seed=0)
    assert (summary["questions"], summary["films"], summary["correct"]) == (4, 2, 0.5)
    assert (summary["value"], summary["source"]) == (0.75, 0.75)
    assert summary["fields"] == {"runtime": 0.0, "year": pytest.approx(2 / 3)}
    assert summary["correct_low"] <= 0.5 <= summary["correct_high"]
