"""Texts as linking reads them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moviechat.linking.text import Span, Text


def _span(read: Text, words: str) -> Span:
    raw = [t.raw for t in read.tokens]
    wanted = words.split()
    first = next(i for i in range(len(raw)) if raw[i : i + len(wanted)] == wanted)
    return first, first + len(wanted)


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("Who directed Us?", True),
        ("parasite", True),
        ("A poor family of four takes over the house of a rich one.", False),
        ("Is " + "a long story " * 20 + "?", False),
    ],
)
def test_questions_are_told_from_descriptions(text: str, asks: bool) -> None:
    assert Text(text).asks is asks


@pytest.mark.parametrize("text", ['What is "Old" about?', "What is “Old” about?", "Is 'Old' good?", "Is *Old* good?"])
def test_quotation_marks(text: str) -> None:
    read = Text(text)
    assert read.quoted(_span(read, "Old"))


@pytest.mark.parametrize("text", ["Parasite's Old friend", "What is Old about?", 'Is "The Old" good?'])
def test_no_quotation_marks(text: str) -> None:
    read = Text(text)
    assert not read.quoted(_span(read, "Old"))


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("Who directed Prey (2019)?", (2019, True)),
        ("Who directed Prey, 2019?", (2019, False)),
        ("the 2019 film Prey", (2019, False)),
        ("Who directed Prey?", None),
    ],
)
def test_the_year_beside_a_title(text: str, year: tuple[int, bool] | None) -> None:
    read = Text(text)
    assert read.dated(_span(read, "Prey")) == year


def test_initials_end_no_sentence() -> None:
    read = Text("Was Mr. Brown in Old. Who knows")
    assert [t.raw for i, t in enumerate(read.tokens) if read.opens[i]] == ["Was", "Who"]


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    read = Text(text)
    assert len(read.gaps) == len(read.breaks) == len(read.opens) or not read.tokens
    assert len(read.content) == len(read.tokens)
    for i in range(len(read.tokens)):
        begin, end = read.characters((i, i + 1))
        assert read.said((i, i + 1)) == text[begin:end]


@pytest.mark.parametrize(("text", "cased"), [("is booksmart rated R", False), ("is it Booksmart by any chance", True)])
def test_a_shouted_word_makes_no_capitals_meaningful(text: str, cased: bool) -> None:
    assert Text(text).cased is cased
