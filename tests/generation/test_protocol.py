from __future__ import annotations

from collections.abc import Iterator

from hypothesis import example, given
from hypothesis import strategies as st

from moviechat.generation.protocol import LanguageModel, complete, trimmed

PIECES = st.lists(st.text(alphabet=" #\n\tab", max_size=5))


class Parrot:
    """A language model that says what it was told to."""

    name = "parrot"

    def __init__(self, *pieces: str) -> None:
        self._pieces = pieces

    def stream(self, prompt: str, *, max_new_tokens: int) -> Iterator[str]:
        return trimmed(self._pieces[:max_new_tokens])


@given(PIECES)
@example([" The", " bus", ".", "\n", "##", "#", "Instruction"])
@example(["a #", "# b##"])
@example(["##", "", "#"])
def test_the_pieces_join_to_the_stripped_text_before_the_stop(pieces: list[str]) -> None:
    assert "".join(trimmed(pieces)) == "".join(pieces).partition("###")[0].strip()


@given(PIECES)
def test_no_piece_is_empty(pieces: list[str]) -> None:
    assert "" not in trimmed(pieces)


@given(PIECES)
def test_a_piece_does_not_wait_for_more_than_it_must(pieces: list[str]) -> None:
    for n in range(len(pieces)):
        so_far = "".join(pieces[: n + 1]).partition("###")
        sure = so_far[0].strip() if so_far[1] else so_far[0].strip().rstrip("#").rstrip()
        assert "".join(trimmed(pieces[: n + 1])).startswith(sure)


def test_nothing_is_read_after_the_stop() -> None:
    read = []

    def source() -> Iterator[str]:
        for piece in ("yes", " ###", "no", "never"):
            read.append(piece)
            yield piece

    assert list(trimmed(source())) == ["yes"]
    assert read == ["yes", " ###"]


def test_complete_joins_the_stream() -> None:
    model: LanguageModel = Parrot(" The", " old bus", ".\n")
    assert complete(model, "?", max_new_tokens=3) == "The old bus."
    assert complete(model, "?", max_new_tokens=1) == "The"
