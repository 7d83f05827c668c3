import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moviechat.passages import clean, cut

SENTENCES = st.lists(
    st.lists(st.sampled_from(["bus", "Mr.", "jungle,", "1917", "old;", "U.S.", "É", "«x»", "end."]), max_size=30)
    .map(" ".join)
    .map(lambda words: f"The {words} stops."),
    max_size=12,
).map(" ".join)


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("  An old\n\tbus.\u00a0 ", "An old bus."),
        ("A\x00 b\u200bus\ufeff \u202estops\x07.", "A bus stops."),
        ("Tom &amp; Jerry &#39;fight&#x27; &unknown;", "Tom & Jerry 'fight' &unknown;"),
        ("AT&T; R&D", "AT&T; R&D"),
        ("cafe\u0301", "café"),
        ("می\u200cروم", "می\u200cروم"),
        ("The [[bus|old ''bus'']]<ref>News</ref> stops{{cn}}.<br>It waits.", "The old bus stops. It waits."),
        ("<p>Two</p> <b>bold</b> words", "Two bold words"),
        ("3 < 4 and a {brace} and [note]", "3 < 4 and a {brace} and [note]"),
        ("== Plot ==\nA bus.", "A bus."),
        ("half a pair: \ud800", "half a pair:"),
        ("", ""),
    ],
)
def test_clean_leaves_one_line_of_plain_text(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@given(st.text(alphabet=st.characters() | st.sampled_from("[]{}|'<>=/&;\n")))
def test_whatever_comes_is_cleaned(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode("utf-8")
    assert cleaned == " ".join(cleaned.split())
    assert not any(unicodedata.category(c) in ("Cc", "Cs") for c in cleaned)


def test_a_short_text_stays_whole() -> None:
    text = "A bus is lost. It waits."
    assert cut(text, 220) == [text]


def test_no_text_is_no_passage() -> None:
    assert cut("", 10) == cut(" \n", 10) == []


def test_passages_end_with_sentences_and_are_about_equal() -> None:
    text = " ".join(f"Sentence number {n} is here." for n in range(9))
    assert [len(p.split()) for p in cut(text, 40)] == [25, 20]
    assert all(p.endswith(".") for p in cut(text, 12))


def test_a_sentence_that_is_too_long_is_cut_at_a_clause() -> None:
    text = "one two three four, five six seven eight nine"
    assert cut(text, 6) == ["one two three four,", "five six seven eight nine"]
    assert cut("a b c d e", 2) == ["a b", "c d", "e"]


@given(SENTENCES | st.text(), st.integers(1, 40))
def test_no_word_is_lost_added_or_moved(text: str, max_words: int) -> None:
    passages = cut(text, max_words)
    assert " ".join(passages).split() == text.split()
    assert all(0 < len(p.split()) <= max_words for p in passages)


@given(SENTENCES, st.integers(1, 60))
def test_passages_are_not_more_than_twice_as_many_as_needed(text: str, max_words: int) -> None:
    assert len(cut(text, max_words)) <= 2 * -(-len(text.split()) // max_words)
