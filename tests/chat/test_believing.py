"""Which candidates of the linker are believed."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moviechat.chat.believing import believed, closed_words
from moviechat.linking import FilmMention, How, Linker, PersonMention
from tests.twelve import OUTSIDE


@dataclass
class FakeLinker:
    """Finds given names wherever they stand, with a given probability."""

    titles: dict[str, float]
    names: dict[str, float] = field(default_factory=dict)
    how: How = "exact"

    def films(self, text: str) -> list[FilmMention]:
        found = [(m.span(), title) for title in self.titles for m in re.finditer(re.escape(title), text)]
        return [FilmMention(span, (f"tt-{t}",), (), (), self.how, self.titles[t]) for span, t in found]

    def people(self, text: str) -> list[PersonMention]:
        found = [(m.span(), name) for name in self.names for m in re.finditer(re.escape(name), text)]
        return [PersonMention(span, name, (), "exact", self.names[name]) for span, name in found]


def said(text: str, linker: FakeLinker, *, focus: bool = False) -> list[str]:
    return [text[slice(*n.span)] for n in believed(text, linker, focus=focus)]


def test_what_is_likelier_a_name_than_not_is_believed() -> None:
    linker = FakeLinker({"Elm Row": 0.7, "Oak": 0.3}, {"Ada Low": 0.8, "Bo": 0.2})
    assert said("Elm Row and Oak with Ada Low and Bo", linker) == ["Elm Row", "Ada Low"]


def test_of_names_over_each_other_the_surer_is_believed() -> None:
    assert said("a film like Elm Row Nights", FakeLinker({"Elm Row": 0.6, "Elm Row Nights": 0.9})) == ["Elm Row Nights"]
    assert said("with Ada Low", FakeLinker({"Ada": 0.6}, {"Ada Low": 0.8})) == ["Ada Low"]


def test_an_unsure_title_is_believed_where_films_are_told_of() -> None:
    linker = FakeLinker({"Other Time": 0.3})
    assert said("we watched Other Time", linker) == ["Other Time"]
    assert said("we walked to Other Time", linker) == []


def test_an_unsure_title_of_words_that_rarely_occur_together_is_believed_anywhere() -> None:
    linker = FakeLinker({"Elm Row": 0.3, "Platypus": 0.3})
    assert said("we walked to Elm Row", linker) == ["Elm Row"]
    assert said("we walked to a Platypus", linker) == []


def test_a_question_that_needs_a_film_takes_an_unsure_title_unless_there_is_a_surer_one() -> None:
    linker = FakeLinker({"Elm Row": 0.1, "Oak Tree": 0.9})
    assert said("who directed Elm Row", linker) == ["Elm Row"]
    assert said("who directed Oak Tree, near Elm Row", linker) == ["Oak Tree"]


def test_with_a_film_under_talk_a_plain_word_is_no_title() -> None:
    linker = FakeLinker({"elm": 0.2})
    assert said("how long is the elm", linker) == ["elm"]
    assert said("how long is the elm", linker, focus=True) == []


@pytest.mark.parametrize("title", ["comedy", "short", "recent"])
def test_a_title_of_words_that_ask_for_films_must_look_like_a_name(title: str) -> None:
    assert said(f"show me a {title} film", FakeLinker({title: 0.9})) == []
    assert said(f'have you got "{title}"', FakeLinker({title: 0.9})) == [title]
    assert said(f"who made {title.title()}", FakeLinker({title.title(): 0.9})) == [title.title()]


def test_a_number_is_a_title_unless_it_sets_a_limit() -> None:
    linker = FakeLinker({"7": 0.9, "1917": 0.9})
    assert said("is 1917 long", linker) == ["1917"]
    assert said("rated 7+", linker) == []


def test_what_is_near_a_word_of_the_tables_is_no_misspelt_title() -> None:
    word = min(w for w in closed_words() if w.isalpha() and len(w) > 6)
    assert said(f"so {word} then", FakeLinker({word: 0.9}, how="typo")) == []
    assert said("so zorblax then", FakeLinker({"zorblax": 0.9}, how="typo")) == ["zorblax"]


def test_a_sentence_is_read_by_itself_too() -> None:
    @dataclass
    class Overwhelmed(FakeLinker):
        def films(self, text: str) -> list[FilmMention]:
            share = 1.0 if len(text) < 40 else 0.1
            return [replace(m, score=m.score * share) for m in FakeLinker.films(self, text)]

    text = "It rained all day and we had nothing to do at all. Is Elm Row long?"
    assert said(text, Overwhelmed({"Elm Row": 0.9})) == ["Elm Row"]


def test_a_decimal_and_single_letters_are_no_titles() -> None:
    assert said("rating: 6.5", FakeLinker({"6.5": 0.9})) == []
    assert said("e o que acontece", FakeLinker({"e o": 0.9})) == []


def test_words_of_talk_are_no_title_at_the_edge_of_a_message() -> None:
    assert said("nope. how high are they", FakeLinker({"nope": 0.9})) == []
    assert said("who directed nope", FakeLinker({"nope": 0.9})) == ["nope"]
    assert said("director of that one yaar", FakeLinker({"yaar": 0.9})) == []


def test_a_title_that_something_else_backs_needs_less() -> None:
    linker = FakeLinker({"elm": 0.1})
    text = "the one with the lighthouse keeper, elm, who is he"
    assert believed(text, linker, focus=True) == []
    assert [n.score for n in believed(text, linker, focus=True, backs=lambda film, people: True)] == [0.1]
    assert [n.score for n in believed("a film called elm", linker, focus=True)] == [0.1]


PIECES = st.sampled_from(
    "Parasite Nope Us Soul 1917 the Call Ana de Armas . ? , I loved who directed how long is".split()
)


@given(st.lists(PIECES, max_size=20).map(" ".join), st.booleans())
def test_names_stand_in_their_order_and_none_over_another(linker: Linker, text: str, focus: bool) -> None:
    found = believed(text, linker, focus=focus)
    spans = [n.span for n in found]
    assert spans == sorted(spans)
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(spans))
    assert all(isinstance(n, PersonMention) or n.films or n.outside for n in found)


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("seen: Parasite, nope, us and soul. what is left", ["Parasite", "nope", "us", "soul"]),
        ("we watched Parasite and us two had fun", ["Parasite"]),
    ],
)
def test_a_title_in_a_list_of_films_is_a_film(text: str, titles: list[str], linker: Linker) -> None:
    found = believed(text, linker, focus=False)
    assert [text[n.span[0] : n.span[1]] for n in found] == titles


def test_unsure_titles_are_believed_where_two_films_are_compared() -> None:
    linker = FakeLinker({"elm row": 0.3, "oak": 0.15})
    assert said("elm row or oak, which is shorter", linker) == ["elm row", "oak"]
    assert said("same guy as elm row", linker, focus=True) == ["elm row"]
    assert said("something under oak", linker) == []


@pytest.mark.parametrize(
    ("text", "title", "yes"),
    [
        ("do you have her in anything else", "anything else", False),
        ("do you have her in Anything Else", "Anything Else", True),
        ("is the matrix longer", "the matrix", True),
    ],
)
def test_everyday_talk_about_a_film_is_no_film_from_elsewhere(text: str, title: str, yes: bool) -> None:
    class Elsewhere(FakeLinker):
        def films(self, text: str) -> list[FilmMention]:
            return [replace(film, films=(), outside=OUTSIDE[:1]) for film in super().films(text)]

    assert bool(believed(text, Elsewhere({title: 0.9}), focus=True)) is yes
