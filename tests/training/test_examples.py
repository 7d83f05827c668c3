"""What is trained on: every response token and the end, nothing of the prompt, and never a cut response."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moviechat import prompts
from moviechat.errors import DataError
from moviechat.schema import QAPair
from moviechat.training.examples import IGNORED, RightPadded, encode, encode_all

FIELDS = "Release Year: 2019\nRuntime(in minutes): 80\nGenre: Horror\nRating: 5.0\nVotes: 134.0"


class Characters:
    """A tokenizer of one token a character."""

    eos_token_id = 0

    def encode(self, text: str, *, add_special_tokens: bool) -> list[int]:
        return [ord(c) for c in text]


@cache
def shortest(question: str, answer: str) -> int:
    return len(prompts.render(question, FIELDS)) + len(prompts.render_answer(answer)) + 1


def pair(question: str, answer: str, description: str) -> QAPair:
    return QAPair("tt0000001", "particular", question, answer, f"Description: {description}\n{FIELDS}", "test")


def text(ids: list[int]) -> str:
    return "".join(map(chr, ids))


def test_the_unmasked_tokens_are_the_response_and_its_end() -> None:
    row = encode(pair("What is the refuge in X?", "The old bus.", "A bus."), Characters(), 1000)
    kept = [i for i, label in enumerate(row["labels"]) if label != IGNORED]
    assert len(kept) == len(" The old bus.") + 1
    assert kept == list(range(len(row["labels"]) - len(kept), len(row["labels"])))
    assert text(row["input_ids"][kept[0] : -1]) == " The old bus."
    assert row["labels"][-1] == Characters.eos_token_id
    assert text(row["input_ids"][: kept[0]]).endswith("###Response:")


def test_a_long_description_loses_its_last_sentences_first() -> None:
    long = pair("Who?", "Ana.", "Ana finds a bus. " * 3 + "Then it burns.")
    room = shortest("Who?", "Ana.") + len("Description: Ana finds a bus. Ana finds a bus.\n")
    assert "Ana finds a bus. Ana finds a bus.\nRelease" in text(encode(long, Characters(), room)["input_ids"])
    assert "Ana finds a bus.\nRelease" in text(encode(long, Characters(), room - 1)["input_ids"])


def test_a_first_sentence_that_is_too_long_loses_words() -> None:
    room = shortest("Who?", "Ana.") + len("Description: Ana finds\n")
    row = encode(pair("Who?", "Ana.", "Ana finds a bus. It burns."), Characters(), room)
    assert "###Input: Description: Ana finds\nRelease" in text(row["input_ids"])


def test_what_no_shortening_fits_is_said() -> None:
    with pytest.raises(DataError, match=r"'Who\?' of tt0000001 .* raise train.max_length"):
        encode(pair("Who?", "Ana.", "A bus."), Characters(), 100)


words = st.text(alphabet="abc .", min_size=1, max_size=300)


@given(question=words, answer=words, description=words, spare=st.integers(0, 400))
def test_truncation_never_cuts_the_question_the_fields_or_the_response(
    question: str, answer: str, description: str, spare: int
) -> None:
    limit = shortest(question, answer) + spare
    row = encode(pair(question, answer, description), Characters(), limit)
    assert len(row["input_ids"]) == len(row["labels"]) <= limit
    response = [label for label in row["labels"] if label != IGNORED]
    assert text(response[:-1]) == prompts.render_answer(answer) and response[-1] == Characters.eos_token_id
    prompt = text(row["input_ids"][: -len(response)])
    start, end = prompts.render(question, "|").split("|")
    assert prompt.startswith(start) and prompt.endswith(FIELDS + end)
    kept = prompt.removeprefix(start).removesuffix(FIELDS + end).removeprefix("Description: ").strip()
    assert " ".join(description.split()).startswith(" ".join(kept.split()))


def test_a_pair_whose_text_no_longer_says_the_answer_is_left_out() -> None:
    told, filler = "Ana finds a bus. Bo burns it. ", "They drive on. " * 4
    pairs = [
        pair("Who burns the bus?", "Bo.", told + filler),  # cut after what says it
        pair("Who burns the bus?", "Bo.", filler + told),  # cut before it
        pair("Who is Bo?", "The record does not say that.", filler + told),
        pair("When was X released?", "2019.", filler + told),  # the fields say it
        pair("Who burns the bus?", "Bo.", told),  # not cut
    ]
    room = max(shortest(p.question, p.answer) for p in pairs) + len(told) + 30
    rows, lost = encode_all(pairs, Characters(), room)
    assert lost == [pairs[1]]
    assert rows == [encode(p, Characters(), room) for p in (pairs[0], *pairs[2:])]


def test_padding_is_on_the_right_and_counts_for_nothing() -> None:
    rows: list[dict[str, Any]] = [
        {"input_ids": [5, 6, 7], "labels": [IGNORED, 6, 7]},
        {"input_ids": [8, 9], "labels": [IGNORED, 9]},
    ]
    batch = RightPadded(2)(rows)
    assert batch["input_ids"].tolist() == [[5, 6, 7], [8, 9, 2]]
    assert batch["attention_mask"].tolist() == [[1, 1, 1], [1, 1, 0]]
    assert batch["labels"].tolist() == [[IGNORED, 6, 7], [IGNORED, 9, IGNORED]]
