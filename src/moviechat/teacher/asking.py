"""Concurrent requests: within the limits, retried while the server is unavailable, stopped when the money runs out."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from moviechat.errors import FetchError, MoviechatError
from moviechat.sections import Api
from moviechat.teacher import budget
from moviechat.teacher.client import PassingError
from moviechat.teacher.pace import Pace
from moviechat.teacher.reply import Reply
from moviechat.teacher.request import Request

LONGEST_WAIT = 600.0  # seconds; a server that asks for a longer wait is not retried
_FIRST_WAIT, _LAST_WAIT = 0.5, 60.0  # seconds between tries if the server does not say
_WINDOW = 8  # requests started per one in flight: those waiting for a retry must not block others
_STORM = 3  # "too many requests" in a row: not by chance, so all requests wait
_GLANCE = 0.02  # seconds between checks of the budget
_KNOCKS = 3  # tries at a server that was never reached
_CAUSES = 10  # maximum causes in an error message
_SCOUTS = 3  # requests sent one by one at first: the key, the model or an option may be wrong

Kept = Callable[[Request, Reply], None]


class Asks(Protocol):
    """One try at a request (client.Client)."""

    async def ask(self, request: Request) -> Reply:
        """The reply; raises PassingError or FetchError."""


class Asking:
    """Sends the requests that have no reply yet; `kept` is called with each reply as it arrives.

    `unanswered` has the last fault of each request without a reply.
    """

    def __init__(self, client: Asks, p: Api, purse: budget.Purse, kept: Kept) -> None:
        self._client, self._p, self._purse, self._kept = client, p, purse, kept
        self._slots = asyncio.Semaphore(p.in_flight)
        self._requests, self._tokens = Pace(p.requests_per_minute), Pace(p.tokens_per_minute)
        self._stop: MoviechatError | None = None
        self._limited, self._met = 0, False
        self.unanswered: dict[str, str] = {}

    async def all(self, requests: Sequence[Request], *, trusted: bool) -> None:
        """Send all; raises the error that stopped the run, after what was in flight is stored.

        `trusted`: this server has answered such requests before.
        """
        rest = requests if trusted else await self._scout(requests)
        window = asyncio.Semaphore(self._p.in_flight * _WINDOW)
        async with asyncio.TaskGroup() as group:
            for request in rest:
                await window.acquire()
                await self._slots.acquire()  # in this loop, so that a retry waits behind one request, not behind all
                if self._stop:
                    break
                group.create_task(self._one(request)).add_done_callback(lambda _: window.release())
        if self._stop:
            raise self._stop

    async def _scout(self, requests: Sequence[Request]) -> Sequence[Request]:
        """Send one by one until one is answered, and return the rest; a server that answers none is not asked again."""
        refused: list[tuple[Request, Reply]] = []
        for n, request in enumerate(requests[:_SCOUTS]):
            await self._slots.acquire()
            reply = await self._tried(request)
            if self._stop:
                raise self._stop
            if reply and reply.fault is None:
                for pair in [*refused, (request, reply)]:
                    self._kept(*pair)
                return requests[n + 1 :]
            if reply:
                refused.append((request, reply))
        faults = [reply.fault or "" for _, reply in refused] + list(self.unanswered.values())
        raise FetchError(
            f"the server answered none of the first {len(faults)} requests: mend generate_qa.api (structured, options, "
            f"temperature, max_tokens), or wait until it is well again\n{causes(faults)}"
        )

    async def _one(self, request: Request) -> None:
        reply = await self._tried(request)
        try:
            if reply is not None:
                self._kept(request, reply)
        except MoviechatError as error:  # the disk is full
            self._stop = self._stop or error

    async def _tried(self, request: Request) -> Reply | None:
        """The reply; None if the run was stopped or all tries failed. The caller has taken a slot for the first try."""
        for attempt in range(self._p.tries):
            if attempt:
                await self._slots.acquire()
            try:
                if not await self._afford(request):
                    return None
                await self._pace(request)
                return await self._asked(request)
            except PassingError as error:
                passing = error
            except MoviechatError as error:
                self._stop = self._stop or error
                return None
            finally:
                self._slots.release()
            self.unanswered[request.key] = passing.fault
            if not passing.reached and not self._met and attempt + 1 >= _KNOCKS:
                break
            if attempt + 1 < self._p.tries:
                await asyncio.sleep(self._back_off(passing, attempt))
        if not passing.reached:
            self._stop = self._stop or FetchError(
                f"the server is not there ({passing.fault}): start it or mend its address, then run again"
            )
        if (
            passing.reply
        ):  # what came at each try and cannot be read is kept as such: another run would pay for it again
            self.unanswered.pop(request.key)
        return passing.reply

    async def _pace(self, request: Request) -> None:
        await self._requests.turn()
        await self._tokens.turn(budget.most_tokens(request, self._p))

    async def _asked(self, request: Request) -> Reply:
        paid, used = 0.0, 0
        try:
            reply = await self._client.ask(request)
            paid = budget.cost(request, reply, self._p)
            used = (reply.prompt_tokens or budget.prompt_tokens(request)) + (reply.completion_tokens or 0)
            self.unanswered.pop(request.key, None)
            self._limited, self._met = 0, True
            return reply
        except PassingError as error:
            counted = error.reply is not None and error.reply.completion_tokens is not None
            paid = self._purse.most(request) if error.taken else 0.0
            paid = budget.cost(request, error.reply, self._p) if error.reply and counted else paid
            raise
        finally:
            self._purse.settle(request, paid)
            self._tokens.back(budget.most_tokens(request, self._p) - used)

    async def _afford(self, request: Request) -> bool:
        while not self._stop:
            if self._purse.open(request):
                return True
            if not self._purse.waiting:
                self._stop = FetchError(beyond(self._p, self._purse))
            # The money set aside for requests in flight is more than they will cost.
            await asyncio.sleep(_GLANCE)
        return False

    def _back_off(self, passing: PassingError, attempt: int) -> float:
        """Seconds to the next try; chance spreads them, and changes nothing else."""
        self._limited = self._limited + 1 if passing.limited else 0
        asked = passing.after
        if asked is not None and asked > LONGEST_WAIT:
            self._stop = self._stop or FetchError(
                f"the server asks for quiet for {asked:.0f} s ({passing.fault}): what came is kept, run again then"
            )
            return 0.0
        wait = back_off(attempt) if asked is None else asked
        if self._limited >= _STORM:
            self._requests.hold(wait)
        return wait * random.uniform(1.0, 1.25) if asked is not None else wait * random.uniform(0.5, 1.5)


def causes(faults: Iterable[str]) -> str:
    """A line for each cause with its number, the commonest first."""
    counted = Counter(faults).most_common()
    lines = [f"  {number:,} x {fault}" for fault, number in counted[:_CAUSES]]
    return "\n".join([*lines, f"  and {len(counted) - _CAUSES:,} more causes"] if counted[_CAUSES:] else lines)


def back_off(attempt: int) -> float:
    """Seconds to wait after the `attempt`-th try (from 0) at a server that does not say how long."""
    return min(_LAST_WAIT, _FIRST_WAIT * 2.0**attempt)


def beyond(p: Api, purse: budget.Purse) -> str:
    """The message for a request that `max_cost` does not cover."""
    return (
        f"generate_qa.api.max_cost {p.max_cost:g} would be passed ({purse.spent:.4f} are spent): what came is kept; "
        "raise it to continue"
    )
