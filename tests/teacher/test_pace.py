import asyncio

import pytest

from moviechat.teacher.pace import Pace


class Clock:
    """Time that passes only when somebody sleeps."""

    now = 100.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


def _pace(per_minute: float | None) -> tuple[Pace, Clock]:
    clock = Clock()
    return Pace(per_minute, clock=clock, sleep=clock.sleep), clock


async def _turns(pace: Pace, number: int, units: float = 1.0) -> None:
    for _ in range(number):
        await pace.turn(units)


def test_so_many_a_minute_go_through_and_no_more() -> None:
    pace, clock = _pace(120)
    asyncio.run(_turns(pace, 241))
    assert clock.now - 100 == pytest.approx(120)


def test_a_pause_earns_one_seconds_worth() -> None:
    pace, clock = _pace(120)
    clock.now += 3600
    asyncio.run(_turns(pace, 3))
    assert clock.now == 3700
    asyncio.run(_turns(pace, 1))
    assert clock.now == pytest.approx(3700.5)


def test_no_limit_is_no_wait() -> None:
    pace, clock = _pace(None)
    asyncio.run(_turns(pace, 1000, 1e6))
    assert clock.now == 100


def test_what_was_not_needed_is_given_back() -> None:
    pace, clock = _pace(60)
    asyncio.run(_turns(pace, 1, 10))
    pace.back(8)
    asyncio.run(_turns(pace, 1))
    assert clock.now == pytest.approx(102)


def test_hold_holds_all_who_come() -> None:
    pace, clock = _pace(None)
    pace.hold(5)
    asyncio.run(_turns(pace, 2))
    assert clock.now == 105
