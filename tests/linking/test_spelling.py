"""Keys of names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moviechat.linking.spelling import key, spelled, tokenize
from moviechat.words import LONGEST


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Spider-Man: No Way Home", "spiderman no way home"),
        ("Alcarràs", "ALCARRAS"),
        ("Don't Look Up", "dont look up"),
        ("Jojo & Rabbit", "jojo and rabbit"),
        ("Fast and Furious Two", "fast and furious 2"),
        ("Rocky IV", "rocky 4"),
        ("Bong Joon-ho", "Bong Joon Ho"),
        ("Ødipus Łódź", "odipus lodz"),
        ("#Alive", "alive"),
    ],
)
def test_spellings_of_one_name_have_one_key(one: str, other: str) -> None:
    assert key(one) == key(other) != ""


def test_scripts_without_spaces_are_taken_apart() -> None:
    assert [t.raw for t in tokenize("映画 Ran 東京")] == ["映", "画", "Ran", "東", "京"]


@given(st.text())
def test_tokens_are_where_they_say(text: str) -> None:
    at = 0
    for token in tokenize(text):
        assert at <= token.start < token.end <= len(text) and text[token.start : token.end] == token.raw
        at = token.end


def test_no_more_tokens_than_asked() -> None:
    assert len(tokenize("a b c d", 2)) == 2


def test_a_word_that_folds_to_very_many_letters_is_cut() -> None:
    (token,) = tokenize("\ufdfa" * 1000)
    assert len(token.word) == len(token.key) == LONGEST
    assert token.end == 1000
    assert spelled("Ana " + "x" * 10 * LONGEST) == "ana" + "x" * LONGEST


def test_punctuation_has_no_key() -> None:
    assert key("?! — … 🎬 \0") == ""
