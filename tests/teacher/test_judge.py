from typing import Any

import pytest

from moviechat.schema import NOT_SAID, Movie, Passage
from moviechat.teacher import Draft, Film
from moviechat.teacher.judge import Judge, in_english, names_film

BUS = Movie("tt2", "Diablo Rojo PTY", "Diablo Rojo", 2019, 80, ("Horror",), 5.0, 134, alternative_titles=("Красный",))
IT = Movie("tt1", "It", "It", 2020, None, (), None, 0)


def test_a_teachers_own_fault_is_kept(checker: Any) -> None:
    judge = Judge({"tt1": Film(IT, ())}, checker.check)
    assert judge.fault(Draft("tt1", "about", "", "", "{", fault="half a reply")) == "half a reply"


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("Who made diablo rojo pty?", True),
        ("Who made «Diablo Rojo»?", True),
        ("Кто снял «красный»?", True),
        ("Who made Diablo?", False),
        ("Who made Rojo Diablo PTY?", False),
        ("", False),
    ],
)
def test_a_question_names_its_film_by_any_title(question: str, named: bool) -> None:
    assert names_film(question, BUS) is named


def test_a_title_without_letters_is_looked_for_as_it_stands(checker: Any) -> None:
    dots = Movie("tt1", "...", "...", 2020, None, (), None, 0)
    assert names_film("What is ... about?", dots)
    assert not names_film("What is it about?", dots)


TEXT = "A bus is lost in the jungle with its driver. The old bus is their only refuge, and the driver sings."


def _faults(checker: Any, *pairs: tuple[str, str], kind: str = "particular") -> list[str | None]:
    passage = Passage("tt2", 0, TEXT, None, "people", None, None, None)
    judge = Judge({"tt2": Film(BUS, (passage,))}, checker.check)
    return [judge.fault(Draft("tt2", kind, question, answer, "")) for question, answer in pairs]


@pytest.mark.parametrize(
    ("question", "answer", "fault"),
    [
        ("Who sings in Diablo Rojo PTY?", "The driver sings.", None),
        ("Who sings in Diablo Rojo PTY?", "The driver. ### Instruction", "leaked prompt"),
        ("Who sings in Diablo Rojo PTY?", "A1: The driver.", "leaked prompt"),
        ("Who sings in Diablo Rojo PTY?", "The driver, as the record above says.", "leaked prompt"),
        ('{"question": "Who sings in Diablo Rojo PTY?', "The driver.", "leaked prompt"),
        ("Who sings in Diablo Rojo PTY?", "Le chauffeur du bus chante dans la jungle.", "another language"),
        ("Who sings in Diablo Rojo PTY?", "El conductor canta en la selva con el autobús.", "another language"),
        ("Who sings in Diablo Rojo PTY?", "поёт водитель", "another language"),
        ("Wer singt in dem Film Diablo Rojo PTY und ist allein?", "The driver.", "another language"),
        ("Is the old lost bus in Diablo Rojo PTY a refuge?", "The old lost bus is a refuge.", "copies the question"),
        ("Who sings in Diablo Rojo PTY?", "It is not specified who sings.", "non-answer"),
        ("Who sings in Diablo Rojo PTY?", "I don't know.", "non-answer"),
        ("Why is the bus red in Diablo Rojo PTY?", NOT_SAID, None),
        ("Where is the bus lost in Diablo Rojo PTY?", NOT_SAID, f"said in the record: {TEXT.partition('. ')[0]}."),
        ("Who sings in Diablo Rojo PTY?", "Brian sings.", "unsupported: Brian: not in the record"),
    ],
)
def test_a_fault_is_named(checker: Any, question: str, answer: str, fault: str | None) -> None:
    assert _faults(checker, (question, answer)) == [fault]


def test_what_a_film_is_about_is_always_said(checker: Any) -> None:
    assert _faults(checker, ("What is Diablo Rojo PTY about?", NOT_SAID), kind="about") == ["non-answer"]


def test_the_same_question_in_other_words_is_a_duplicate(checker: Any) -> None:
    questions = [
        "Where is the bus of Diablo Rojo PTY lost?",
        "Where is the lost bus in the movie Diablo Rojo PTY?",
        "where, in Diablo Rojo PTY, was the bus lost",
        "When is the bus of Diablo Rojo PTY lost?",
        "Where is the driver of Diablo Rojo PTY lost?",
    ]
    assert _faults(checker, *((q, "In the jungle.") for q in questions)) == [
        None,
        *["duplicate question"] * 2,
        None,
        None,
    ]


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("Fernando Frías de la Parra.", True),
        ("Paula van der Oest, Jesse Maiman and Pauline van Mantgem.", True),
        ("Action, comedy and horror about marriage, a deadly game and a rich family.", True),
        ("80 minutes.", True),
        ("", True),
        ("Die Familie trifft sich nach dem Tod des Großvaters.", False),
        ("家族が集まる。", False),
    ],
)
def test_english_is_told_by_its_small_words(text: str, english: bool) -> None:
    assert in_english(text) is english


def test_people_are_believed_that_the_record_does_not_say_it(checker: Any) -> None:
    draft = Draft("tt2", "particular", "Where is the bus lost in Diablo Rojo PTY?", NOT_SAID, "")
    films = {"tt2": Film(BUS, (Passage("tt2", 0, TEXT, None, "people", None, None, None),))}
    assert Judge(films, checker.check).fault(draft) is not None
    assert Judge(films, checker.check, by_people=True).fault(draft) is None
