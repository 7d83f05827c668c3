import pytest

from moviechat.chat.wording import as_written

SENTENCE = "The old bus is the only refuge that the driver, his helper and two policemen have; nobody ever leaves it."


@pytest.mark.parametrize(
    ("answer", "written"),
    [
        ("The bus.", "The old bus."),
        ("The driver, helper and policemen.", "The driver, his helper and two policemen."),
        ("Nobody leaves it.", "Nobody ever leaves it."),
        ("The only refuges.", "The only refuge."),
        ("The two policemen have a bus.", "The two policemen have a bus."),
        ("The bus and it.", "The bus and it."),
        ("Bus.", "Bus."),
        ("", ""),
    ],
)
def test_what_an_answer_left_out_comes_back(answer: str, written: str) -> None:
    assert as_written(answer, SENTENCE) == written


def test_nothing_is_as_a_sentence_without_words_has_it() -> None:
    assert as_written("The bus.", "") == "The bus."
