from collections.abc import Callable, Iterator
from typing import Any

import pytest

from moviechat import prompts
from moviechat.chat.plot import NO_ANSWER, Task, Written, check_written, cite, select, write
from moviechat.schema import NOT_SAID, Passage

Ask = Callable[..., list[tuple[str, bool]]]


@pytest.fixture
def ask(shelf: Any) -> Ask:
    def answer(masked: str, *written: str, film: str = "tt05") -> list[tuple[str, bool]]:
        movie = shelf.movies[film]
        task = Task(masked.replace("§", movie.title), masked, movie, shelf.passages[film])
        return [(said.text, said.by_model) for said in check_written(Written(task, iter(written)))]

    return answer


def test_what_the_record_supports_goes_out_as_the_model_said_it(ask: Ask) -> None:
    assert ask("What is the only refuge in §?", "The old bus.") == [("The old bus.", True)]


def test_what_it_does_not_support_gives_way_to_the_supporting_sentence(ask: Ask) -> None:
    said = ask("What is the only refuge in §?", "A castle in Brussels.")
    assert said == [("Creatures haunt the roads, and the old bus is their only refuge.", False)]


def test_where_no_sentence_supports_an_answer_nothing_is_known(ask: Ask) -> None:
    assert ask("What colour are the spaceships in §?", "Green spaceships.") == [(NO_ANSWER, False)]


def test_a_supported_beginning_stays_and_the_rest_is_dropped(ask: Ask) -> None:
    said = ask("Who are the characters of §?", "A priest and two policemen.", "They live in Brussels.", "The old bus.")
    assert said == [("A priest and two policemen.", True)]


def test_the_models_not_said_stays(ask: Ask) -> None:
    assert ask("How does § end?", NOT_SAID, "The old bus.") == [(NOT_SAID, True)]


def test_that_a_film_is_about_nothing_told_is_not_believed(ask: Ask) -> None:
    ((said, by_model),) = ask("What is § about?", NOT_SAID)
    assert said.startswith("A bus driver") and not by_model
    assert ask("Where is § set?", NOT_SAID) == [(NOT_SAID, True)]


def test_what_is_true_but_not_asked_gives_way_too(ask: Ask) -> None:
    quoted = [("Creatures haunt the roads, and the old bus is their only refuge.", False)]
    assert ask("What is the only refuge in §?", "A priest and two policemen.") == quoted
    assert ask("What is the only refuge in §?", "The only refuge.") == quoted


def test_an_answer_is_worded_as_the_record_has_it(ask: Ask) -> None:
    assert ask("What is the only refuge in §?", "The bus.") == [("The old bus.", True)]


def test_a_few_words_do_not_sum_a_film_up(ask: Ask) -> None:
    ((_, short),) = ask("What is § about?", "An old bus.")
    assert ask("In one sentence, what happens in §?", "An old bus.") == ask("What is § about?", "An old bus.")
    ((_, long),) = ask("What is § about?", "A bus driver and a priest are lost in the jungle with two policemen.")
    assert (short, long) == (False, True)
    assert ask("Where is § set?", "In the jungle.") == [("In the jungle.", True)]


def test_what_a_sentence_plainly_says_is_not_said_to_be_unknown(ask: Ask) -> None:
    said = [("Creatures haunt the roads, and the old bus is their only refuge.", False)]
    assert ask("What is the only refuge in §?", NOT_SAID) == said
    assert ask("What is the priest's refuge in §?", NOT_SAID) == [(NOT_SAID, True)]


def test_an_ending_is_quoted_from_the_end_only(ask: Ask) -> None:
    said = ask("Whom does Arthur shoot at the end of §?", "Nobody in Brussels.", film="tt03")
    assert said == [("At last he shoots Murray Franklin on live television.", False)]
    assert ask("How does § end for the helper?", "The helper marries Brussels.") == [(NO_ANSWER, False)]


def test_what_it_is_about_is_quoted_from_the_beginning(ask: Ask) -> None:
    ((text, by_model),) = ask("What is § about?", "Brussels.")
    assert (text[:12], by_model) == ("A bus driver", False)


def test_a_model_in_a_loop_is_not_believed(ask: Ask) -> None:
    ((_, by_model),) = ask("Who is in § and lost in the jungle?", "A bus and a bus " * 8)
    assert not by_model


@pytest.mark.parametrize("written", [(), ("",), ("?!",)])
def test_an_empty_answer_is_none(ask: Ask, written: tuple[str, ...]) -> None:
    assert ask("What colour is it in §?", *written) == [(NO_ANSWER, False)]


def _written(shelf: Any, says: str) -> list[str]:
    shelf.model.says = says
    task = Task("What?", "What?", shelf.movies["tt05"], shelf.passages["tt05"])
    return list(write(shelf.model, task, 64).sentences)


@pytest.mark.parametrize(
    ("says", "sentences"),
    [
        ("The old bus", ["The old bus."]),
        ("One is lost. Two are found.", ["One is lost.", "Two are found."]),
        ("One is lost. Two are", ["One is lost."]),
        ("One is lost. One is lost. One is lost.", ["One is lost."]),
        ('"Run!" he says. Then', ['"Run!" he says.']),
        ("", []),
        ("  \n ", []),
    ],
)
def test_pieces_become_sentences(shelf: Any, says: str, sentences: list[str]) -> None:
    assert _written(shelf, says) == sentences


def test_the_model_is_asked_with_the_published_prompt(shelf: Any) -> None:
    _written(shelf, "The old bus.")
    movie, texts = shelf.movies["tt05"], [p.text for p in shelf.passages["tt05"]]
    assert shelf.model.prompts == [prompts.render("What?", prompts.render_record(movie, texts))]


def test_the_model_is_stopped_when_nobody_reads_on(shelf: Any) -> None:
    read: list[str] = []

    def pieces() -> Iterator[str]:
        for word in ("The old bus. ", "Brussels is far. ", "Never read. ", "Never read either. "):
            read.append(word)
            yield word

    shelf.model.stream = lambda prompt, max_new_tokens: pieces()
    task = Task("What refuge?", "What refuge?", shelf.movies["tt05"], shelf.passages["tt05"])
    assert [s.text for s in check_written(write(shelf.model, task, 64))] == ["The old bus."]
    assert len(read) == 3


def test_the_passages_nearest_to_the_question_are_read(shelf: Any) -> None:
    passages = [
        Passage("tt05", n, f"{word} " * 160, None, "t", None, None, None)
        for n, word in enumerate(("one", "cat", "dog"))
    ]
    task = Task("Is there a dog and a cat?", "Is there a dog and a cat?", shelf.movies["tt05"], passages)
    assert [p.passage for p in select(task)] == [1, 2]
    assert len(select(task, 0)) == 1


def test_a_prompt_fits_in_any_script(shelf: Any) -> None:
    passages = [Passage("tt05", 0, "기생충" * 5000, None, "t", None, None, None)]
    task = Task("누구" * 900, "누구" * 900, shelf.movies["tt05"], passages)
    list(write(shelf.model, task, 64).sentences)
    assert len(shelf.model.prompts[0].encode()) < 2048 - 64


def test_a_quotation_names_its_passage(shelf: Any) -> None:
    (source,) = cite("Creatures haunt the roads, and the old bus is their only refuge.", shelf.passages["tt05"])
    assert (source.field, source.url, source.license) == ("description", "https://films.test/tt05", "CC0")
    assert cite("Nowhere said.", shelf.passages["tt05"]) == ()
