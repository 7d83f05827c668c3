"""Cost: estimated before the first request, counted with every reply, never above the limit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from moviechat.sections import Api
from moviechat.teacher.reply import Reply
from moviechat.teacher.request import Request

_MILLION = 1_000_000
_BYTES_A_TOKEN = 4.0  # of English, with the usual vocabularies
_FEWEST_BYTES_A_TOKEN = 2.5  # with the least efficient one: used for money set aside
_OVERHEAD = 40  # tokens around a prompt: roles, and the schema if the server counts it
_ANSWER = 55  # tokens of a question and its answer with their keys
_REASONED = 30  # further tokens with reasoning
_ENOUGH = 20  # stored replies from which on they estimate better than these constants


@dataclass(frozen=True, slots=True)
class Estimate:
    """Remaining requests, tokens and money; `from_replies` is the number of earlier replies it is based on."""

    requests: int
    prompt_tokens: int
    completion_tokens: int
    cost: float
    from_replies: int


def prompt_tokens(request: Request, bytes_a_token: float = _BYTES_A_TOKEN) -> int:
    """Approximate tokens of the request's prompt."""
    return round(len(request.prompt.encode()) / bytes_a_token) + _OVERHEAD


def most_tokens(request: Request, p: Api) -> int:
    """An upper bound on the tokens of the request and its reply."""
    return prompt_tokens(request, _FEWEST_BYTES_A_TOKEN) + p.max_tokens


def price(prompt: float, completion: float, p: Api, *, batch: bool) -> float:
    """The price of so many tokens."""
    full = (prompt * (p.input_price or 0.0) + completion * (p.output_price or 0.0)) / _MILLION
    return full * (p.batch_discount if batch else 1.0)


def cost(request: Request, reply: Reply, p: Api) -> float:
    """The money for a reply, from the server's own count, or from an estimate where it does not count.

    A refusal is free; a reply that nobody could read is not.
    """
    prompt = prompt_tokens(request) if reply.prompt_tokens is None else reply.prompt_tokens
    said = len(reply.text.encode()) / _BYTES_A_TOKEN if reply.completion_tokens is None else reply.completion_tokens
    return 0.0 if reply.fault and reply.completion_tokens is None else price(prompt, said, p, batch=reply.batch)


def estimate(todo: Sequence[Request], known: Mapping[str, Reply], done: Mapping[str, Request], p: Api) -> Estimate:
    """The cost of `todo`; with enough `known` replies to `done`, their real lengths are used."""
    asked = [(done[key], reply) for key, reply in known.items() if key in done and reply.completion_tokens is not None]
    said = [reply.completion_tokens or 0 for _, reply in asked]
    bytes_a_token, overhead = _BYTES_A_TOKEN, 0
    a_pair = _ANSWER + (_REASONED if p.reasoning else 0)
    answers = [min(p.max_tokens, a_pair * len(r.slots)) for r in todo]
    if len(asked) >= _ENOUGH:
        text = sum(len(r.prompt.encode()) for r, _ in asked)
        bytes_a_token = text / max(1, sum(reply.prompt_tokens or 0 for _, reply in asked))
        overhead = -_OVERHEAD
        answers = [round(sum(said) / len(said))] * len(todo)
    prompt = sum(prompt_tokens(r, bytes_a_token) + overhead for r in todo)
    money = price(prompt, sum(answers), p, batch=p.batch)
    return Estimate(len(todo), prompt, sum(answers), money, len(asked) if len(asked) >= _ENOUGH else 0)


class Notes(Protocol):
    """Remembers the money set aside (store.Store), so that a killed run's money is counted."""

    def trying(self, key: str, money: float) -> None:
        """A request is about to be sent, and may cost so much."""

    def tried(self, key: str, money: float) -> None:
        """It came back, and cost so much."""


class Purse:
    """Money spent and money set aside for requests in flight, against `max_cost`.

    `notes` is None for batches: they are remembered whole and fetched even after a kill.
    """

    def __init__(self, p: Api, spent: float, notes: Notes | None = None) -> None:
        self._p, self.spent, self._aside, self._notes = p, spent, 0.0, notes
        self.waiting = 0  # requests with money set aside

    def most(self, request: Request) -> float:
        """The maximum cost of a request."""
        prompt = prompt_tokens(request, _FEWEST_BYTES_A_TOKEN)
        return price(prompt, self._p.max_tokens, self._p, batch=self._p.batch)

    def open(self, request: Request) -> bool:
        """Set aside the maximum cost of `request`; False if `max_cost` does not cover it."""
        most = self.most(request)
        if self.spent + self._aside + most > self._p.max_cost:
            return False
        self._aside += most
        self.waiting += 1
        if self._notes is not None and most:
            self._notes.trying(request.key, most)
        return True

    def settle(self, request: Request, paid: float) -> None:
        """The request came back, and cost `paid`."""
        most = self.most(request)
        self._aside -= most
        self.waiting -= 1
        self.spent += paid
        if self._notes is not None and most:
            self._notes.tried(request.key, paid)
