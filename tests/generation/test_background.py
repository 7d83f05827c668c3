from __future__ import annotations

import threading

import pytest

from moviechat.generation.background import Emit, pieces


def test_pieces_come_in_order_and_end() -> None:
    def work(emit: Emit) -> None:
        for piece in "abc":
            emit(piece)

    assert list(pieces(work)) == ["a", "b", "c"]


def test_an_error_comes_after_what_was_emitted() -> None:
    def work(emit: Emit) -> None:
        emit("a")
        raise ValueError("broken")

    source = pieces(work)
    assert next(source) == "a"
    with pytest.raises(ValueError, match="broken"):
        next(source)


def test_closing_ends_the_work() -> None:
    ended = threading.Event()

    def work(emit: Emit) -> None:
        while not emit("a"):
            pass
        ended.set()

    source = pieces(work)
    assert next(source) == "a"
    source.close()
    assert ended.is_set()


def test_work_does_not_begin_before_the_first_piece_is_asked_for() -> None:
    begun = []
    source = pieces(lambda emit: begun.append(1))
    assert begun == []
    assert list(source) == []
    assert begun == [1]
