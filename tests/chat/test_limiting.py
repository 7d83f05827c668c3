"""The limits that a message sets."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moviechat.chat.limiting import vague_words
from moviechat.chat.mentions import Mentions
from moviechat.chat.taste import Taste
from moviechat.chat.wanting import Wanting
from moviechat.limits import Limits

Wants = Callable[[str], Wanting]
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="§¶"), max_size=80)
PIECES = st.sampled_from(
    """horror comedy western kids korean in English not no without but or and , . with by Ana de Armas Jordan Peele Nope
    Joker under over 90 minutes 7+ 2020 since best longest longer than never mind the year any length good short recent
    hidden gem same director five films R rated scary forget doesn't matter""".split()
)


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("a horror film", Limits(genres_all=("Horror",))),
        ("horror and comedy", Limits(genres_all=("Horror", "Comedy"))),
        ("horror or comedy", Limits(genres_any=("Horror", "Comedy"))),
        ("horror/comedy", Limits(genres_any=("Horror", "Comedy"))),
        ("a thriller, drama or mystery", Limits(genres_any=("Thriller", "Drama", "Mystery"))),
        ("a funny whodunit", Limits(genres_all=("Comedy",), genres_any=("Mystery", "Crime"))),
        ("no horror", Limits(genres_not=("Horror",))),
        ("no horror or thriller", Limits(genres_not=("Horror", "Thriller"))),
        ("no horror and no western", Limits(genres_not=("Horror", "Western"))),
        ("no horror, comedy, or war", Limits(genres_not=("Horror", "Comedy", "War"))),
        ("no romance in a thriller please", Limits(genres_all=("Thriller",), genres_not=("Romance",))),
        ("not a comedy but a drama", Limits(genres_all=("Drama",), genres_not=("Comedy",))),
        ("a drama without war", Limits(genres_all=("Drama",), genres_not=("War",))),
        ("comedies, not romantic ones", Limits(genres_all=("Comedy",), genres_not=("Romance",))),
        ("something for a child", Limits(genres_any=("Family", "Animation"), genres_not=("Horror",))),
        ("my family loves it", Limits()),
    ],
)
def test_genres(text: str, limits: Limits, wants: Wants) -> None:
    assert wants(text).limits == limits


def test_what_stands_in_many_films_of_a_genre_can_be_left_out_without_it(wants: Wants) -> None:
    assert wants("without zombies").limits.genres_not == ()


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("nothing over 2 hours", Limits(runtime_max=120)),
        ("I have 90 minutes", Limits(runtime_max=90)),
        ("exactly 100 minutes", Limits(runtime_min=100, runtime_max=100)),
        ("under 90 minutes and over 60 minutes", Limits(runtime_min=61, runtime_max=89)),
        ("between 90 and 120 minutes, rated 7+", Limits(runtime_min=90, runtime_max=120, rating_min=7.0)),
        ("from 2020", Limits(year_min=2020, year_max=2020)),
        ("2019 or 2020", Limits(year_min=2019, year_max=2020)),
        ("films of 2019 and 2020", Limits(year_min=2019, year_max=2020)),
        ("since 2021", Limits(year_min=2021)),
        ("not 2022", Limits(year_max=2021)),
        ("at least 1000 votes", Limits(votes_min=1000)),
        ("90% on rotten tomatoes", Limits()),
        ("something like The Call (2020)", Limits()),
    ],
)
def test_numbers(text: str, limits: Limits, wants: Wants) -> None:
    assert wants(text).limits == limits


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("korean", Limits(countries_any=("South Korea",))),
        ("not American", Limits(countries_not=("United States",))),
        ("from Korea or Japan", Limits(countries_any=("South Korea", "Japan"))),
        ("films in Spanish", Limits(languages_any=("Spanish",))),
        ("in the Korean language", Limits(languages_any=("Korean",))),
        ("not in English", Limits(languages_not=("English",))),
        ("subtitled films from Japan", Limits(countries_any=("Japan",))),
        ("PG-13 at most", Limits(age_rating_max="PG-13")),
        ("nothing rated R", Limits(age_rating_max="PG-13")),
    ],
)
def test_places_and_age_ratings(text: str, limits: Limits, wants: Wants) -> None:
    assert wants(text).limits == limits


def test_vague_words_are_what_the_parameters_say(wants: Wants, taste: Taste) -> None:
    for text, limits in {
        "something short": Limits(runtime_max=taste.short_max),
        "not too long": Limits(runtime_max=taste.not_long_max),
        "a long one": Limits(runtime_min=taste.long_min),
        "a recent one": Limits(year_min=2022 - taste.recent_years + 1),
        "a good one": Limits(rating_min=taste.good_min),
        "a famous one": Limits(votes_min=taste.known_votes),
        "a well-known one": Limits(votes_min=taste.known_votes),
        "an obscure one": Limits(votes_max=taste.gem_votes),
        "a hidden gem": Limits(votes_max=taste.gem_votes, rating_min=taste.gem_rating),
    }.items():
        assert wants(text).limits == limits, text


def test_a_number_says_more_than_a_vague_word(wants: Wants) -> None:
    want = wants("a short film, at most 70 minutes")
    assert want.limits.runtime_max == 70
    assert wants("a good one, rated 8 or more").limits.rating_min == 8.0


@pytest.mark.parametrize("text", ["good evening", "thanks, sounds good", "good.", "how long is Nope"])
def test_what_only_looks_vague_wants_nothing(text: str, wants: Wants) -> None:
    assert wants(text).limits == Limits()


def test_vague_words_that_compare_or_order_are_none(taken_apart: Callable[..., Mentions]) -> None:
    assert [t.value for t in vague_words(taken_apart("a good and recent film"))] == ["good", "recent"]
    assert vague_words(taken_apart("the most popular first")) == []
    assert vague_words(taken_apart("more popular than Nope")) == []


@given(st.lists(PIECES, max_size=16).map(" ".join) | TEXT)
def test_any_text_wants_limits_that_can_be_kept(wants: Wants, text: str) -> None:
    limits = wants(text).limits
    for name in ("year", "rating", "votes"):
        low, high = getattr(limits, f"{name}_min"), getattr(limits, f"{name}_max")
        assert low is None or high is None or low <= high
    assert not set(limits.genres_all) & set(limits.genres_not)
    assert not set(limits.genres_any) & {*limits.genres_all, *limits.genres_not}
    assert Limits.from_json(limits.to_json()) == limits


def test_a_vague_word_inside_a_comparison_is_none(taken_apart: Callable[..., Mentions]) -> None:
    assert vague_words(taken_apart("less well known ones")) == []
    assert [t.value for t in vague_words(taken_apart("well known ones"))] == ["well_known"]


def test_a_country_narrows_its_region(wants: Wants) -> None:
    assert wants("a european horror, spain or france").limits.countries_any == ("Spain", "France")
