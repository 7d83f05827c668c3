from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from moviechat import prompts
from moviechat.chat.plots import NEAREST, answer, asks_whole, cite, is_whole, questions, resemblance, without_titles
from moviechat.schema import NOT_SAID, Movie, Passage

BUS = Movie(
    "tt5", "Diablo Rojo PTY", "Diablo Rojo", 2019, 80, ("Horror", "Comedy"), 5.0, 134, cast=("Carlos Carrasco",)
)
TEXT = (
    "A bus driver, his helper, a priest and two policemen are lost in the jungle of Chiriqui. Creatures haunt the "
    "roads, and the old bus is their only refuge. The priest says that a spell brought them there. At dawn the helper "
    "is gone."
)
MADE = "The film was shot in three weeks with a bus from a scrapyard."


def _passage(n: int, text: str, section: str | None = None) -> Passage:
    return Passage("tt5", n, text, section, "test", "https://films.test/tt5", None, "CC0")


PASSAGES = [_passage(0, TEXT), _passage(1, MADE, "Production")]

Ask = Callable[..., list[Any]]


@pytest.fixture
def ask(checker: Any) -> Ask:
    def asked(question: str, *, movie: Movie = BUS, passages: Any = PASSAGES, **shelf: Any) -> list[Any]:
        given = SimpleNamespace(**{"checker": checker, "worded": False} | shelf)
        return list(answer(question, movie, passages, given))

    return asked


def test_the_sentence_that_tells_it_is_quoted_with_its_source(ask: Ask) -> None:
    (said,) = ask("What is the only refuge in Diablo Rojo PTY?")
    assert said.text == "Creatures haunt the roads, and the old bus is their only refuge."
    assert (said.sources[0].field, said.sources[0].license, said.by_model) == ("description", "CC0", False)


def test_what_only_comes_near_is_said_to_be_no_answer(ask: Ask) -> None:
    first, *rest = ask("who killed the priest in diablo rojo pty??")
    assert first.text == NEAREST
    assert rest and all(s.text in TEXT for s in rest)
    assert first.sources


def test_what_nothing_comes_near_to_is_not_said(ask: Ask) -> None:
    said, told = ask("Which submarine engine does it use?", passages=[_passage(0, "He sings. She weeps.")])
    assert (said.text, told.text) == (NOT_SAID, "He sings.")


@pytest.mark.parametrize(
    "question", ["premise, no spoilers", "the gist of it, but not the end", "pig. nic cage. premise"]
)
def test_a_word_for_the_whole_plot_is_enough(ask: Ask, question: str) -> None:
    said = " ".join(s.text for s in ask(question))
    assert said == TEXT[: len(said)]


def test_a_part_that_only_the_text_tells_of_is_answered_with_the_cast(ask: Ask) -> None:
    *_, last = ask("who is the drummer")
    assert (last.text, last.sources[0].field) == ("Diablo Rojo PTY (2019) stars Carlos Carrasco.", "cast")


@pytest.mark.parametrize(
    "question",
    ["what is Diablo Rojo PTY about", "whats diablo rojo pty about?", "plot of Diablo Rojo PTY", "tell me the story"],
)
def test_the_whole_is_told_in_the_first_sentences(ask: Ask, question: str) -> None:
    said = [s.text for s in ask(question)]
    assert 1 <= len(said) <= 3
    assert " ".join(said) == TEXT[: len(" ".join(said))]


def test_a_long_text_is_not_told_at_length(ask: Ask) -> None:
    long = " ".join(f"In the {n}th year the ship sails on and {'on and ' * 30}on." for n in range(20))
    assert len(ask("What is it about?", passages=[_passage(0, long)])) == 1


def test_genres_and_a_first_sentence_answer_for_the_tone(ask: Ask) -> None:
    genres, sentence = ask("What's the tone of Diablo Rojo PTY?")
    assert genres.text == "Its genres are horror and comedy." and genres.sources[0].field == "genres"
    assert sentence.text in TEXT


def test_what_people_think_is_the_rating(ask: Ask) -> None:
    (rating,) = ask("what do people think of Diablo Rojo PTY?")
    assert rating.text == "134 people gave it 5 of 10 on average."
    unrated = Movie("tt5", "Diablo Rojo PTY", "Diablo Rojo PTY", 2019, None, (), None, 0)
    (none,) = ask("what do people think of it?", movie=unrated)
    assert none.text.startswith("No rating") and none.sources == ()


def test_trivia_is_what_is_told_of_the_making(ask: Ask) -> None:
    (made,) = ask("any trivia about Diablo Rojo PTY?")
    assert made.text == MADE
    (none,) = ask("any trivia?", passages=PASSAGES[:1])
    assert none.text == "No trivia of Diablo Rojo PTY (2019) is on record." and none.sources == ()


class Model:
    """Says what it is told to, letter by letter."""

    name = "fake"

    def __init__(self, says: str) -> None:
        self.says, self.prompts = says, list[str]()

    def stream(self, prompt: str, *, max_new_tokens: int) -> Iterator[str]:
        self.prompts.append(prompt)
        yield from self.says


def test_a_published_system_words_it_and_is_checked(ask: Ask) -> None:
    model = Model("The old bus. It stands in Brussels. The end.")
    question = "What is the only refuge in Diablo Rojo PTY?"
    said = ask(question, worded=True, model=model, max_new_tokens=64)
    assert [(s.text, s.by_model) for s in said] == [("The old bus.", True)]
    assert said[0].sources[0].text.startswith("Creatures haunt")
    record = prompts.render_record(BUS, [f"{TEXT} {MADE}"])
    assert model.prompts == [prompts.render(question, record)]


def test_what_it_words_wrongly_gives_way_to_the_quotation(ask: Ask) -> None:
    said = ask("What is the only refuge in Diablo Rojo PTY?", worded=True, model=Model("A castle."), max_new_tokens=64)
    assert [(s.text, s.by_model) for s in said] == [(TEXT.split(". ")[1] + ".", False)]


def test_a_prompt_fits_in_any_script(ask: Ask) -> None:
    model = Model("")
    ask("누구" * 900, passages=[_passage(0, "기생충" * 5000)], worded=True, model=model, max_new_tokens=64)
    assert len(model.prompts[0].encode()) < 2048 - 64


def test_titles_ask_nothing() -> None:
    assert without_titles("Who is in Diablo Rojo PTY (2019)?", BUS) == "Who is in it?"
    aida = Movie("tt6", "Quo Vadis, Aida?", "Quo Vadis, Aida?", 2020, 101, ("Drama",), 8.0, 134)
    assert without_titles("who is in quo vadis aida", aida) == "who is in it"


@pytest.mark.parametrize(
    ("asked", "whole"),
    [
        ("a friend told me of it, what is it about", True),
        ("buddy showed me this one.. what goes on in it", True),
        ("what is it about, and who is the priest", False),
        ("a friend told me of the priest", False),
    ],
)
def test_the_only_part_that_asks_may_ask_for_the_whole(checker: Any, asked: str, whole: bool) -> None:
    assert asks_whole(asked, BUS, checker.reader) == whole


@pytest.mark.parametrize(
    ("asked", "whole"),
    [
        ("what is it about", True),
        ("whats diabo rojo about", True),  # a slip, and half of the title
        ("rough summary of it pls", True),
        ("ok one line plot then", True),
        ("what is the priest about to do", False),
        ("what's the spell about", False),
        ("summary of the spell", False),
        ("what happens then", False),
    ],
)
def test_the_whole_plot_is_asked_for_where_nothing_else_is_named(checker: Any, asked: str, whole: bool) -> None:
    assert is_whole(asked, BUS, checker.reader) == whole


@pytest.mark.parametrize(
    ("asked", "parts"),
    [
        ("what does he sell?", ["what does he sell?"]),
        ("a ballet film. what do the girls want", ["a ballet film. what do the girls want"]),
        ("why is she in Rome and whats he building", ["why is she in Rome and", "whats he building"]),
        ("Who is Ana, where does she live & what else?", ["Who is Ana,", "where does she live &"]),
        ("who is it and what is it", ["who is it and what is it"]),  # neither names anything
    ],
)
def test_two_questions_of_a_message_are_told_apart(asked: str, parts: list[str]) -> None:
    assert questions(asked) == parts


def test_each_of_two_questions_is_answered(ask: Ask) -> None:
    first, second = ask("what is the only refuge in Diablo Rojo PTY and what does the priest say of a spell")
    assert first.text == "Creatures haunt the roads, and the old bus is their only refuge."
    assert second.text == "The priest says that a spell brought them there."


def test_he_and_she_are_told_with_their_names(ask: Ask) -> None:
    text = "Anna Kovacs is a painter in Lisbon. One night she burns all her pictures."
    (said,) = ask("Why are the pictures burnt?", passages=[_passage(0, text)])[-1:]
    assert said.text == "One night [Anna Kovacs] burns all her pictures."
    assert said.sources[0].text == "One night she burns all her pictures."


def test_what_resembles_a_text_is_cited() -> None:
    (source,) = resemblance("a film where the old bus is a refuge", PASSAGES)
    assert source.text.startswith("Creatures haunt")
    assert resemblance("zzz", PASSAGES) == ()
    assert cite("Nowhere said.", PASSAGES) == ()
