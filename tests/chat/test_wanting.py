"""What a message wants of films."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moviechat.chat.mentions import Mentions, read
from moviechat.chat.phrases import Phrases
from moviechat.chat.taste import Taste
from moviechat.chat.wanting import How, Named, Relative, Wanting, mood_denied, wanting
from moviechat.chat.wish import Order
from moviechat.limits import Limits
from moviechat.linking import Linker

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
        ("I give Joker 9/10", Limits()),
        ("90% on rotten tomatoes", Limits()),
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


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("with Ana de Armas", [("Ana de Armas", "cast", False)]),
        ("starring Jamie Foxx and Tina Fey", [("Jamie Foxx", "cast", False), ("Tina Fey", "cast", False)]),
        ("directed by Jordan Peele", [("Jordan Peele", "director", False)]),
        ("written by Rian Johnson", [("Rian Johnson", "writer", False)]),
        ("composed by Nathan Johnson", [("Nathan Johnson", "composer", False)]),
        ("where Daniel Craig plays a cook", [("Daniel Craig", "cast", False)]),
        ("by Rian Johnson with Daniel Craig", [("Rian Johnson", "by", False), ("Daniel Craig", "cast", False)]),
        ("Jordan Peele films", [("Jordan Peele", None, False)]),
        ("without Daniel Craig", [("Daniel Craig", None, True)]),
        ("no films by Jordan Peele", [("Jordan Peele", "by", True)]),
        ("a film where Robert De Niro is not in it", [("Robert De Niro", "cast", True)]),
    ],
)
def test_people(text: str, named: list[tuple[str, How | None, bool]], wants: Wants) -> None:
    assert list(wants(text).named) == [Named(*n) for n in named]


def test_a_person_who_only_tells_which_film_is_meant_is_not_wanted(wants: Wants) -> None:
    assert wants("something like Soul, with Jamie Foxx").named == ()
    assert wants("something like Soul. With Tina Fey though").named == (Named("Tina Fey", "cast", False),)


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


@given(st.lists(PIECES, max_size=16).map(" ".join) | TEXT)
def test_any_text_wants_limits_that_can_be_kept(wants: Wants, text: str) -> None:
    limits = wants(text).limits
    for name in ("year", "rating", "votes"):
        low, high = getattr(limits, f"{name}_min"), getattr(limits, f"{name}_max")
        assert low is None or high is None or low <= high
    assert not set(limits.genres_all) & set(limits.genres_not)
    assert not set(limits.genres_any) & {*limits.genres_all, *limits.genres_not}
    assert Limits.from_json(limits.to_json()) == limits


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
