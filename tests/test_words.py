from hypothesis import given
from hypothesis import strategies as st

from moviechat.words import fold, number, sentences, stem, tokens


def test_fold_drops_case_and_diacritics() -> None:
    assert fold("Amélie Straße") == "amelie strasse"


def test_tokens_lose_possessive_endings_only() -> None:
    assert tokens("Elsa’s sister don't rock'n'roll, James' 1920s") == [
        "Elsa",
        "sister",
        "don't",
        "rock'n'roll",
        "James",
        "1920s",
    ]


def test_forms_of_one_word_share_a_stem() -> None:
    assert stem("families") == stem("Family")
    assert stem("dies") != stem("diary")


def test_numbers_are_read_in_digits_words_and_decades() -> None:
    assert [number(w) for w in ("Seven", "1920s", "3rd", "5.0", "5.8", "1,600,000", "bus")] == [
        *("7", "1920", "3", "5", "5.8", "1600000"),
        None,
    ]
    assert tokens("5.8 of 1,600,000, in 2019.") == ["5.8", "of", "1,600,000", "in", "2019"]


def test_sentences_keep_quotes_abbreviations_and_initials_whole() -> None:
    text = 'Mr. Jones went "home." Then he (Dr. K. Who) left! 3 years later… all is well.'
    assert sentences(text) == ['Mr. Jones went "home."', "Then he (Dr. K. Who) left!", "3 years later… all is well."]


@given(st.text())
def test_sentences_lose_nothing(text: str) -> None:
    assert " ".join(sentences(text)).split() == text.split()
