"""What a message wants of films."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from moviechat.chat.mentions import Mentions, read
from moviechat.chat.phrases import Phrases
from moviechat.chat.taste import Taste
from moviechat.chat.wanting import Relative, Wanting, mood_denied, wanting
from moviechat.chat.wish import Order
from moviechat.limits import Limits
from moviechat.linking import Linker

Wants = Callable[[str], Wanting]


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("the best films", "rating"),
        ("worst horror films", "worst"),
        ("the most popular comedy", "votes"),
        ("the longest one", "longest"),
        ("newest first", "newest"),
        ("that was the best", None),
        ("a comedy", None),
    ],
)
def test_order(text: str, order: Order | None, wants: Wants) -> None:
    assert wants(text).order == order


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("five comedies", 5),
        ("top 3 dramas", 3),
        ("12 films", 12),
        ("one more", 1),
        ("another one", 1),
        ("for 3 kids", None),
        ("under 90 minutes", None),
        ("a comedy", None),
    ],
)
def test_count(text: str, count: int | None, wants: Wants) -> None:
    assert wants(text).count == count


@pytest.mark.parametrize(
    ("text", "relative"),
    [
        ("longer", Relative("runtime", True)),
        ("not longer", Relative("runtime", False)),
        ("something shorter than Joker", Relative("runtime", False, 0)),
        ("better rated than Nope", Relative("rating", True, 0)),
        ("like Soul, but newer than Joker", Relative("year", True, 1)),
    ],
)
def test_limits_by_comparison(text: str, relative: Relative, wants: Wants) -> None:
    assert wants(text).relative == (relative,)


def test_a_comparison_with_a_number_is_a_limit(wants: Wants) -> None:
    want = wants("longer than 90 minutes")
    assert (want.limits, want.relative) == (Limits(runtime_min=91), ())


@pytest.mark.parametrize(
    ("text", "lifted"),
    [
        ("any length", {"runtime_min", "runtime_max"}),
        ("the year does not matter", {"year_min", "year_max"}),
        ("I don't care about the rating", {"rating_min", "rating_max"}),
        ("any genre is fine", {"genres_all", "genres_any", "genres_not"}),
        ("forget Daniel Craig", {"people"}),
        ("the country does not matter", {"countries_any", "countries_not"}),
        ("a comedy", set()),
    ],
)
def test_limits_that_no_longer_matter(text: str, lifted: set[str], wants: Wants) -> None:
    assert set(wants(text).lifted) == lifted


def test_a_value_that_is_given_up_sets_no_limit(wants: Wants) -> None:
    want = wants("forget the 2h thing, others")
    assert (set(want.lifted), want.limits) == ({"runtime_min", "runtime_max"}, Limits())
    want = wants("scrap the uk, a Spanish horror")
    assert set(want.lifted) == {"countries_any", "countries_not"}
    assert want.limits == Limits(genres_all=("Horror",), countries_any=("Spain",))
    assert wants("drop anything over 110 min").limits == Limits(runtime_max=110)


def test_a_genre_that_is_forgotten_is_freed_and_not_wanted(wants: Wants) -> None:
    want = wants("forget the horror")
    assert (want.freed, want.limits, want.lifted) == (("Horror",), Limits(), ())


def test_moods_are_wanted_unless_they_are_denied(wants: Wants, taken_apart: Callable[..., Mentions]) -> None:
    assert wants("something scary and funny").moods == ("scary", "funny")
    for text in ("nothing scary", "not too scary", "less scary"):
        m = taken_apart(text)
        assert wants(text).moods == () and all(mood_denied(m, t) for t in m.moods), text


def test_the_same_as_a_film_has(wants: Wants) -> None:
    assert wants("by the same director").same == ("director",)
    assert wants("with the same actor, from the same year").same == ("cast", "year")
    assert wants("by a director from Korea").same == ()


def test_open_words_are_what_no_table_holds(wants: Wants) -> None:
    assert set(wants("a comedy under 90 minutes about lighthouse keepers, no ghosts").words.split()) == {
        "lighthouse",
        "keepers",
    }


@pytest.mark.parametrize(
    "text",
    [
        "something for tonight please",
        "directed by Jordan Peele",
        "something recent, a hidden gem",
        "I don't care about the rating",
        "not too scary",
        "without zombies, ghosts or vampires",
    ],
)
def test_words_that_say_something_else_are_no_open_words(text: str, wants: Wants) -> None:
    assert wants(text).words == ""


@pytest.mark.parametrize("text", ["", "hi", "who directed Parasite?", "asdf", "!?"])
def test_nothing_is_wanted(text: str, wants: Wants) -> None:
    assert wants(text).empty


@pytest.mark.parametrize(
    "text", ["horror", "any length", "shorter", "the best", "scary", "with Jamie Foxx", "same year"]
)
def test_whatever_is_wanted_is_something(text: str, wants: Wants) -> None:
    assert not wants(text).empty


PUMPS = (
    "horror or ", "no horror, ", "not ", "under 90 minutes or ", "7 ", "it ", "the first one ", "word ",
    "Parasite and ", "Soul. ", "Ana de Armas with ", "korean or ", "good short ", "same ",
)  # fmt: skip


@pytest.mark.parametrize("pump", PUMPS)
def test_reading_takes_steps_in_proportion_to_the_length(
    pump: str, linker: Linker, moods: Phrases[str], taste: Taste
) -> None:
    def run(text: str) -> None:
        wanting(read(text, linker, moods), taste, (2019, 2022))

    run(pump)  # tables are made once
    counts = [steps(run, (pump * 100)[: 100 * k]) for k in range(1, 11)]
    assert all(count <= 1.5 * k * counts[0] for k, count in enumerate(counts, 1)), counts


def steps(run: Callable[[str], None], text: str) -> int:
    """The lines of the chat's code that `run` goes through, each time counted."""
    count = 0

    def traced(frame: FrameType, event: str, arg: Any) -> Any:
        nonlocal count
        if "/moviechat/chat/" not in frame.f_code.co_filename:
            return None
        count += 1
        return traced

    before = sys.gettrace()
    sys.settrace(traced)
    try:
        run(text)
    finally:
        sys.settrace(before)
    return count


def test_words_that_point_at_a_list_are_not_searched_for(wants: Wants) -> None:
    assert wants("seen the first one and the last, others").words == ""


@pytest.mark.parametrize(
    ("text", "count"),
    [("now westerns, give me 3", 3), ("under 110 minutes, three max", 3), ("list 4", 4), ("rated 3 max", None)],
)
def test_how_many_are_wanted(text: str, count: int | None, wants: Wants) -> None:
    assert wants(text).count == count


def test_what_was_too_long_asks_for_a_shorter_one(wants: Wants) -> None:
    assert wants("too long, another one").relative == (Relative("runtime", False),)
    assert wants("not too long").relative == ()


def test_who_is_quoted_is_no_company(wants: Wants) -> None:
    assert not wants("a comedy, my niece says that is how you tell").limits.genres_any
    assert wants("a comedy to see with my niece").limits.genres_any


def test_better_a_comedy_asks_for_no_better_rating(wants: Wants) -> None:
    assert not wants("too heavy, better a comedy").relative
    assert wants("a comedy, but a better one").relative
