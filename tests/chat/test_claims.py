"""Yes or no first, then the value."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from moviechat.chat.amounts import Amount
from moviechat.chat.claims import answer_claim, compare, role
from moviechat.chat.query import AskFact, Claim, Compare
from moviechat.schema import Movie
from tests.twelve import film

Films = Mapping[str, Movie]


def _said(movie: Movie, claim: Claim, *fields: str) -> str:
    return " ".join(s.text for s in answer_claim(movie, AskFact((movie.tconst,), fields, claim), {}))


@pytest.mark.parametrize(
    ("film", "name", "fields", "said"),
    [
        ("tt01", "Bong Joon Ho", ("directors",), "Yes: Bong Joon Ho directed Parasite (2019); Ho also wrote it."),
        ("tt03", "Bong Joon Ho", ("directors",), "No: Joker (2019) was directed by Todd Phillips."),
        ("tt04", "Daniel Craig", ("directors",), "No: Knives Out (2019) was directed by Rian Johnson."),
        ("tt04", "Daniel Craig", (), "Yes: Daniel Craig plays Benoit Blanc in Knives Out (2019)."),
        ("tt04", "Nathan Johnson", (), "Yes: Nathan Johnson composed"),
        ("tt04", "Jordan Peele", (), "No, Jordan Peele is not among the people listed for Knives Out (2019)."),
        ("tt02", "Sam Mendes", ("writers",), "No; no writer is listed for 1917 (2019). Sam Mendes directed it."),
        ("tt12", "Atticus Ross", ("composers",), "Yes: Atticus Ross"),
        ("tt01", "Cho Yeo-jeong", (), "Yes: Cho Yeo-jeong appears in Parasite (2019)."),
    ],
)
def test_claims_about_people(movies: Films, film: str, name: str, fields: tuple[str, ...], said: str) -> None:
    assert said in _said(movies[film], Claim(people=(name,)), *fields)


@pytest.mark.parametrize(
    ("person", "fields", "said"),
    [
        ("nm1", ("directors",), "Yes: Ann Lee directed A (2020)."),
        ("nm2", ("directors",), "No, that is another Ann Lee, who directed A (2020)."),
        ("nm2", ("writers",), "No, that is another Ann Lee, who directed A (2020)."),
        ("nm2", ("cast",), "No: A (2020) stars Bo. Another Ann Lee directed it."),
        ("nm2", (), "No, that is another Ann Lee, who directed A (2020)."),
    ],
)
def test_claims_about_one_of_two_people_of_one_name(person: str, fields: tuple[str, ...], said: str) -> None:
    movie = film("tt31", "A", 2020, 90, (), 6.0, 5, directors=("Ann Lee",), cast=("Bo",), people_ids=("nm1", ""))
    query = AskFact(("tt31",), fields, Claim((person,)))
    (found,) = answer_claim(movie, query, {}, {"nm1": "Ann Lee", "nm2": "Ann Lee"}.__getitem__)
    assert found.text == said
    assert found.sources


def test_a_claim_rests_on_the_field_that_decides_it(movies: Films) -> None:
    (said,) = answer_claim(movies["tt03"], AskFact(("tt03",), ("directors",), Claim(("Bong Joon Ho",))), {})
    assert {(s.tconst, s.field, s.text) for s in said.sources} == {("tt03", "directors", "Todd Phillips")}


@pytest.mark.parametrize(("genres", "said"), [(("Drama",), "Yes:"), (("Horror",), "No:"), (("Drama", "War"), "Joker")])
def test_claims_about_genres(movies: Films, genres: tuple[str, ...], said: str) -> None:
    assert _said(movies["tt03"], Claim(genres=genres)).startswith(said)
    assert "not on record" in _said(movies["tt08"], Claim(genres=genres))


def _amount(field: str, value: float, low: float | None = None, high: float | None = None) -> Amount:
    return Amount(field, value, low, high, low is not None or high is not None, 0, 1)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        (_amount("runtime", 120, low=121), "Yes: Parasite (2019) runs 132 minutes"),
        (_amount("runtime", 120, high=119), "No: "),
        (_amount("runtime", 131), "Yes: "),  # a minute off is no lie
        (_amount("runtime", 129), "No: "),
        (_amount("year", 2019), "Yes: "),
        (_amount("year", 2020), "No: "),
        (_amount("rating", 8, low=8.1), "Yes: "),
    ],
)
def test_claims_about_numbers(movies: Films, amount: Amount, said: str) -> None:
    assert _said(movies["tt01"], Claim(amounts=(amount,))).startswith(said)


def test_a_claim_about_a_number_that_is_missing(movies: Films) -> None:
    assert "not on record" in _said(movies["tt08"], Claim(amounts=(_amount("runtime", 90),)))


def test_other_fields_are_answered_after_the_claim(movies: Films) -> None:
    said = _said(movies["tt01"], Claim(people=("Bong Joon Ho",)), "directors", "year")
    assert said.startswith("Yes")
    assert "2019" in said.split(". ")[-1]


def _compared(movies: Films, query: Compare) -> str:
    return compare([movies[t] for t in query.films], query).text


def test_two_films_compared(movies: Films) -> None:
    said = compare([movies["tt03"], movies["tt01"]], Compare(("tt03", "tt01"), "runtime"))
    assert said.text.startswith("Parasite (2019) is longer by 10 minutes: Parasite (2019) 132 minutes")
    assert [(s.tconst, s.field) for s in said.sources] == [("tt01", "runtime"), ("tt03", "runtime")]
    assert _compared(movies, Compare(("tt03", "tt01"), "runtime", up=False)).startswith("Joker (2019) is shorter")


def test_a_claim_about_two_films_is_answered_with_yes_or_no_first(movies: Films) -> None:
    films = [movies["tt03"], movies["tt01"]]
    no, yes = (Compare(("tt03", "tt01"), "runtime", claimed=t) for t in ("tt03", "tt01"))
    assert compare(films, no).text.startswith("No: Parasite (2019) is longer by 10 minutes")
    assert compare(films, yes).text.startswith("Yes: Parasite (2019) is longer by 10 minutes")


def test_more_films_compared(movies: Films) -> None:
    assert _compared(movies, Compare(("tt03", "tt01", "tt12"), "rating")).startswith(
        "Parasite (2019) is the best rated"
    )
    assert _compared(movies, Compare(("tt10", "tt11"), "rating")) == "They are equal: Nope (2022) 6.8, Us (2019) 6.8."


def test_a_film_without_the_value(movies: Films) -> None:
    assert "Nothing is on record for The Glass Lighthouse (2021)" in _compared(
        movies, Compare(("tt08", "tt01"), "runtime")
    )
    said = compare([movies["tt08"]], Compare(("tt08",), "rating"))
    assert ("not on record" in said.text, said.sources) == (True, ())


def test_who_plays_a_part(movies: Films) -> None:
    assert role(movies["tt03"], "arthur").text == "In Joker (2019), Joaquin Phoenix plays Arthur Fleck."
    assert role(movies["tt03"], "Murray Franklin").text == "In Joker (2019), Robert De Niro plays Murray Franklin."
    other = role(movies["tt03"], "Batman")
    assert other.text.startswith("No part called batman is on record. Joker (2019) stars")
    assert [s.field for s in other.sources] == ["cast"]
    assert "No cast is listed" in role(movies["tt02"], "Blake").text
