"""A language model behind OpenAI's API as teacher: stored replies are read, missing ones are requested."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from tqdm import tqdm

from moviechat.errors import FetchError
from moviechat.sections import Api
from moviechat.teacher import Draft, Film, budget, providers
from moviechat.teacher.asking import Asking, Kept, causes
from moviechat.teacher.batch import Batches
from moviechat.teacher.client import Client
from moviechat.teacher.reply import Reply, drafts
from moviechat.teacher.request import Request, requests
from moviechat.teacher.store import Store

Fault = Callable[[Draft], str | None]


class ApiTeacher:
    """Asks the model of `p` for `per_film` pairs per film, and stores every reply in `folder`.

    `fault` says what is wrong with a draft; it is used to count rejected ones while replies arrive.
    Raises ParamsError at once for a model or a style that is not available.
    """

    name = "api"

    def __init__(self, p: Api, per_film: int, seed: int, folder: Path, fault: Fault) -> None:
        self._p, self._per_film, self._seed, self._fault = p, per_film, seed, fault
        self._folder = folder
        providers.endpoint(p)
        self.name = f"api:{p.model}"

    def write(self, films: Sequence[Film]) -> Iterator[Draft]:
        """The pairs of each film, those of a second attempt after those of the first.

        Raises FetchError if the run had to stop; stored replies remain, and the next run resumes from them.
        """
        store = Store(self._folder)
        try:
            found = self._replies(films, store)
        finally:
            store.close()
        for one, reply in found:
            yield from drafts(one, reply)

    def estimate(self, films: Sequence[Film]) -> budget.Estimate:
        """The cost of the first attempt at all missing replies; no request is sent."""
        asked = {r.key: r for r in self._requests(films, 1)}
        store = Store(self._folder)
        known = store.find(asked)
        store.close()
        todo = [r for key, r in asked.items() if key not in known]
        return budget.estimate(todo, known, asked, self._p)

    def _requests(self, films: Sequence[Film], attempt: int) -> list[Request]:
        return [r for film in films for r in requests(film, self._p, self._per_film, self._seed, attempt)]

    def _replies(self, films: Sequence[Film], store: Store) -> list[tuple[Request, Reply]]:
        found: list[tuple[Request, Reply]] = []
        unanswered: dict[str, str] = {}
        again: set[tuple[str, tuple[str, ...]]] | None = None
        for attempt in range(1, self._p.attempts + 1):
            asked = [r for r in self._requests(films, attempt) if again is None or (r.tconst, r.slots) in again]
            unanswered |= self._ask(asked, store, found)
            known = store.find(r.key for r in asked)
            found += [(r, known.get(r.key) or Reply("", fault=f"no reply: {unanswered[r.key]}")) for r in asked]
            again = {(r.tconst, r.slots) for r in asked if _unread(r, known.get(r.key))}
        return found

    def _ask(
        self, requests: Sequence[Request], store: Store, before: Sequence[tuple[Request, Reply]]
    ) -> dict[str, str]:
        """Fill the store with the replies to `requests`; returns the faults of those without one, if allowed."""
        known = store.find(r.key for r in requests)
        # Requests of one kind together: servers cache common beginnings of prompts.
        todo = sorted({r.key: r for r in requests if r.key not in known}.values(), key=lambda r: r.slots)
        if not todo:
            return {}
        where = providers.access(self._p)
        asked = {r.key: r for r in requests}
        kept = [*before, *((asked[key], reply) for key, reply in known.items())]
        spent = sum(budget.cost(r, reply, self._p) for r, reply in kept)
        spent += store.lost({*asked, *(one.key for one, _ in before)})
        purse = budget.Purse(self._p, spent, None if self._p.batch else store)
        with _Progress(len(asked), len(known), purse, self._fault) as progress:

            def keep(one: Request, reply: Reply) -> None:
                store.keep(one.key, reply)
                progress.add(one, reply)

            unanswered = asyncio.run(self._run(where, todo, purse, store, keep, trusted=bool(kept)))
        if unanswered and self._p.unanswered == "stop":
            raise FetchError(
                f"{len(unanswered):,} of {len(asked):,} requests got no reply in {self._p.tries} tries: the other "
                "replies are kept; run again to ask for these alone, or set generate_qa.api.unanswered to reject\n"
                + causes(unanswered.values())
            )
        return unanswered

    async def _run(
        self,
        where: providers.Access,
        todo: Sequence[Request],
        purse: budget.Purse,
        store: Store,
        keep: Kept,
        *,
        trusted: bool,
    ) -> dict[str, str]:
        client = Client(self._p, where)
        try:
            if self._p.batch:
                batches = Batches(client, self._p, purse, store, keep)
                await batches.all(todo)
                return batches.unanswered
            asking = Asking(client, self._p, purse, keep)
            await asking.all(todo, trusted=trusted)
            return asking.unanswered
        finally:
            await client.close()


def _unread(one: Request, reply: Reply | None) -> bool:
    """Whether a reply has no pair at all, so that another attempt may help."""
    return reply is not None and not reply.fault and all(not d.question for d in drafts(one, reply))


class _Progress:
    """Films done and the time left, rejected pairs, money spent; shown in the terminal while replies arrive."""

    def __init__(self, films: int, known: int, purse: budget.Purse, fault: Fault) -> None:
        self._purse, self._fault, self._rejected = purse, fault, 0
        self._bar = tqdm(total=films, initial=known, desc="asking", unit="film", mininterval=1)

    def __enter__(self) -> _Progress:
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.close()

    def add(self, one: Request, reply: Reply) -> None:
        """One more reply is stored."""
        self._rejected += sum(self._fault(draft) is not None for draft in drafts(one, reply))
        self._bar.set_postfix(rejected=self._rejected, cost=f"{self._purse.spent:.2f}", refresh=False)
        self._bar.update()
