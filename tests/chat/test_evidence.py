from typing import Any

import pytest

from moviechat.chat.evidence import READ, asks, nearest

TOLD = [
    "Anna, a nurse, lives in Lisbon with her dog.",
    "One night her brother Otto steals the ship because he owes money.",
    "Three years later they meet again on an island.",
]


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who steals it?", "who"),
        ("whos the nurse", "who"),
        ("Where does she live?", "where"),
        ("How many are they?", "count"),
        ("why tho", "why"),
        ("when do they meet", "when"),
        ("which month is it", "when"),
        ("what planet are they on", "where"),
        ("Does she leave?", ""),
        ("does the boy make it", "fate"),
        ("and the end?? does she get caught", "fate"),
        ("why does he die", "why"),
        ("who dies in it", "fate"),
    ],
)
def test_the_kind_of_a_question(question: str, kind: str) -> None:
    assert asks(question) == kind


@pytest.mark.parametrize(
    ("question", "number"),
    [("Who takes the vessel?", 1), ("Which city is her home?", 0), ("When do they see each other again?", 2)],
)
def test_the_sentence_that_means_it_comes_first(checker: Any, question: str, number: int) -> None:
    found = nearest(question, TOLD, checker.reader)
    assert found[0].sentence == TOLD[number]
    assert [n.score for n in found] == sorted((n.score for n in found), reverse=True)
    assert -1 <= found[0].likeness <= 1.01


def test_of_a_long_text_the_ends_and_the_sentences_with_its_words_are_read(checker: Any) -> None:
    told = [f"In chapter {n} nothing of note is told." for n in range(60)]
    told[30] = "A lion escapes from the zoo."
    found = nearest("Which lion escapes?", told, checker.reader)
    assert len(found) <= READ and found[0].sentence == told[30]
    assert {told[0], told[-1]} <= {n.sentence for n in found}


def test_without_a_text_nothing_is_near(checker: Any) -> None:
    assert nearest("Who?", [], checker.reader) == []


def test_a_name_that_all_sentences_hold_tells_little(checker: Any) -> None:
    told = [
        "Kya draws shells.",
        "Kya and Tate read books in the marsh.",
        "She survives by selling mussels at the store.",
    ]
    assert nearest("what does kya sell to survive", told, checker.reader)[0].sentence == told[2]


def test_what_is_only_asked_by_its_sort_is_what_has_that_sort(checker: Any) -> None:
    told = ["Anna is a teacher in a camp.", "In July 1995 the town falls.", "Her sons are outside."]
    assert nearest("which month is it in", told, checker.reader)[0].sentence == told[1]


def test_what_becomes_of_somebody_is_told_near_the_end(checker: Any) -> None:
    told = [
        "Anna dies of boredom in her office, and wants to leave.",
        "She rows out to sea alone.",
        "A storm breaks her boat.",
        "Fishermen find Anna on the rocks and bring her home.",
    ]
    found = nearest("does anna survive", told, checker.reader)
    assert found[0].sentence == told[-1]
    assert {n.sentence for n in found} == set(told)
