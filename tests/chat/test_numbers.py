"""Numbers as people write them."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moviechat.chat.numbers import Unit, numbers
from moviechat.chat.tokens import clean, words

SPOKEN = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
ONES = ["", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
# What messages about numbers are made of.
PIECES = st.sampled_from(
    """a an one half and two twenty five hundred thousand million k m h hrs hour hours min minutes - / + . , 2 7,5 10 30
    100 000 1917 2020 1,000,000 votes stars out of ten people kids % quarter or imdb ٣ ½ ²""".split()
)


def said(text: str) -> list[tuple[float, Unit]]:
    return [(n.value, n.unit) for n in numbers(words(clean(text)))]


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("two hours", 120),
        ("an hour and three quarters", 105),
        ("an hour and a quarter", 75),
        ("two hours and quarter", 135),
        ("2h10", 130),
        ("2h 10m", 130),
        ("1h30", 90),
        ("2 hrs 15", 135),
        ("2.5 hours", 150),
        ("an hour and a half", 90),
        ("hour and a half", 90),
        ("one and a half hours", 90),
        ("half an hour", 30),
        ("an hour and forty", 100),
        ("two hours and a quarter", 135),
        ("a 90-minute film", 90),
        ("forty five minutes", 45),
        ("90m", 90),
        ("5+ hours", 300),
    ],
)
def test_a_length_of_time_is_in_minutes(text: str, minutes: float) -> None:
    assert said(text) == [(minutes, "minutes")]


@pytest.mark.parametrize(
    ("text", "votes"),
    [
        ("100k votes", 100_000),
        ("20k imdb votes", 20_000),
        ("1.5m votes", 1_500_000),
        ("2 million ratings", 2_000_000),
        ("half a million votes", 500_000),
        ("a thousand votes", 1000),
        ("100 000 votes", 100_000),
        ("1,000,000 votes", 1_000_000),
        ("100.000 votes", 100_000),
        ("three hundred people", 300),
    ],
)
def test_votes_are_counted_in_any_scale(text: str, votes: float) -> None:
    assert said(text) == [(votes, "votes")]


@pytest.mark.parametrize(
    ("text", "points"), [("8/10", 8), ("7,5/10", 7.5), ("8 out of ten", 8), ("7.5 stars", 7.5), ("four stars", 4)]
)
def test_points_are_out_of_ten(text: str, points: float) -> None:
    assert said(text) == [(points, "points")]


@pytest.mark.parametrize("text", ["3 kids", "five years old", "8 pm", "50 %", "season of 10 episodes"])
def test_a_number_of_something_else_is_known_to_be_that(text: str) -> None:
    assert [unit for _, unit in said(text)] == ["other"]


def test_a_year_is_four_digits_of_the_age_of_film() -> None:
    assert said("from 2020") == [(2020, "year")]
    assert said("2020 votes") == [(2020, "votes")]
    assert said("from 1850") == [(1850, "")]
    assert said("2,020") == [(2020, "")]


@pytest.mark.parametrize("text", ["a film", "this one", "an hourglass", "the thousand", "half of it", "hour", ""])
def test_little_words_alone_count_nothing(text: str) -> None:
    assert said(text) == []


def test_several_numbers_keep_their_order() -> None:
    assert said("2h 7+") == [(120, "minutes"), (7, "")]
    assert said("five comedies under 90 min with 8/10") == [(5, ""), (90, "minutes"), (8, "points")]


@given(st.integers(1000, 10**9))
def test_thousands_may_be_parted(value: int) -> None:
    assert said(f"{value:,} votes") == said(f"{value} votes") == [(value, "votes")]


@given(st.integers(20, 99), st.sampled_from([" ", "-"]))
def test_numbers_in_words(value: int, joint: str) -> None:
    spoken = joint.join(w for w in (SPOKEN[value // 10], ONES[value % 10]) if w)
    assert said(f"{spoken} minutes") == said(f"{value} minutes") == [(value, "minutes")]


@given(st.integers(1, 9), st.integers(5, 59))
def test_hours_and_minutes_add_up(hours: int, minutes: int) -> None:
    total = [(60 * hours + minutes, "minutes")]
    for text in (f"{hours}h{minutes}", f"{hours} hours and {minutes} minutes", f"{hours} hr {minutes} min"):
        assert said(text) == total


@given(st.lists(PIECES, max_size=14).map(" ".join) | st.text(max_size=60))
def test_any_text_has_numbers_that_do_not_overlap(text: str) -> None:
    cut = words(clean(text))
    found = numbers(cut)
    assert all(0 <= n.first < n.last <= len(cut) and n.value >= 0 for n in found)
    assert all(a.last <= b.first for a, b in itertools.pairwise(found))
