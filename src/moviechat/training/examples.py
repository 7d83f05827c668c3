"""Question-answer pairs as token ids: no loss on the published prompt, loss on the response."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from moviechat import prompts
from moviechat.errors import DataError
from moviechat.schema import QAPair
from moviechat.words import STOP, fold, sentences, stem, tokens

IGNORED = -100  # label that torch's cross entropy ignores
_DESCRIPTION = "Description: "


class Tokenizer(Protocol):
    """The part of a tokenizer that examples need."""

    eos_token_id: int

    def encode(self, text: str, *, add_special_tokens: bool) -> list[int]:
        """Token ids of `text`."""


def encode(pair: QAPair, tokenizer: Tokenizer, max_length: int) -> dict[str, list[int]]:
    """`input_ids` and `labels` of one pair, at most `max_length` long; the response and its end token are never cut.

    Prompt and response are tokenised separately, as when the model answers. A pair that is too long loses the last
    sentences of its description, the first one word by word; raises DataError if it is still too long.
    """
    return _fitted(pair, tokenizer, max_length)[0]


def encode_all(
    pairs: Iterable[QAPair], tokenizer: Tokenizer, max_length: int
) -> tuple[list[dict[str, list[int]]], list[QAPair]]:
    """The encoded pairs, and the pairs left out because their shortened description no longer holds the answer."""
    rows, lost = list[dict[str, list[int]]](), list[QAPair]()
    for pair in pairs:
        row, record = _fitted(pair, tokenizer, max_length)
        if _says(pair.answer, record, pair.input):
            rows.append(row)
        else:
            lost.append(pair)
    return rows, lost


def _says(answer: str, record: str, whole: str) -> bool:
    """Whether a shortened record still has all words of the answer that the whole record has."""
    if len(record) == len(whole):
        return True
    said = _telling(answer) & _telling(whole)
    return said <= _telling(record)


def _telling(text: str) -> set[str]:
    return {stem(word) for word in tokens(text) if fold(word) not in STOP}


def _fitted(pair: QAPair, tokenizer: Tokenizer, max_length: int) -> tuple[dict[str, list[int]], str]:
    """The encoded pair, and as much of its record as fits."""
    response = [*tokenizer.encode(prompts.render_answer(pair.answer), add_special_tokens=False), tokenizer.eos_token_id]
    for record in _shorter(pair.input):
        prompt = tokenizer.encode(prompts.render(pair.question, record), add_special_tokens=True)
        if len(prompt) + len(response) <= max_length:
            return {"input_ids": prompt + response, "labels": [IGNORED] * len(prompt) + response}, record
    raise DataError(
        f"the pair {pair.question!r} of {pair.tconst} has more than train.max_length = {max_length} tokens without its "
        "description: raise train.max_length"
    )


def _shorter(record: str) -> Iterable[str]:
    """The record, then with fewer and fewer sentences of its description, then words of the first, then none."""
    yield record
    first, _, rest = record.partition("\n")
    if not first.startswith(_DESCRIPTION):
        return
    parts = sentences(first.removeprefix(_DESCRIPTION))
    for n in range(len(parts) - 1, 0, -1):
        yield f"{_DESCRIPTION}{' '.join(parts[:n])}\n{rest}"
    words = parts[0].split() if parts else []
    for n in range(len(words) - 1, 0, -1):
        yield f"{_DESCRIPTION}{' '.join(words[:n])}\n{rest}"
    yield rest


def asked(ids: list[int], tokenizer: Any) -> str:
    """The question of an encoded pair."""
    return " ".join(str(tokenizer.decode(ids)).partition("###Instruction:")[2].partition("###Input")[0].split())


class RightPadded:
    """A collator that pads on the right, where causal attention needs no mask for the padding."""

    def __init__(self, pad: int) -> None:
        self.pad = pad

    def __call__(self, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """`input_ids`, `attention_mask` and `labels` [batch, length] of rows from `encode`.

        `tokens` is the number of tokens of all rows and `first` that of the first row, so that a GPU need not be asked.
        """
        import torch

        length = max(len(r["input_ids"]) for r in rows)

        def padded(of: str, value: int) -> Any:
            return torch.tensor([list(r[of]) + [value] * (length - len(r[of])) for r in rows])

        mask = [[1] * len(r["input_ids"]) + [0] * (length - len(r["input_ids"])) for r in rows]
        return {
            "input_ids": padded("input_ids", self.pad),
            "attention_mask": torch.tensor(mask),
            "labels": padded("labels", IGNORED),
            "tokens": sum(len(r["input_ids"]) for r in rows),
            "first": len(rows[0]["input_ids"]),
        }
