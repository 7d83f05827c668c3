"""Numbers as limits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moviechat.chat.amounts import Amount, Field, amounts
from moviechat.chat.tokens import clean, words

Said = tuple[Field, float | None, float | None]
PIECES = st.sampled_from(
    """under over at least most not no nothing below between and to - or more less + max minimum around about 7 8.5 90
    2019 2021 21 100k an hour minutes votes stars rated than films , . : < > = before since leave out kids 10
    /""".split()
)


def found(text: str) -> list[Amount]:
    """The amounts of a text; a "not" reaches to the next mark or "but"."""
    said = words(clean(text))
    return amounts(said, [(w.mark and w.norm != "-") or w.norm == "but" for w in said])[0]


def limits(text: str) -> list[Said]:
    return [(a.field, a.low, a.high) for a in found(text)]


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("under two hours", ("runtime", None, 119)),
        ("at most 100 min", ("runtime", None, 100)),
        ("80 minutes or less", ("runtime", None, 80)),
        ("1 hour 40 or less", ("runtime", None, 100)),
        ("between 120 and 90 minutes", ("runtime", 90, 120)),
        ("exactly 95 minutes", ("runtime", 95, 95)),
        ("two hours is my limit", ("runtime", None, 120)),
        ("no longer than 1h45", ("runtime", None, 105)),
        ("over 3 hours", ("runtime", 181, None)),
        ("around 90 minutes", ("runtime", 81, 99)),
        ("between 90 and 120 minutes", ("runtime", 90, 120)),
        ("runtime of 95", ("runtime", None, 95)),
        ("7 or more", ("rating", 7, None)),
        ("7+", ("rating", 7, None)),
        ("rated above 7.5", ("rating", 7.6, None)),
        ("rating between 6 and 8", ("rating", 6, 8)),
        ("6.5 to 8", ("rating", 6.5, 8)),
        ("8/10", ("rating", 8, None)),
        (">= 7", ("rating", 7, None)),
        ("at least 10,000 votes", ("votes", 10_000, None)),
        ("less than 5k votes", ("votes", None, 4999)),
        ("50k to 100k votes", ("votes", 50_000, 100_000)),
        ("votes above 5000", ("votes", 5001, None)),
        ("in 2020", ("year", 2020, 2020)),
        ("since 2020", ("year", 2020, None)),
        ("from twenty twenty", ("year", 2020, 2020)),
        ("from twenty twenty-one", ("year", 2021, 2021)),
        ("from twenty nineteen", ("year", 2019, 2019)),
        ("drop anything over 110 min", ("runtime", None, 110)),
        ("lose everything below 7", ("rating", 7, None)),
        ("it should not take three hours", ("runtime", None, 179)),
        ("after 2020", ("year", 2021, None)),
        ("before 2021", ("year", None, 2020)),
        ("2020 or later", ("year", 2020, None)),
        ("2019-21", ("year", 2019, 2021)),
        ("2019 to 2021", ("year", 2019, 2021)),
        ("new ones like 2021 22", ("year", 2021, 2022)),
        ("2021, 22", ("year", 2021, 2022)),
        ("rated six point five or better", ("rating", 6.5, None)),
    ],
)
def test_a_number_sets_a_limit_on_what_it_measures(text: str, limit: Said) -> None:
    assert limits(text) == [limit]


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("nothing over 100 minutes", ("runtime", None, 100)),
        ("not more than 100 minutes", ("runtime", None, 100)),
        ("exclude anything over 2 hours", ("runtime", None, 120)),
        ("nothing under 7", ("rating", 7, None)),
        ("leave out films under 6", ("rating", 6, None)),
        ("no films from before 2021", ("year", 2021, None)),
    ],
)
def test_a_not_turns_a_comparison_round(text: str, limit: Said) -> None:
    assert limits(text) == [limit]


def test_a_not_reaches_no_further_than_its_clause() -> None:
    assert limits("no musicals, under 90 minutes") == [("runtime", None, 89)]
    assert limits("not old but over 2 hours") == [("runtime", 121, None)]


def test_several_limits_in_one_message() -> None:
    assert limits("no more than 90 min and at least 7 stars") == [("runtime", None, 90), ("rating", 7, None)]
    assert limits("over 3 hours but under 4 hours") == [("runtime", 181, None), ("runtime", None, 239)]


@pytest.mark.parametrize("text", ["3 films", "for 3 kids", "top 10", "the five longest", "20 minutes", "over 11", ""])
def test_a_number_that_measures_no_film_sets_no_limit(text: str) -> None:
    assert found(text) == []


def test_numbers_that_set_no_limit_are_left_over() -> None:
    said = words("top 10 comedies under 90 minutes")
    bounds, left = amounts(said, [False] * len(said))
    assert [a.field for a in bounds] == ["runtime"] and [n.value for n in left] == [10]


def test_whether_a_comparison_was_said_is_told() -> None:
    assert [a.bounded for a in found("a film of 90 minutes rated 7")] == [False, False]
    assert [a.bounded for a in found("under 90 minutes, 7 or more")] == [True, True]


@given(st.integers(40, 400), st.integers(30, 420), st.sampled_from(["over", "more than", "under", "less than"]))
def test_a_limit_and_its_denial_part_the_films(value: int, runtime: int, bound: str) -> None:
    (kept,), (denied,) = limits(f"{bound} {value} minutes"), limits(f"not {bound} {value} minutes")
    ends = [(low or 0, high or 1000) for _, low, high in (kept, denied)]
    assert sum(low <= runtime <= high for low, high in ends) == 1


@given(st.lists(PIECES, max_size=16).map(" ".join) | st.text(max_size=60))
def test_any_text_has_limits_that_can_be_kept_and_share_no_number(text: str) -> None:
    said = words(clean(text))
    bounds, left = amounts(said, [w.mark for w in said])
    assert all(a.low is not None or a.high is not None for a in bounds)
    assert all(a.low is None or a.high is None or a.low <= a.high for a in bounds)
    assert all(0 <= a.first < a.last <= len(said) for a in bounds)
    assert not any(a.first <= n.first < a.last for a in bounds for n in left)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("three max", []),
        ("rated 3 max", [("rating", None, 3)]),
        ("only 7s and up", [("rating", 7, None)]),
        ("two hours at most, including exactly two", [("runtime", None, 120)]),
    ],
)
def test_a_small_number_is_a_rating_only_if_something_says_so(text: str, said: list[Said]) -> None:
    assert limits(text) == said


def test_a_number_of_titles_is_no_rating() -> None:
    assert limits("rated 7 or more, up to five titles") == [("rating", 7, None)]
    assert limits("six and a half or better") == [("rating", 6.5, None)]


@pytest.mark.parametrize("text", ["an hour and fortyish", "kinda 100 minutes", "100 minutes more or less"])
def test_what_is_about_a_number_has_two_ends(text: str) -> None:
    assert limits(text) == [("runtime", 90, 110)]
