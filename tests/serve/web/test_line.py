from __future__ import annotations

import threading
import time

import pytest

from moviechat.serve.web.line import LISTENER, BusyError, GoneError, Line, Listener


def _wait_in(line: Line, listener: Listener, order: list[int], turns: int = 1) -> threading.Thread:
    """A thread that stands in the line until it had `turns` turns, each put down in `order`; it is in line already."""

    def work() -> None:
        LISTENER.set(listener)
        for _ in range(turns):
            try:
                with line.turn():
                    order.append(listener.place)
            except GoneError:
                return

    before = line.waiting
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    while line.waiting == before:
        time.sleep(0.001)
    return thread


def test_who_came_first_is_served_first_also_when_it_comes_again() -> None:
    line, order, told = Line(limit=3), list[int](), list[int]()
    early, late = Listener(), Listener(tell=told.append)
    with line.turn():
        threads = [_wait_in(line, late, order), _wait_in(line, early, order, turns=3)]
        assert told == [1, 2]
    for thread in threads:
        thread.join(5)
    assert order.index(late.place) > 0 and order.count(early.place) == 3
    assert told[-1] == 1 and line.waiting == 0


def test_a_full_line_turns_new_ones_away_and_those_it_served_not() -> None:
    line, order = Line(limit=1), list[int]()
    served = Listener(served=True)
    with line.turn():
        threads = [_wait_in(line, Listener(), order)]
        with pytest.raises(BusyError) as busy, line.turn():
            pass
        assert busy.value.retry_after >= 1
        threads.append(_wait_in(line, served, order))
    for thread in threads:
        thread.join(5)
    assert len(order) == 2


def test_who_has_left_before_or_while_waiting_gets_no_turn() -> None:
    line, order, leaving = Line(limit=3), list[int](), Listener()
    gone = Listener()
    gone.gone.set()
    with line.turn():
        thread = _wait_in(line, leaving, order)
        token = LISTENER.set(gone)
        with pytest.raises(GoneError), line.turn():
            pass
        LISTENER.reset(token)
        leaving.gone.set()
        line.wake()
        thread.join(5)
        assert line.waiting == 0
    assert order == []
    with line.turn():  # the line is whole
        pass
