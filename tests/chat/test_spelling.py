"""Words with a typo."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moviechat.chat.spelling import spelled
from moviechat.chat.tokens import words

DENYING = frozenset(("not", "except"))


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("comdey or thrilller", "comedy or thriller"),
        ("anythin exept drama", "anything except drama"),
        ("the runtme of it", "the runtime of it"),
        ("something by Directer Bong", "something by directer bong"),  # a name is as it is written
        ("a film about trains", "a film about trains"),
        ("norweigan comedies", "norwegian comedies"),
        ("noth of it", "noth of it"),  # too short for a typo
    ],
)
def test_one_wrong_letter_is_corrected(text: str, right: str) -> None:
    assert " ".join(w.norm for w in spelled(words(text), DENYING)) == right


@given(st.text(max_size=60))
def test_words_keep_their_places(text: str) -> None:
    said = words(text)
    assert [(w.span, w.raw) for w in spelled(said, DENYING)] == [(w.span, w.raw) for w in said]
