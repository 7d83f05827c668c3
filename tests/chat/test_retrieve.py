from typing import Any

import pytest
from moviechat.chat.memory import Memory
from moviechat.chat.retrieve import Found, retrieve

from moviechat.chat.understand import understand
from moviechat.reply import MovieRef


@pytest.fixture
def found(shelf: Any) -> Any:
    def find(text: str, memory: Memory | None = None) -> Found:
        memory = memory or Memory()
        return retrieve(understand(text, shelf.finder, memory), memory, shelf)

    return find


def _tconsts(found: Found) -> list[str]:
    return [m.tconst for m in found.movies]


def test_films_that_are_named_are_not_searched(found: Any, shelf: Any) -> None:
    assert _tconsts(found("Who directed Parasite and 1917?")) == ["tt01", "tt02"]
    assert shelf.finder.searches == []


def test_a_description_finds_its_film(found: Any) -> None:
    best = found("What is that film where an old bus is lost in the jungle?")
    assert (best.query.asked, _tconsts(best)) == ("describe", ["tt05"])


def test_a_description_that_fits_nothing_finds_nothing(found: Any) -> None:
    assert found("a film with purple dinosaurs on roller skates").query.asked == "not_found"
    assert found("asdf qwer zxcv").query.asked == "not_found"


def test_a_fact_of_a_described_film(found: Any) -> None:
    best = found("Who directed the film where an old bus is lost in the jungle?")
    assert (best.query.asked, best.query.facts, _tconsts(best)) == ("fact", ("directors",), ["tt05"])


def test_a_plot_question_without_a_film_is_answered_only_when_one_stands_out(found: Any) -> None:
    assert _tconsts(found("Who is lost in the jungle with an old bus?")) == ["tt05"]
    assert found("Who is in the house of the purple president?").query.asked == "which_film"


def test_the_film_just_talked_about_comes_first(found: Any, shelf: Any) -> None:
    talked = Memory(films=(MovieRef("tt03", "Joker", 2019),))
    assert _tconsts(found("Who cares for Penny?", talked)) == ["tt03"]
    assert shelf.finder.searches == []


def test_films_of_a_person(found: Any) -> None:
    assert _tconsts(found("films by Bong Joon Ho")) == ["tt01", "tt09"]
    runtimes = found("How long is the Bong Joon Ho film?")
    assert (runtimes.query.asked, _tconsts(runtimes)) == ("fact", ["tt01", "tt09"])


def test_a_genre_narrows_a_persons_films_down(found: Any) -> None:
    assert _tconsts(found("that Bong Joon Ho comedy")) == ["tt01"]
    assert _tconsts(found("the Bong Joon Ho horror film")) == ["tt01", "tt09"]


def test_a_verb_that_is_no_role_asks_for_the_plot(found: Any) -> None:
    assert found("Who plays the violin in Joker?").query.asked == "plot"
    assert found("Who plays Batman in Joker?").query.asked == "fact"


def test_others_of_the_same_title_are_kept(found: Any) -> None:
    call = found("Who directed The Call?")
    assert (_tconsts(call), [m.tconst for m in call.namesakes]) == (["tt06"], ["tt07"])
