"""The language of a message."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moviechat.chat.languages import _SELDOM, CODES, _shared, _single, in_english, language
from moviechat.chat.tokens import clean, often, words


def said(text: str) -> str:
    return language(words(clean(text)))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("who directed it and when was it made", "en"),
        ("busco una comedia para ver con los niños", "es"),
        ("¿quién dirigió la película?", "es"),
        ("je veux un film avec une femme et un chien", "fr"),
        ("ich möchte etwas mit einem Hund und für die Familie", "de"),
        ("voglio qualcosa di divertente con un cane", "it"),
        ("você tem um filme com cachorro para mim", "pt"),
        ("mujhe koi film dikhao aur batao kaun hai", "hi"),
    ],
)
def test_little_words_tell_the_language(text: str, code: str) -> None:
    assert said(text) == code


@pytest.mark.parametrize(
    "text", ["", "Parasite", "hola", "what is La Dolce Vita about", "does the film have a du in it"]
)
def test_one_foreign_word_makes_no_foreign_message(text: str) -> None:
    assert said(text) == "en"


@given(st.text(max_size=80))
def test_any_text_has_a_language(text: str) -> None:
    assert said(text) in {"en", "es", "fr", "de", "it", "pt", "hi"}


def test_the_words_that_english_has_too_are_kept_with_their_frequencies() -> None:
    words_of_tables = set().union(*(_single(code) for code in CODES))
    own = {word: zipf for word in words_of_tables if (zipf := often(word)) > _SELDOM}
    assert _shared() == own


@pytest.mark.parametrize(
    ("text", "used", "code"), [("nach 2020", "en", "en"), ("nach 2020", "de", "de"), ("after 2020", "de", "en")]
)
def test_a_few_words_are_of_the_language_used_before(text: str, used: str, code: str) -> None:
    assert language(words(text), used) == code


def test_a_length_is_a_length_in_any_language() -> None:
    said = in_english(words(clean("thriller batao, 2h10 max, kaisi h")), "hi")
    assert [w.norm for w in said if w.norm != ","][-6:-1] == ["2", "h", "10", "max", "how"]
    assert said[-1].norm == "is"
