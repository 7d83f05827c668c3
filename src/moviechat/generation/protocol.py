"""What the chat asks of a language model: pieces of an answer, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol, runtime_checkable

STOP = "###"  # opens the prompt's sections: a model that writes it has gone on to ask itself


class LanguageModel(Protocol):
    """A model that continues a prompt greedily; safe to share between threads."""

    @property
    def name(self) -> str:
        """How replies and reports call the model."""

    def stream(self, prompt: str, *, max_new_tokens: int) -> Iterator[str]:
        """The continuation in pieces, ended by the end-of-text token or `###`, joined already stripped.

        Closing the iterator stops the generation. Raises ModelError.
        """


@runtime_checkable
class Together(Protocol):
    """What a model has besides that continues several prompts in less time than one after the other."""

    def complete_all(self, prompts: Sequence[str], *, max_new_tokens: int) -> list[str]:
        """What `complete` says to each prompt, in order. Raises ModelError."""


def complete_all(model: LanguageModel, prompts: Sequence[str], *, max_new_tokens: int) -> list[str]:
    """The whole continuation of each prompt, together where the model can; raises ModelError."""
    if isinstance(model, Together):
        return model.complete_all(prompts, max_new_tokens=max_new_tokens)
    return [complete(model, prompt, max_new_tokens=max_new_tokens) for prompt in prompts]


def complete(model: LanguageModel, prompt: str, *, max_new_tokens: int) -> str:
    """The whole continuation of `prompt`; raises ModelError."""
    return "".join(model.stream(prompt, max_new_tokens=max_new_tokens))


def trimmed(pieces: Iterable[str]) -> Iterator[str]:
    """`pieces` up to `###`, without white space at either end; what may yet prove to be either is held back."""
    started, held = False, ""
    for piece in pieces:
        held += piece
        before, stop, _ = held.partition(STOP)
        if not started:
            before = before.lstrip()
        sure = len(before) if stop else _certain(before)
        text, held = before[:sure], before[sure:]
        if stop:
            text = text.rstrip()
        if text:
            started = True
            yield text
        if stop:
            return
    if held.strip():
        yield held.rstrip()


def _certain(text: str) -> int:
    """How much of `text` is neither trailing white space nor the beginning of a stop."""
    hashes = len(text) - len(text.rstrip(STOP[0]))
    return len(text[: len(text) - hashes].rstrip())
