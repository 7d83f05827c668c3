"""Words for where films come from."""

from __future__ import annotations

from collections import Counter

import pytest

from moviechat.chat.places import DEMONYMS, PLACES, Place
from moviechat.chat.tokens import words
from moviechat.facts import used
from moviechat.words import fold


def _places(text: str) -> list[Place]:
    return [tag.value for tag in PLACES.tags(words(text))]


@pytest.mark.parametrize(
    ("text", "countries", "languages"),
    [
        ("a Korean thriller", ("South Korea",), ("Korean",)),
        ("South Korean films", ("South Korea",), ("Korean",)),
        ("not in English", (), ("English",)),
        ("made in Denmark", ("Denmark",), ()),
        ("une comédie française", ("France",), ("French",)),
        ("ein französischer Film, französisch", ("France",), ("French",)),
        ("south african drama", ("South Africa",), ()),
        ("the best U.S. films", ("United States",), ()),
        ("Malayalam please", (), ("Malayalam",)),
        ("scandinavian noir", ("Denmark", "Norway", "Sweden"), ()),
    ],
)
def test_a_place_is_read(text: str, countries: tuple[str, ...], languages: tuple[str, ...]) -> None:
    assert _places(text) == [Place(countries, languages)]


def test_several_places() -> None:
    assert [p.countries for p in _places("made in Denmark or Sweden, not american")] == [
        ("Denmark",),
        ("Sweden",),
        ("United States",),
    ]
    assert _places("a bollywood musical") == [Place(("India",), ("Hindi",), both=True)]


@pytest.mark.parametrize(
    "text", ["let us watch something", "stuffed turkey", "Jordan drives", "he is chad", "an island"]
)
def test_ordinary_words_are_no_places(text: str) -> None:
    assert _places(text) == []


def test_regions_hold_their_parts() -> None:
    (nordic,), (europe,), (asia,) = _places("nordic"), _places("european"), _places("asian")
    assert {"Iceland", "Finland", "Denmark"} <= set(nordic.countries) <= set(europe.countries)
    assert {"India", "Japan", "Thailand"} <= set(asia.countries)
    assert not set(asia.countries) & set(europe.countries)


def test_every_phrase_is_written_once_and_as_messages_are_folded() -> None:
    phrases = [" ".join(p.split()) for said in DEMONYMS.values() for p in said.split("|")]
    assert [p for p, times in Counter(phrases).items() if times > 1] == []
    assert [p for p in phrases if fold(p) != p] == []
    assert [p for p in phrases if [w.norm for w in words(p)] != p.split()] == []


def test_names_are_those_that_the_facts_use() -> None:
    assert [c for place in DEMONYMS for c in place.countries if used("countries", c) != c] == []
    assert [n for place in DEMONYMS for n in place.languages if used("languages", n) != n] == []
