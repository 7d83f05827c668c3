"""Which films and people a message means in a conversation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from moviechat.chat.draft import Draft
from moviechat.chat.known import Known
from moviechat.chat.references import Meant, by_word, meant, namesake, people_meant
from moviechat.chat.state import State
from moviechat.schema import Movie

Drafted = Callable[..., Draft]
LISTED = State(focus=("tt01",), listed=("tt01", "tt03", "tt04"), talked=("tt12", "tt03", "tt01"))


def test_films_are_named_or_pointed_at(drafted: Drafted, known: Known) -> None:
    assert meant(drafted("how long is Soul", "fact"), LISTED, known) == Meant(("tt12",), named=True)
    assert meant(drafted("how long is it", "fact", focus=True), LISTED, known) == Meant(("tt01",))
    assert meant(drafted("how long is the third one", "fact", focus=True), LISTED, known) == Meant(("tt04",))
    assert meant(drafted("the second one, how long is it", "fact", focus=True), LISTED, known) == Meant(("tt03",))
    assert meant(drafted("how long is it", "fact"), State(), known) == Meant()


def test_the_film_under_talk_beside_one_that_is_named(drafted: Drafted, known: Known) -> None:
    both = meant(drafted("what is the rating of it and of Soul?", "fact", focus=True), LISTED, known)
    assert both.films == ("tt01", "tt12")


def test_one_of_them_is_one_film(drafted: Drafted, known: Known) -> None:
    assert meant(drafted("how long is the first of them", "fact", focus=True), LISTED, known).films == ("tt01",)


@pytest.mark.parametrize(
    ("said", "film"), [("the Korean one", "tt01"), ("the animation one", "tt12"), ("a Korean film", "")]
)
def test_a_country_or_genre_says_which_of_the_films_under_talk(
    said: str, film: str, drafted: Drafted, movies: dict[str, Movie]
) -> None:
    known = Known(movies, lambda: {"tt01": {"countries": ("South Korea",)}})
    talked = State(focus=("tt03",), talked=("tt12", "tt01", "tt03"))
    assert by_word(drafted(f"how long is {said}", "fact").mentions, talked, known) == ([film] if film else [])


def test_a_film_that_is_not_here(drafted: Drafted, known: Known) -> None:
    found = meant(drafted("who directed Pulp Fiction?", "fact"), LISTED, known)
    assert (found.films, found.named) == ((), True)
    assert [o.title for a in found.absent for o in a.outside] == ["Pulp Fiction"]


def test_of_namesakes_the_one_talked_of_is_meant(drafted: Drafted, known: Known) -> None:
    draft = drafted("how long is The Call?", "fact")
    assert meant(draft, State(), known).films == ("tt06",)
    assert meant(draft, State(focus=("tt01",), talked=("tt07", "tt01")), known).films == ("tt07",)


@pytest.mark.parametrize(
    ("text", "film"),
    [
        ("I meant the one by Timothy Woodward Jr.", "tt07"),
        ("the other one", "tt07"),
        ("the woodward version", "tt07"),
        ("the 1950 one", ""),
        ("how long is it", ""),
    ],
)
def test_a_namesake_of_the_film_under_talk(drafted: Drafted, known: Known, text: str, film: str) -> None:
    state = State(focus=("tt06",), talked=("tt06",))
    assert namesake(drafted(text, "fact", focus=True), state, known) == film


def test_without_namesakes_none_is_meant(drafted: Drafted, known: Known) -> None:
    assert namesake(drafted("the other one", "fact", focus=True), LISTED, known) == ""
    assert namesake(drafted("the other one", "fact"), State(), known) == ""


def test_a_word_of_a_title_tells_a_film_of_the_conversation(drafted: Drafted, known: Known) -> None:
    state = State(focus=("tt03",), talked=("tt05", "tt04", "tt03"))
    assert by_word(drafted("the knives one", "fact").mentions, state, known) == ["tt04"]
    assert by_word(drafted("the one with Ana de Armas", "fact").mentions, state, known) == ["tt04"]
    assert by_word(drafted("the harbour one", "fact").mentions, state, known) == []


def test_people_are_named_in_part_or_pointed_at(drafted: Drafted, known: Known) -> None:
    assert people_meant(drafted("did craig act in Knives Out", "fact"), State(), ["tt04"], known) == ("Daniel Craig",)
    assert people_meant(drafted("films by Jordan Peele", "credits"), State(), [], known) == ("Jordan Peele",)
    state = State(people=("Sam Mendes",))
    assert people_meant(drafted("what else did he direct?", "credits", people=True), state, [], known) == (
        "Sam Mendes",
    )
    assert people_meant(drafted("how long is it?", "fact"), state, [], known) == ()


def test_a_longer_title_is_another_version(drafted: Drafted, movies: dict[str, Movie]) -> None:
    long = replace(movies["tt12"], tconst="tt88", title="Pete Docter's Other Soul", directors=("Somebody Else",))
    known = Known({**movies, "tt88": long})
    assert known.longer("tt12") == ["tt88"]
    talked = State(focus=("tt12",), talked=("tt12",))
    assert namesake(drafted("and the other docters version", "fact"), talked, known) == "tt88"


def test_words_that_ask_for_a_field_name_no_film(drafted: Drafted, movies: dict[str, Movie]) -> None:
    long = replace(movies["tt05"], tconst="tt88", title="Running Time")
    known, talked = Known({**movies, "tt88": long}), State(focus=("tt01",), talked=("tt88", "tt01"))
    assert by_word(drafted("and its running time?", "fact").mentions, talked, known) == []


def test_the_film_of_the_start(drafted: Drafted, known: Known) -> None:
    state = State(focus=("tt01",), talked=("tt12", "tt01"), asked=("tt12", "tt01"))
    assert meant(drafted("who directed the one at the very start", "fact"), state, known).films == ("tt12",)


def test_a_person_says_that_the_longer_title_is_meant(drafted: Drafted, movies: dict[str, Movie]) -> None:
    full = replace(movies["tt12"], tconst="tt88", title="Soul of the River", cast=("Ana de Armas",))
    known = Known({**movies, "tt88": full})
    assert meant(drafted("how long is Soul with Ana de Armas", "fact"), State(), known).films == ("tt88",)
    assert meant(drafted("how long is Soul with Jamie Foxx", "fact"), State(), known).films == ("tt12",)


def test_the_little_ones_are_no_film(drafted: Drafted, known: Known) -> None:
    talked = State(focus=("tt03",), talked=("tt12", "tt01", "tt03"))
    assert by_word(drafted("would it do for the little ones", "fact").mentions, talked, known) == []


def test_a_part_of_a_name_counts_more_than_a_pronoun(drafted: Drafted, known: Known) -> None:
    spoken = State(focus=("tt01",), people=("Bong Joon Ho",))
    assert people_meant(drafted("other films with him, kang-ho", "credits", focus=True), spoken, ("tt01",), known) == (
        "Song Kang-ho",
    )
