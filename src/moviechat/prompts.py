"""All prompts, and the one renderer that training, evaluation and chat share."""

from __future__ import annotations

import re
from collections.abc import Iterable

from moviechat.schema import Movie

VERSION = 1

# The published system's prompt, word for word: an adapter answers only the prompt it was trained on.
PREAMBLE = (
    "Below is a question regarding movies and shows paired with an input that provides further context. "
    "Write a response that appropriately completes the request."
)
_CONTROL = re.compile(r"<(?=\||/?s>|unk>)")  # as in <|im_end|>, </s>
TEMPLATE = "{preamble}\n\n###Instruction: {question}\n\n###Input: {input}\n###Response:"


def render_record(movie: Movie, passages: Iterable[str]) -> str:
    """The film's record as the prompt's input: its passages, then the five published fields."""
    text = " ".join(" ".join(p.split()) for p in passages)
    rows = [
        ("Description", text or None),
        ("Release Year", movie.year),
        ("Runtime(in minutes)", movie.runtime),
        ("Genre", ", ".join(movie.genres) or None),
        ("Rating", movie.rating),
        ("Votes", float(movie.votes)),
    ]
    return "\n".join(f"{name}: {value}" for name, value in rows if value is not None)


def render(question: str, record: str) -> str:
    """The whole prompt, including `###Response:`; the answer follows after one space."""
    return TEMPLATE.format(preamble=PREAMBLE, question=_one_line(question), input=_inert(record))


def render_answer(answer: str) -> str:
    """The completion that training appends to `render`'s prompt (before the end-of-text token)."""
    return " " + _one_line(answer)


def _one_line(text: str) -> str:
    return _inert(" ".join(text.split()))


def _inert(text: str) -> str:
    # Text from outside is data: it must not open a section of the prompt or be read as a control token.
    return _CONTROL.sub("< ", text.replace("###", "#"))
