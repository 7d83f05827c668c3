"""What an answer may wait for: the language model, and the reader of texts. Facts need neither."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from moviechat.grounding.reading import Reader
from moviechat.serve.web.line import GoneError, Line

if TYPE_CHECKING:
    from moviechat.arrays import Array
    from moviechat.generation.protocol import LanguageModel
    from moviechat.grounding.reading import Reading


class QueuedModel:
    """`model` with a queue before it."""

    def __init__(self, model: LanguageModel, line: Line) -> None:
        self._model, self._line = model, line

    @property
    def name(self) -> str:
        """The model's name."""
        return self._model.name

    def stream(self, prompt: str, *, max_new_tokens: int) -> Iterator[str]:
        """The model's continuation, when its turn comes; raises BusyError, GoneError, and what the model raises."""
        with self._line.turn() as listener:
            for piece in self._model.stream(prompt, max_new_tokens=max_new_tokens):
                if listener.gone.is_set():
                    raise GoneError
                yield piece


class QueuedReader(Reader):
    """A reader with a queue before it: many that read at once would take Python's lock from those who ask for facts.

    An answer reads text by text; each is a turn, and the answer that was asked first has the next.
    """

    def __init__(self, parser: Path, encoder: Path, line: Line) -> None:
        super().__init__(parser, encoder)
        self._line = line

    def read_all(self, texts: Sequence[str], contexts: Sequence[str]) -> list[Reading]:
        """Several texts at once, when their turn comes; raises BusyError and GoneError."""
        with self._line.turn():
            return super().read_all(texts, contexts)

    def encode(self, texts: Sequence[str]) -> Array:
        """One vector a text, when their turn comes; raises BusyError and GoneError."""
        with self._line.turn():
            return super().encode(texts)
