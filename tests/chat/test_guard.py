from collections.abc import Iterator
from typing import Any

import pytest

from moviechat.chat.guard import degenerate, supported, whole_sentences
from moviechat.grounding.record import Record
from moviechat.schema import NOT_SAID

RECORD = Record.of_texts(
    [
        "Anna Lind and Otto Berg hide in an old bus in the jungle.",
        "Otto sings and sings and sings until the floating ends.",
    ]
)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("It is about guilt, guilt, guilt.", "guilt 3 times"),
        ("They sing and sing and sing.", None),  # as the record does
        ("Anna Berg hides in a bus.", "Anna Berg, a name made of two"),
        ("Anna Lind hides in a bus.", None),
        ("A bus that loats up and float", "float, cut from floating"),
        ("The old bus", None),
        ("", None),
    ],
)
def test_broken_text_is_named(text: str, fault: str | None) -> None:
    assert degenerate(text, RECORD) == fault


def test_sentences_go_out_as_long_as_they_hold(checker: Any) -> None:
    written = ["Anna Lind hides in an old bus.", "Otto Berg lives in Brussels.", "They hide in the jungle."]
    assert list(supported("Who hides?", written, RECORD, checker)) == written[:1]
    assert list(supported("Who hides?", [NOT_SAID, *written], RECORD, checker)) == [NOT_SAID]


@pytest.mark.parametrize(
    ("says", "told"),
    [
        ("One is lost. Two are found.", ["One is lost.", "Two are found."]),
        ("One is lost. Two are", ["One is lost."]),
        ("One is lost. One is lost. One is lost.", ["One is lost."]),
        ('"Run!" he says. Then', ['"Run!" he says.']),
        ("  \n ", []),
    ],
)
def test_pieces_become_whole_sentences(says: str, told: list[str]) -> None:
    assert list(whole_sentences(says)) == told


def test_a_model_is_stopped_when_it_repeats_itself() -> None:
    read = list[str]()

    def pieces() -> Iterator[str]:
        for word in ("It goes on. ", "It goes on. ", "It goes on. ", "It goes on. "):
            read.append(word)
            yield word

    assert list(whole_sentences(pieces())) == ["It goes on."]
    assert len(read) == 3
