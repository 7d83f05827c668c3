from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from moviechat.grounding.reading import Reader
from moviechat.serve.web.line import LISTENER, BusyError, GoneError, Line, Listener
from moviechat.serve.web.queued import QueuedModel, QueuedReader


class Letters:
    """Writes one letter a time, when it is let; keeps the order in which it was asked."""

    name = "letters"

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.let = threading.Semaphore(0)

    def stream(self, prompt: str, *, max_new_tokens: int) -> Iterator[str]:
        self.asked.append(prompt)
        for letter in "abc":
            self.let.acquire()
            yield letter


def _start(
    model: QueuedModel, prompt: str, said: dict[str, object], listener: Listener | None = None
) -> threading.Thread:
    def work() -> None:
        LISTENER.set(listener)
        try:
            said[prompt] = "".join(model.stream(prompt, max_new_tokens=3))
        except GoneError as error:
            said[prompt] = error

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    time.sleep(0.05)
    return thread


def test_first_come_first_served_and_each_is_told() -> None:
    model, said, told, line = Letters(), dict[str, object](), list[int](), Line(limit=3)
    queued = QueuedModel(model, line)
    threads = [_start(queued, p, said, Listener(told.append) if p == "3" else None) for p in "123"]
    assert line.waiting == 2
    model.let.release(3)
    while told != [2, 1]:
        time.sleep(0.01)
    model.let.release(6)
    for thread in threads:
        thread.join(5)
    assert (model.asked, told) == (["1", "2", "3"], [2, 1])
    assert said == {"1": "abc", "2": "abc", "3": "abc"}


def test_more_than_may_wait_are_turned_away_at_once() -> None:
    model, said = Letters(), dict[str, object]()
    queued = QueuedModel(model, Line(limit=1))
    threads = [_start(queued, p, said) for p in "12"]
    with pytest.raises(BusyError) as busy:
        next(queued.stream("3", max_new_tokens=3))
    assert busy.value.retry_after >= 1
    model.let.release(6)
    for thread in threads:
        thread.join(5)
    assert said == {"1": "abc", "2": "abc"}


def test_who_leaves_while_waiting_or_reading_makes_room() -> None:
    model, said, reading, waiting = Letters(), dict[str, object](), Listener(), Listener()
    line = Line(limit=2)
    queued = QueuedModel(model, line)
    threads = [_start(queued, "1", said, reading), _start(queued, "2", said, waiting), _start(queued, "3", said)]
    waiting.gone.set()
    line.wake()
    threads[1].join(5)
    assert isinstance(said["2"], GoneError) and line.waiting == 1
    reading.gone.set()
    model.let.release(4)
    threads[0].join(5)
    threads[2].join(5)
    assert isinstance(said["1"], GoneError) and said["3"] == "abc"


def test_several_at_once_where_the_model_can() -> None:
    model, said = Letters(), dict[str, object]()
    queued = QueuedModel(model, Line(limit=0, parallel=2))
    threads = [_start(queued, p, said) for p in "12"]
    assert model.asked == ["1", "2"]
    model.let.release(6)
    for thread in threads:
        thread.join(5)


def test_a_place_is_free_again_after_a_failure() -> None:
    class Broken(Letters):
        def stream(self, prompt: str, *, max_new_tokens: int) -> Iterator[str]:
            raise OSError("broken")
            yield ""

    queued = QueuedModel(Broken(), Line(limit=0))
    for _ in range(3):
        with pytest.raises(OSError, match="broken"):
            next(queued.stream("x", max_new_tokens=1))


def test_texts_are_read_in_turn(models_folder: Path) -> None:
    line = Line(limit=1)
    reader = QueuedReader(models_folder / "parser", models_folder / "encoder", line)
    alone = Reader(models_folder / "parser", models_folder / "encoder")
    said = "An old bus is their only refuge."
    assert reader.read(said).words == alone.read(said).words
    with line.turn():
        waiting, read = Listener(), list[object]()
        thread = threading.Thread(target=lambda: (LISTENER.set(waiting), read.append(reader.encode([said]))))
        thread.start()
        while line.waiting != 1:
            time.sleep(0.01)
        assert not read
        with pytest.raises(BusyError):
            reader.read(said)
    thread.join(5)
    assert len(read) == 1 and waiting.served
