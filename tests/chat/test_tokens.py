"""Messages as words."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from moviechat.chat.tokens import FILM, MAX_CHARACTERS, PERSON, clean, words

MESSAGES = st.text(max_size=200) | st.text("don'’t0a1.,:/+ §¶\n\t–é", max_size=60)


def norms(text: str) -> list[str]:
    return [w.norm for w in words(text)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("What's it about?", "what is it about ?"),
        ("I don’t know", "i do not know"),
        ("You're SURE it wasn't", "you are sure it was not"),
        ("dont wanna", "do not want to"),
        ("don´t, isn`t", "do not , is not"),
        ("the 1st or 2nd", "the 1st or 2nd"),
        ("movies & flicks", "films and films"),
        ("Parasite's director", "parasite director"),
        ("O'Brien", "obrien"),
        ("were they", "were they"),
        ("Amélie, déjà vu", "amelie , deja vu"),
        ("7,5/10 or 8.2", "7,5 / 10 or 8.2"),
        ("2h10 and 100k+", "2 h 10 and 100 k +"),
        ("", ""),
    ],
)
def test_words_are_folded_and_contractions_opened(text: str, said: str) -> None:
    assert norms(text) == said.split()


def test_what_a_contraction_opens_to_stands_in_its_place() -> None:
    first, second, third = words("don't go")
    assert first.span == second.span == (0, 5) and first.raw == second.raw == "don't"
    assert (third.norm, third.span) == ("go", (6, 8))


def test_marks_are_words_that_are_known_as_marks() -> None:
    assert [w.norm for w in words("Well… is it (1917), or not?") if w.mark] == ["…", "(", ")", ",", "?"]
    assert not any(w.mark for w in words("7+ & 8/10"))


def test_other_scripts_are_words_too() -> None:
    assert [w.raw for w in words("기생충 или Паразиты?")] == ["기생충", "или", "Паразиты", "?"]


def test_a_name_is_one_word() -> None:
    text = "did Rian Johnson direct Knives Out?"
    said = words(text, [((24, 34), FILM), ((4, 16), PERSON)])
    assert [w.norm for w in said] == ["did", PERSON, "direct", FILM, "?"]
    assert [w.raw for w in said if w.norm in (FILM, PERSON)] == ["Rian Johnson", "Knives Out"]


@given(MESSAGES)
def test_a_clean_text_is_one_line_that_can_be_encoded_and_stays_as_it_is(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode()
    assert cleaned == " ".join(cleaned.split()) == clean(cleaned)
    assert len(cleaned) <= MAX_CHARACTERS


def test_a_long_text_is_cut_and_control_characters_go() -> None:
    assert len(clean("film " * 20_000)) <= MAX_CHARACTERS
    assert clean("a\0b\ud800c\x1b[31m") == "a b c [31m"
    assert clean("e\N{COMBINING ACUTE ACCENT}") == "é"


@given(MESSAGES)
def test_every_word_stands_where_it_says_in_the_order_of_the_text(text: str) -> None:
    cleaned = clean(text)
    said = words(cleaned)
    assert [w.raw for w in said] == [cleaned[slice(*w.span)] for w in said]
    assert all(a.span == b.span or a.span[1] <= b.span[0] for a, b in itertools.pairwise(said))
    assert all(w.norm and not w.norm.isspace() for w in said)


@given(MESSAGES, st.lists(st.integers(0, 60), max_size=8, unique=True).map(sorted))
def test_each_name_with_a_word_in_it_becomes_one_word(text: str, ends: list[int]) -> None:
    cleaned = clean(text)
    spans = [(a, b) for a, b in zip(ends[::2], ends[1::2], strict=False) if any(c.isalnum() for c in cleaned[a:b])]
    assume(all(not cleaned[a[1] : b[0]].isalnum() for a, b in itertools.pairwise(spans)))  # a word holds one name
    said = words(cleaned, [(span, FILM) for span in spans])
    assert [w.span for w in said if w.norm == FILM and w.span in spans] == spans
    outside = [w.span for w in said if w.span not in spans]
    assert not any(a < end and begin < b for a, b in spans for begin, end in outside)
