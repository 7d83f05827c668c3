"""Fifty shapes that articles have, written for this test: the wikitext, and what must be read of it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moviechat.passages import PARAGRAPH
from moviechat.wikipedia.sections import LEAD, PLOT, SECTIONS, other_kind, sections

_FILE = Path(__file__).with_name("shapes.txt").read_text(encoding="utf-8")


def _shapes() -> dict[str, tuple[str, list[str]]]:
    """(wikitext, expected lines) by name."""
    found = {}
    for block in _FILE.split("#### ")[1:]:
        name, _, rest = block.partition("\n")
        wikitext, _, expected = rest.partition("\n>>>>\n")
        found[name] = (wikitext, expected.strip().split("\n"))
    return found


SHAPES = _shapes()


def _read(wikitext: str) -> list[str]:
    if kind := other_kind(wikitext):
        return [f"kind: {kind}"]
    return [f"{name}: {text.replace(PARAGRAPH, ' ¶ ')}" for name, text in sections(wikitext)]


@pytest.mark.parametrize("name", SHAPES)
def test_an_article_of_this_shape_is_read_as_a_reader_sees_it(name: str) -> None:
    wikitext, expected = SHAPES[name]
    assert _read(wikitext) == expected


@pytest.mark.parametrize("heading", ["Synopsis", " plot summary ", "''Premise''", "STORY", "Plot synopsis"])
def test_a_plot_has_many_names(heading: str) -> None:
    assert sections(f"Lead.\n=={heading}==\nA bus.") == [(LEAD, "Lead."), (PLOT, "A bus.")]


_PIECES = [
    "[[", "]]", "{{", "}}", "|", "''", "'''", "<ref>", "</ref>", "<br>", "<!--", "-->", "==", "\n", "{|", "|}", "*",
    "a", "File:", "lang", "&amp;", "[http://x ", "]", "Plot", "=", "Infobox film", "Category:", "plainlist",
    "__NOTOC__",
]  # fmt: skip
_MARKS = ("[[", "]]", "{{", "}}", "{|", "'''", "<ref", "</", "<br", "-->", "__NOTOC__")


@given(st.lists(st.sampled_from(_PIECES)).map("".join))
def test_no_markup_is_too_broken_and_none_reaches_a_text(wikitext: str) -> None:
    other_kind(wikitext)
    for name, text in sections(wikitext):
        assert name in SECTIONS
        assert text and not any(mark in text for mark in _MARKS)


@pytest.mark.parametrize(
    "pump", ["[[", "{{", "<!--", "''", "==", "{{disambig", "[[category:", "{{infobox ", "<ref", "_"]
)
def test_a_hundred_thousand_of_one_piece_are_read(pump: str) -> None:
    assert isinstance(sections(pump * 100_000), list)
    other_kind(pump * 100_000)
