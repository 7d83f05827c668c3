"""Texts as linking reads them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moviechat.linking.text import Mention, Text


def _mention(read: Text, words: str) -> Mention:
    raw = [t.raw for t in read.tokens]
    wanted = words.split()
    first = next(i for i in range(len(raw)) if raw[i : i + len(wanted)] == wanted)
    return Mention(first, first + len(wanted), (0,))


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
    assert read.quoted(_mention(read, "Old"))


@pytest.mark.parametrize("text", ["Parasite's Old friend", "What is Old about?", 'Is "The Old" good?'])
def test_no_quotation_marks(text: str) -> None:
    read = Text(text)
    assert not read.quoted(_mention(read, "Old"))


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
    assert read.year(_mention(read, "Prey")) == year


def test_initials_end_no_sentence() -> None:
    read = Text("Was Mr. Brown in Old. Who knows")
    assert [t.raw for i, t in enumerate(read.tokens) if read.opens(i)] == ["Was", "Who"]


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    read = Text(text)
    assert len(read.gaps) == len(read.tokens) + 1 or not read.tokens
    assert all(0 <= a < b <= len(read.tokens) for a, b in read.spans(4))
    assert all(0 <= a <= b <= len(read.tokens) for a, b in read.slots.possible)
