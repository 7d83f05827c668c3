"""Spans that spell a title."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moviechat.linking.candidates import Candidate, candidates
from moviechat.linking.lexicon import Lexicon
from moviechat.linking.text import Text
from moviechat.linking.titles import Titles

Find = Callable[[str], dict[str, Candidate]]


@pytest.fixture(scope="module")
def find(titles: Titles, lexicon: Lexicon) -> Find:
    """The candidates of a text by their words."""

    def found(text: str) -> dict[str, Candidate]:
        read = Text(text)
        return {read.said(c.span): c for c in candidates(read, titles, lexicon.zipf(read.words))}

    return found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("the cast of star wars the rise of skywalker", "star wars the rise of skywalker"),
        ("jokers runtime", "jokers"),
        ("who made the second souvenir", "the second souvenir"),
        ("was second souvenir good", "second souvenir"),
        ("godzilla or ford versus ferrari", "ford versus ferrari"),
    ],
)
def test_titles_are_met_in_any_form(find: Find, text: str, said: str) -> None:
    assert find(text)[said].typos == 0


def test_how_a_title_is_met_is_told(find: Find) -> None:
    assert find("jokers runtime")["jokers"].cut and find("the second souvenir")["the second souvenir"].counted
    assert not find("joker runtime")["joker"].cut


@pytest.mark.parametrize(
    ("text", "said", "typos"),
    [
        ("who directed nomadlnad", "nomadlnad", 1),
        ("the baanshees of inisherin", "the baanshees of inisherin", 1),
        ("everyhting everywere all at once", "everyhting everywere all at once", 2),
    ],
)
def test_misspelt_titles_are_met(find: Find, text: str, said: str, typos: int) -> None:
    assert find(text)[said].typos == typos


def test_another_number_is_no_typo(find: Find) -> None:
    assert "1918" not in find("how long is 1918")


@given(st.text(max_size=300))
def test_spans_lie_in_the_text_and_are_in_its_order(find: Find, text: str) -> None:
    spans = [c.span for c in find(text).values()]
    assert spans == sorted(spans) and all(0 <= a < b for a, b in spans)


def test_the_work_grows_with_the_length_and_no_faster(titles: Titles, lexicon: Lexicon) -> None:
    # Counted in look-ups, not in seconds.
    def asked(words: int) -> int:
        read = Text("nomadlnad and the last of us " * (words // 6))
        table, count = titles.table, 0

        class Counting:
            keys = table.keys
            targets = table.targets

            def find(self, keys: list[str]) -> dict[str, int]:
                nonlocal count
                count += len(keys)
                return table.find(keys)

            def near(self, keys: list[str]) -> list[tuple[str, int]]:
                nonlocal count
                count += len(keys)
                return table.near(keys)

        counted = Titles(Counting(), titles.vocabulary, titles.plain, titles.films, None)  # type: ignore[arg-type]
        candidates(read, counted, lexicon.zipf(read.words))
        return count

    assert asked(480) <= 2.2 * asked(240)


def test_a_title_spelled_right_is_not_misspelt_with_a_letter_beside_it(find: Find) -> None:
    found = find("Parasite i know")
    assert "Parasite" in found and "Parasite i" not in found


def test_a_swapped_article_is_an_article(find: Find) -> None:
    assert "teh souvenir" in find("who made teh souvenir")
