"""Names that the catalogue does not know."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moviechat.chat.mentions import Mentions
from moviechat.chat.names import calls_somebody, is_framed, names_unknown, unknown_name

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="§¶"), max_size=120)
PIECES = st.sampled_from(
    "Velvet Anchor of the \" ' “ ” - Parasite who directed a horror zorblax under 90 , ? it".split()
)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("who directed The Velvet Anchor?", "The Velvet Anchor"),
        ("is Parasite like The Velvet Anchor", "The Velvet Anchor"),
        ("how long is Marlowe's Orchard", "Marlowe's Orchard"),
        ("films with Gustav Hollander", "Gustav Hollander"),
        ("have you seen zorblax", "zorblax"),
        ("a horror film called Letters to Ondine", "Letters to Ondine"),
    ],
)
def test_a_name_is_what_nothing_else_explains(text: str, name: str, taken_apart: Callable[..., Mentions]) -> None:
    assert unknown_name(taken_apart(text)) == name


@pytest.mark.parametrize("quotes", ['""', "''", "“”", "„“", "«»", "‘’"])
def test_what_is_quoted_is_the_name_whatever_its_words(quotes: str, taken_apart: Callable[..., Mentions]) -> None:
    text = f"who directed {quotes[0]}not so long ago{quotes[1]} please?"
    assert unknown_name(taken_apart(text)) == "not so long ago"


@pytest.mark.parametrize(
    "text",
    ["", "?", "who directed Parasite?", "“Parasite”", "a horror film under 90 minutes", "hello", "don't you know it?"],
)
def test_a_message_without_an_unknown_name(text: str, taken_apart: Callable[..., Mentions]) -> None:
    assert unknown_name(taken_apart(text)) == ""


@given(st.lists(PIECES, max_size=20).map(" ".join) | TEXT)
def test_a_name_stands_in_the_message(taken_apart: Callable[..., Mentions], text: str) -> None:
    m = taken_apart(text)
    name = unknown_name(m)
    assert name in m.text and name == name.strip()


@pytest.mark.parametrize(
    ("text", "yes"),
    [
        ("have you got The Lantern Keeper's Daughter", True),
        ("when did 'elm row' come out", True),
        ("the lantern keeper and his daughter", False),
        ("is Parasite like The Lantern Keeper's Daughter", False),
        ("WHO MADE THE LANTERN KEEPERS DAUGHTER", False),
    ],
)
def test_quotation_marks_and_capitals_mark_a_title(text: str, yes: bool, taken_apart: Callable[..., Mentions]) -> None:
    assert names_unknown(taken_apart(text)) is yes


@pytest.mark.parametrize(
    ("text", "yes"),
    [
        ("which hollander films are in there", True),
        ("what do you have by gustav hollander", True),
        ("films where a hollander sings", False),
        ("which films are in there", False),
    ],
)
def test_a_name_stands_before_films_or_after_by(text: str, yes: bool, taken_apart: Callable[..., Mentions]) -> None:
    assert calls_somebody(taken_apart(text)) is yes


@pytest.mark.parametrize(
    ("text", "name", "yes"),
    [
        ("the runtime of velvet anchor", "velvet anchor", True),
        ("velvet anchor cast", "velvet anchor", True),
        ("who is velvet and anchor in this film", "velvet and anchor", False),
        ("the runtime of velvet", "velvet", False),
        ("plot of the winner in a line", "the winner in a line", False),
        ("runtime of The Velvet Anchor", "The Velvet Anchor", True),
    ],
)
def test_the_words_around_mark_a_title_in_lower_case(
    text: str, name: str, yes: bool, taken_apart: Callable[..., Mentions]
) -> None:
    assert is_framed(taken_apart(text), name) is yes
