"""Tables of phrases."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from moviechat.chat.amounts import Amount
from moviechat.chat.phrases import Phrases, Tag, overlaps
from moviechat.chat.tokens import words

TABLE = Phrases({"short": "not too long|short", "long": "long|very  long\n|not short", "film": "movie|don't"})
VOCABULARY = ("not", "too", "long", "short", "very", "a")


def tags(text: str) -> list[Tag[str]]:
    return TABLE.tags(words(text))


def test_the_longest_phrase_is_found_and_none_inside_another() -> None:
    assert tags("a film that is not too long, or a short one, not short") == [
        Tag("film", 1, 2),
        Tag("short", 4, 7),
        Tag("short", 10, 11),
        Tag("long", 13, 15),
    ]


def test_a_table_is_written_as_messages_are() -> None:
    assert [t.value for t in tags("VERY LONG films")] == ["long"]
    assert [t.value for t in tags("movie")] == [t.value for t in tags("film")] == ["film"]
    assert tags("I do not") == tags("I don't") == [Tag("film", 1, 3)]


def test_the_words_with_which_phrases_begin() -> None:
    assert TABLE.firsts == {"not", "short", "long", "very", "film", "do"}


def test_a_hyphen_between_its_words_is_no_word_of_a_phrase() -> None:
    assert tags("not-too-long") == [Tag("short", 0, 5)]
    assert tags("very-long") == [Tag("long", 0, 3)]


def test_overlaps_share_a_word() -> None:
    tag = Tag("x", 2, 4)
    assert overlaps(tag, [Amount("year", 2020, 2020, 2020, False, 3, 5)])
    assert not overlaps(tag, [Tag("y", 0, 2), Tag("z", 4, 6)])
    assert not overlaps(tag, [])


def test_a_phrase_that_is_cut_off_is_none() -> None:
    assert tags("not too") == tags("") == []


PHRASES = st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=3).map(" ".join)


@given(
    st.dictionaries(PHRASES, st.integers(), min_size=1, max_size=6), st.lists(st.sampled_from(VOCABULARY), max_size=20)
)
def test_it_finds_what_trying_every_phrase_at_every_place_finds(table: dict[str, int], said: list[str]) -> None:
    by_value: dict[int, str] = {}
    for phrase, value in table.items():
        by_value[value] = f"{by_value[value]}|{phrase}" if value in by_value else phrase
    right, at = list[Tag[int]](), 0
    while at < len(said):
        there = [p for p in table if said[at : at + len(p.split())] == p.split()]
        longest = max(there, key=len, default="")
        right += [Tag(table[longest], at, at + len(longest.split()))] if longest else []
        at += max(1, len(longest.split()))
    assert Phrases(by_value).tags(words(" ".join(said))) == right


def test_phrases_may_be_given_as_their_words() -> None:
    table = Phrases.spelled([(("a",), 1), (("a", "b"), 2)])
    assert [(t.value, t.first, t.last) for t in table.tags(words("a b a"))] == [(2, 0, 2), (1, 2, 3)]
    assert table.firsts == {"a"}
