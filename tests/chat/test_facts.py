"""Facts of films in sentences."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moviechat.chat import facts
from moviechat.chat.facts import Facts
from moviechat.chat.fields import FIELDS
from moviechat.schema import Movie

Movies = dict[str, Movie]
FACTS: Facts = {"countries": ("Japan", "Peru"), "awards": ("the Silver Kite",)}


@given(st.integers(0, 2000))
def test_a_length_is_said_in_minutes_and_in_hours(minutes: int) -> None:
    said = facts.length(minutes)
    first, *rest = map(int, re.findall(r"\d+", said))
    assert first == minutes
    assert ("h" in said) == (minutes >= 60)
    assert not rest or minutes == 60 * rest[0] + (rest[1] if len(rest) > 1 else 0)


def test_values_are_what_is_on_record(movies: Movies) -> None:
    film = movies["tt01"]
    assert facts.values(film, "directors", {}) == ("Bong Joon Ho",)
    assert facts.values(film, "runtime", {}) == ("132 minutes (2 h 12 min)",)
    assert facts.values(film, "votes", {}) == ("1,000,000",)
    assert facts.values(film, "year", {}) == ("2019",)
    assert facts.values(film, "original_title", {}) == ("Gisaengchung",)
    assert facts.values(film, "countries", FACTS) == ("Japan", "Peru")
    assert facts.values(film, "countries", {}) == facts.values(film, "budget", FACTS) == ()


@pytest.mark.parametrize(
    ("field", "sentence"),
    [
        ("directors", "Parasite (2019) was directed by Bong Joon Ho."),
        ("runtime", "Parasite (2019) runs 132 minutes (2 h 12 min)."),
        ("writers", "Parasite (2019) was written by Bong Joon Ho and Han Jin-won."),
        ("rating", "Parasite (2019) is rated 8.5 out of 10 on IMDb (1,000,000 votes)."),
        ("cast", "Parasite (2019) stars Song Kang-ho (Ki Taek), Lee Sun-kyun (Dong Ik) and Cho Yeo-jeong."),
        ("alternative_titles", "Parasite (2019) is also called Parásitos and 기생충."),
    ],
)
def test_a_field_in_a_sentence(field: str, sentence: str, movies: Movies) -> None:
    assert facts.say(movies["tt01"], field, {}).text == sentence


def test_few_votes_say_little(movies: Movies) -> None:
    assert facts.say(movies["tt05"], "rating", {}).text.endswith("(134 votes, so it says little).")


def test_of_a_large_cast_the_first_are_told(movies: Movies) -> None:
    film = replace(movies["tt02"], cast=tuple(f"Actor {n}" for n in range(20)))
    said = facts.say(film, "cast", {}).text
    assert re.findall(r"Actor (\d+)", said) == [str(n) for n in range(facts.CAST_SHOWN)]


@pytest.mark.parametrize("field", [f.name for f in FIELDS if f.name != "role"])
def test_every_field_is_said_or_said_to_be_missing(field: str, movies: Movies) -> None:
    for film in movies.values():
        found, said = facts.values(film, field, FACTS), facts.say(film, field, FACTS)
        assert film.label in said.text and said.text.endswith(".") and not said.by_model
        assert "{" not in said.text and "  " not in said.text
        shown = field if found else "writers" if field == "based_on" and film.writers else ""
        assert [(s.tconst, s.field) for s in said.sources] == ([(film.tconst, shown)] if shown else [])


def test_what_is_missing_says_what_comes_near(movies: Movies) -> None:
    near = "IMDb's users rate it 8.5 (1,000,000 votes)."
    assert facts.missing(movies["tt01"], "critics", {}).text.endswith(near)
    assert "rate it" not in facts.missing(movies["tt08"], "critics", {}).text
    assert facts.say(movies["tt02"], "editors", {}).text == "No editor is listed for 1917 (2019)."
    assert facts.say(movies["tt08"], "runtime", {}).text.endswith("is not on record here.")
    assert "are not on record" in facts.say(movies["tt08"], "awards", {}).text


def test_a_source_is_the_field_with_what_it_holds(movies: Movies) -> None:
    source = facts.source(movies["tt04"], "role", ("Daniel Craig",))
    assert (source.tconst, source.field, source.text) == ("tt04", "cast", "Daniel Craig")
    assert facts.source(movies["tt04"], "year").text == "2019"


def test_an_actor_with_the_part(movies: Movies) -> None:
    assert [facts.plays(movies["tt01"], i) for i in (0, 2)] == ["Song Kang-ho (Ki Taek)", "Cho Yeo-jeong"]
    assert facts.plays(movies["tt09"], 0) == "Ana de Armas"


def test_the_film_in_one_sentence(movies: Movies) -> None:
    assert facts.overview(movies["tt02"]).text == (
        "1917 (2019) is a film (Action, War), directed by Sam Mendes, 119 minutes long, "
        "rated 8.2 out of 10 (700,000 votes)."
    )
    assert facts.overview(replace(movies["tt02"], genres=("Action",))).text.startswith("1917 (2019) is an action film,")
    assert facts.overview(movies["tt05"]).text.startswith("Diablo Rojo PTY (2019) is a horror film, directed by")
    assert facts.overview(movies["tt08"]).text == "The Glass Lighthouse (2021) is a film."
    for film in movies.values():
        said = facts.overview(film)
        assert all(getattr(film, s.field) not in (None, ()) for s in said.sources)


def test_numbers_can_be_compared_and_people_are_credited(movies: Movies) -> None:
    assert facts.number(movies["tt01"], "rating") == 8.5 and facts.number(movies["tt08"], "runtime") is None
    assert facts.credited(movies["tt01"], "Bong Joon Ho") == ["writers", "directors"]
    assert facts.credited(movies["tt01"], "Tina Fey") == []


@given(st.lists(st.sampled_from(["Ada", "Bo", "Cy Dee"]), min_size=1, max_size=5))
def test_names_are_listed(names: list[str]) -> None:
    said = facts.listed(names)
    assert re.split(r", | and ", said) == names
    assert said.count(" and ") == (len(names) > 1)


def test_the_writers_stand_in_for_a_source_that_is_not_on_record(movies: dict[str, Movie]) -> None:
    written = next(m for m in movies.values() if m.writers)
    said = facts.say(written, "based_on", {})
    assert "not on record" in said.text and written.writers[0] in said.text and said.sources
