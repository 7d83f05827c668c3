"""A rate limit: requests wait in a line for their turn."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

_BURST = 1.0  # seconds of allowance that may be used at once after a pause


class Pace:
    """Lets `per_minute` units through per minute, evenly; None is no limit. For one event loop only.

    The generic cell rate algorithm (ITU-T I.371): an arrival books its share of time after those before it.
    """

    def __init__(
        self,
        per_minute: float | None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._second = 60 / per_minute if per_minute else 0.0
        self._clock, self._sleep = clock, sleep
        self._free_at = clock()

    async def turn(self, units: float = 1.0) -> None:
        """Wait until `units` more may go."""
        now = self._clock()
        start = max(self._free_at, now - _BURST)
        self._free_at = start + units * self._second
        if start > now:
            await self._sleep(start - now)

    def back(self, units: float) -> None:
        """`units` of a booking were not needed (negative: more were)."""
        self._free_at -= units * self._second

    def hold(self, seconds: float) -> None:
        """Let nobody who comes from now on go before `seconds` have passed."""
        self._free_at = max(self._free_at, self._clock() + seconds)
