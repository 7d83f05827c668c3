"""Results as sentences, each with what it rests on, and the kind of the reply."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from moviechat.chat.answer import FILMS_LISTED, answer, catalogue, kind
from moviechat.chat.find import Result, find
from moviechat.chat.query import (
    AskCredits,
    AskFact,
    AskPlot,
    Claim,
    Compare,
    Identify,
    NotHere,
    NotKnown,
    Query,
    Recommend,
    SmallTalk,
    Turn,
    Unclear,
)
from moviechat.chat.said import Said
from moviechat.chat.state import State
from moviechat.chat.wish import Wish
from moviechat.linking import Outside

Answered = Callable[..., list[Said]]


@pytest.fixture
def answered(shelf: Any) -> Answered:
    """The sentences that answer a query."""
    return lambda query: list(answer(_found(shelf, query), shelf))


def _found(shelf: Any, query: Query) -> Result:
    return find(Turn(query), State(), shelf, shelf.known)


def _text(said: list[Said]) -> str:
    return " ".join(s.text for s in said)


def test_each_field_is_a_sentence_with_its_source(answered: Answered) -> None:
    said = answered(AskFact(("tt04",), ("directors", "year", "composers")))
    assert [s.text for s in said] == [
        "Knives Out (2019) was directed by Rian Johnson.",
        "Knives Out (2019) is from 2019.",
        "The music of Knives Out (2019) is by Nathan Johnson.",
    ]
    assert [s.sources[0].field for s in said] == ["directors", "year", "composers"]
    assert all(s.sources[0].tconst == "tt04" and not s.by_model for s in said)


def test_a_bare_film_is_told_in_short(answered: Answered) -> None:
    overview, opening = answered(AskFact(("tt05",)))
    assert overview.text.startswith("Diablo Rojo PTY (2019) is a horror film, directed by Sol Moreno, 80 minutes long")
    assert opening.text.startswith("A bus driver, his helper, a priest")
    assert (opening.sources[0].field, opening.sources[0].license) == ("description", "CC0")


def test_several_films_are_answered_one_by_one(answered: Answered) -> None:
    said = answered(AskFact(("tt01", "tt03"), ("runtime",)))
    assert [s.sources[0].tconst for s in said] == ["tt01", "tt03"]


def test_facts_that_the_tables_lack_name_where_they_come_from(answered: Answered) -> None:
    (said,) = answered(AskFact(("tt05",), ("countries",)))
    assert "Panama" in said.text
    assert (said.sources[0].tconst, said.sources[0].field) == ("tt05", "countries")


def test_a_claim_and_a_comparison(answered: Answered) -> None:
    assert _text(answered(AskFact(("tt01",), (), Claim(genres=("Horror",))))).startswith("No:")
    assert _text(answered(Compare(("tt01", "tt03"), "year"))).startswith("They are equal")


def test_namesakes_are_told_behind_the_answer(answered: Answered) -> None:
    assert "Timothy Woodward Jr." in answered(AskFact(("tt06",), ("runtime",)))[-1].text
    assert len(answered(AskFact(("tt01",), ("runtime",)))) == 1


def test_a_film_without_a_text_has_no_plot_and_is_told_in_short(answered: Answered) -> None:
    unknown, overview = answered(AskPlot(("tt10",), "what happens in Nope?"))
    assert unknown.text == "I don't know: there is no description of Nope (2022) in the catalogue."
    assert "directed by Jordan Peele" in overview.text


def test_credits_count_and_name_what_was_done(answered: Answered) -> None:
    assert _text(answered(AskCredits(("Jordan Peele",), "directors"))).startswith(
        "Jordan Peele directed 2 films here: Us (2019) and Nope (2022)."
    )
    any_role = answered(AskCredits(("Rian Johnson",)))
    assert "Knives Out (2019) (writer, director)" in any_role[0].text
    assert {s.field for s in any_role[0].sources} == {"directors", "writers"}
    assert _text(answered(AskCredits(("Sol Moreno",), "cast"))) == "I know no film that Sol Moreno acts in."
    other = _text(answered(AskCredits(("Ana de Armas",), without=("tt04",))))
    assert other.startswith("Ana de Armas worked on 1 other film here: Harbour of Small Boats (2022)")


def test_many_credits_are_counted_and_not_all_named(shelf: Any) -> None:
    many = tuple(replace(shelf.movies["tt10"], tconst=f"x{i}", title=f"Film {i}") for i in range(FILMS_LISTED + 3))
    said = list(answer(Result(AskCredits(("Jordan Peele",), "directors"), many), shelf))
    assert "13 films" in said[0].text
    assert said[0].text.endswith("and 3 more.")
    assert len(said[0].sources) == FILMS_LISTED


def test_who_has_most_films(answered: Answered) -> None:
    assert "Jordan Peele (2)" in _text(answered(AskCredits((), "directors", most=True)))


def test_a_half_remembered_film_and_what_was_asked_of_it(answered: Answered) -> None:
    said = answered(Identify("a bus lost in the jungle with a priest", ("directors",)))
    assert said[0].text.startswith("That sounds like Diablo Rojo PTY (2019).")
    assert said[0].sources[0].field == "description"
    assert "Sol Moreno" in said[1].text
    assert _text(answered(Identify("xylophones"))) == "I know no film like that among the 12 films of 2019 to 2022."


def test_several_films_that_may_be_meant(shelf: Any) -> None:
    movies = tuple(shelf.movies[t] for t in ("tt01", "tt02", "tt03"))
    (said,) = answer(Result(Identify("a man"), movies), shelf)
    assert said.text == "It may be Parasite (2019), 1917 (2019) or Joker (2019)."


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (NotHere("Wibble"), "I don't know the film Wibble: it is not among the 12 films of 2019 to 2022"),
        (NotHere("dune", (Outside("Dune", 1984, 1),), ("tt02",)), "I don't know the film Dune (1984)"),
        (NotHere("dune", (), ("tt02",)), "I do have 1917 (2019)."),
        (NotHere("Meryl Streep", person=True), "I know no film with Meryl Streep"),
        (NotKnown(("streaming",)), "no information on where a film can be watched"),
        (SmallTalk("help"), "I know 12 films of 2019 to 2022, from"),
        (SmallTalk("greeting", "fr"), "Je parle surtout anglais"),
        (Unclear("film"), "which film you mean"),
        (Unclear("list"), "which films to compare"),
        (Unclear("all"), "I did not understand that."),
    ],
)
def test_what_claims_nothing(answered: Answered, query: Query, said: str) -> None:
    sentences = answered(query)
    assert said in _text(sentences)
    assert all(s.sources == () for s in sentences)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (AskFact(("tt01",), ("year",)), "fact"),
        (AskFact(("tt08",), ("runtime",)), "unknown"),
        (AskFact(("tt01",), ("budget",)), "unknown"),
        (Compare(("tt01", "tt03"), "year"), "fact"),
        (AskCredits(("Jordan Peele",)), "fact"),
        (AskCredits(("Nobody Here",)), "unknown"),
        (AskPlot(("tt01",), "what is Parasite about?"), "plot"),
        (Identify("a bus lost in the jungle"), "similar"),
        (Identify("xylophones"), "unknown"),
        (Recommend(Wish()), "recommend"),
        (SmallTalk("thanks"), "smalltalk"),
        (NotHere("Dune"), "unknown"),
        (NotKnown(("budget",)), "unknown"),
        (Unclear("film"), "unknown"),
    ],
)
def test_the_kind_of_a_reply(shelf: Any, query: Query, expected: str) -> None:
    result = _found(shelf, query)
    assert kind(result, list(answer(result, shelf))) == expected


def test_what_is_known_is_said_in_numbers(shelf: Any) -> None:
    assert catalogue(shelf) == "12 films of 2019 to 2022"
    shelf.movies = {"tt01": shelf.movies["tt01"]}
    assert catalogue(shelf) == "1 film of 2019"
    shelf.movies = {}
    assert catalogue(shelf) == "0 films"
