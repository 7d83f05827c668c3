"""Words for genres."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from moviechat.chat.genres import MOTIFS, GenreSet, tags
from moviechat.chat.mentions import Mentions
from moviechat.chat.tokens import words

# The genres that IMDb gives films.
GENRES = frozenset(
    """Action Adventure Animation Biography Comedy Crime Documentary Drama Family Fantasy History Horror Music Musical
    Mystery News Romance Sci-Fi Sport Thriller War Western""".split()
)


def found(text: str) -> list[GenreSet]:
    return [tag.value for tag in tags(words(text))]


def test_every_genre_is_understood_by_its_name() -> None:
    assert {g: [s.every for s in found(g)] for g in GENRES - {"News"}} == {g: [(g,)] for g in GENRES - {"News"}}


@pytest.mark.parametrize(
    ("text", "genres"),
    [
        ("a funny western", [GenreSet(("Comedy",)), GenreSet(("Western",))]),
        ("romcoms", [GenreSet(("Romance", "Comedy"))]),
        ("science fiction", [GenreSet(("Sci-Fi",))]),
        ("a sci-fi film", [GenreSet(("Sci-Fi",))]),
        ("a period drama", [GenreSet(("History",))]),
        ("a whodunit", [GenreSet(some=("Mystery", "Crime"))]),
        ("for the kids", [GenreSet(some=("Family", "Animation"))]),
        ("una comedia", [GenreSet(("Comedy",))]),
        ("ein Liebesfilm", [GenreSet(("Romance",))]),
        ("a film about a journey", []),
    ],
)
def test_words_stand_for_genres(text: str, genres: list[GenreSet]) -> None:
    assert found(text) == genres


def test_a_longer_phrase_is_no_sum_of_its_words() -> None:
    assert found("crime comedy") == [GenreSet(("Comedy", "Crime"))]
    assert found("comedy, crime") == [GenreSet(("Comedy",)), GenreSet(("Crime",))]


def test_the_names_of_a_set() -> None:
    assert GenreSet(("Crime",), ("Mystery", "War")).names == ("Crime", "Mystery", "War")


@pytest.mark.parametrize(
    ("typo", "genre"),
    [
        ("comdey", "Comedy"),
        ("thrlller", "Thriller"),
        ("documentry", "Documentary"),
        ("romnace", "Romance"),
        ("animatoin", "Animation"),
        ("westren", "Western"),
    ],
)
def test_a_slip_in_a_genre_is_understood(typo: str, genre: str, taken_apart: Callable[..., Mentions]) -> None:
    assert [t.value.every for t in taken_apart(f"a {typo} please").genres] == [(genre,)]


@pytest.mark.parametrize("word", ["wra", "bomedy", "cmdey", "auction", "cosmic", "spare", "boring", "manic"])
def test_short_words_two_slips_and_english_words_are_no_typos(word: str, taken_apart: Callable[..., Mentions]) -> None:
    assert taken_apart(f"a {word} please").genres == ()


def test_motifs_are_words_for_genres_and_not_their_names() -> None:
    assert [m for m in sorted(MOTIFS) if m.title() in GENRES] == []
    assert len([m for m in MOTIFS if found(m)]) > len(MOTIFS) // 2
