"""What else a message says of a film whose title alone is unsure."""

from __future__ import annotations

import pytest

from moviechat.chat.backing import backing, unbacked
from moviechat.chat.known import Known
from moviechat.linking import FilmMention, PersonMention
from moviechat.reply import Hit


def _film(text: str, title: str, tconst: str, how: str = "exact") -> FilmMention:
    begin = text.index(title)
    return FilmMention((begin, begin + len(title)), (tconst,), (), (), how, 0.1)  # type: ignore[arg-type]


def _finds(tconst: str) -> list[Hit]:
    return [Hit(tconst, "", 0, 1.0)]


@pytest.mark.parametrize(
    ("text", "title", "tconst", "person", "yes"),
    [
        ("the jordan peele one, us, how long", "us", "tt11", "Jordan Peele", True),
        ("the jordan peele one, us, how long", "us", "tt11", "Pete Docter", False),
        ("nope from 2022, who is in it", "nope", "tt10", "", True),
        ("nope from 2019, who is in it", "nope", "tt10", "", False),
    ],
)
def test_people_and_years_back_an_exact_title(
    text: str, title: str, tconst: str, person: str, yes: bool, known: Known
) -> None:
    people = [PersonMention((0, 1), person, (), "exact", 1.0)] if person else []
    backs = backing(text, known, lambda query, limit: [], focus=False)
    assert backs(_film(text, title, tconst), people) is yes
    assert not backs(_film(text, title, tconst, "partial"), people)


def test_a_story_that_a_search_finds_first_backs_its_title(known: Known) -> None:
    text = "the call, the one with the phone from the past, who made that"
    call = _film(text, "the call", "tt06")
    assert backing(text, known, lambda query, limit: _finds("tt06"), focus=False)(call, ())
    assert not backing(text, known, lambda query, limit: _finds("tt07"), focus=False)(call, ())
    assert not backing("the call please", known, lambda query, limit: _finds("tt06"), focus=False)(call, ())
    assert not unbacked(call, ())


def test_with_a_film_under_talk_one_plain_word_is_no_title(known: Known) -> None:
    text = "and who is the soul that he meets there"
    soul = _film(text, "soul", "tt12")
    assert backing(text, known, lambda query, limit: _finds("tt12"), focus=False)(soul, ())
    assert not backing(text, known, lambda query, limit: _finds("tt12"), focus=True)(soul, ())


def test_the_search_is_made_once_and_only_when_it_is_needed(known: Known) -> None:
    asked: list[str] = []

    def search(query: str, limit: int) -> list[Hit]:
        asked.append(query)
        return _finds("tt01")

    text = "us from 2019, or what was that film with the doubles"
    backs = backing(text, known, search, focus=False)
    assert backs(_film(text, "us", "tt11"), ())
    assert asked == []
    assert [backs(_film(text, "film", "tt05"), ()) for _ in range(2)] == [False, False]
    assert asked == [text]


def test_a_film_that_was_told_of_needs_only_a_capital(known: Known) -> None:
    for text, title, yes in (("one thing about Us i missed", "Us", True), ("one thing about us i missed", "us", False)):
        backs = backing(text, known, lambda query, limit: [], focus=True, told=["tt11"])
        assert backs(_film(text, title, "tt11"), ()) is yes
    other = backing("one thing about Us", known, lambda query, limit: [], focus=True, told=["tt10"])
    assert not other(_film("one thing about Us", "Us", "tt11"), ())
