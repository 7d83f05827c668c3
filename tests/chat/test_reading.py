from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moviechat.chat.reading import MAX_CHARACTERS, clean, read


def test_titles_and_names_are_masked_and_kept(shelf: Any) -> None:
    reading = read("Did Bong Joon Ho direct Parasite?", shelf.finder)
    assert reading.masked == "Did ¶ direct §?"
    assert [link.tconst for link in reading.links] == ["tt01"]
    assert reading.people == ("Bong Joon Ho",)


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("who wrote and directed it", ("writers", "directors")),
        ("director of photography", ("cinematographers",)),
        ("who wrote the music", ("composers",)),
        ("when was it shot", ("year",)),
        ("how many people voted", ("votes",)),
        ("where was it filmed", ()),
        ("why is it so long", ()),
    ],
)
def test_facts_are_read_in_order(shelf: Any, text: str, facts: tuple[str, ...]) -> None:
    assert read(text, shelf.finder).facts == facts


def test_the_rest_is_what_neither_asks_nor_points(shelf: Any) -> None:
    reading = read("Can you tell me who directed the second one, the one with 2 clowns?", shelf.finder)
    assert reading.words == ("clowns",)
    assert reading.numbers == ("2",)


@given(st.text(max_size=300))
def test_clean_text_is_one_line_that_can_be_encoded(text: str) -> None:
    made = clean(text)
    made.encode()
    assert made == " ".join(made.split())
    assert "\0" not in made


def test_a_long_text_is_cut() -> None:
    assert len(clean("film " * 20_000)) <= MAX_CHARACTERS
    assert clean("a\0b\ud800c\x1b[31m") == "a b c [31m"
