"""What the chat needs of a language model: the pieces of an answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol, runtime_checkable

from moviechat.errors import ModelError

STOP = "###"  # starts a section of the prompt: a model that writes it has begun to ask itself questions
UNFINISHED = "\ufffd"  # shown for a character of several tokens until its last token


class LanguageModel(Protocol):
    """A model that continues a prompt greedily; thread-safe."""

    @property
    def name(self) -> str:
        """The model's name in replies and reports."""

    def stream(self, prompt: str, *, max_new_tokens: int) -> Iterator[str]:
        """The continuation in pieces, up to the end-of-text token or `###`; joined they need no stripping.

        Closing the iterator stops the generation. Raises ModelError.
        """


@runtime_checkable
class Together(Protocol):
    """A model that continues several prompts faster together than one by one."""

    def complete_all(self, prompts: Sequence[str], *, max_new_tokens: int) -> list[str]:
        """The result of `complete` for each prompt, in order. Raises ModelError."""


def complete_all(model: LanguageModel, prompts: Sequence[str], *, max_new_tokens: int) -> list[str]:
    """The whole continuation of each prompt, batched if the model supports it; raises ModelError."""
    if isinstance(model, Together):
        return model.complete_all(prompts, max_new_tokens=max_new_tokens)
    return [complete(model, prompt, max_new_tokens=max_new_tokens) for prompt in prompts]


def complete(model: LanguageModel, prompt: str, *, max_new_tokens: int) -> str:
    """The whole continuation of `prompt`; raises ModelError."""
    return "".join(model.stream(prompt, max_new_tokens=max_new_tokens))


def ended(text: str) -> str:
    """A whole continuation as `complete` returns it."""
    return "".join(trimmed([text.rstrip(UNFINISHED)]))


def refuse_longer(prompt: int, most: int, name: str, context: int) -> None:
    """Raise ModelError if a prompt has more than `most` tokens, all that fit into the context."""
    if prompt > most:
        raise ModelError(
            f"{name} could not answer (the prompt has {prompt} tokens, the context {context}): "
            "shorten the prompt, or raise bundle.context"
        )


def trimmed(pieces: Iterable[str]) -> Iterator[str]:
    """`pieces` up to `###`, without white space at either end; what may turn out to be either is held back."""
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
    """Length of `text` without trailing white space and without a possible beginning of a stop."""
    hashes = len(text) - len(text.rstrip(STOP[0]))
    return len(text[: len(text) - hashes].rstrip())
