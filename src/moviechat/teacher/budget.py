"""What the work costs: estimated before the first call, counted with every reply, never above the limit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from moviechat.sections import Api
from moviechat.teacher.reply import Reply
from moviechat.teacher.request import Request

_MILLION = 1_000_000
_BYTES_A_TOKEN = 4.0  # of English, by the usual vocabularies
_FEWEST_BYTES_A_TOKEN = 2.5  # by the most wasteful of them: what is set aside while a request is out
_OVERHEAD = 40  # tokens around a prompt: roles, and the schema where the server counts it
_ANSWER = 55  # tokens of a question and its answer with their keys
_REASONED = 30  # tokens more with the reasoning
_ENOUGH = 20  # kept replies that say more of a model than these constants do


@dataclass(frozen=True, slots=True)
class Estimate:
    """Requests, tokens and money that are left to ask for; `from_replies` is how many earlier replies it rests on."""

    requests: int
    prompt_tokens: int
    completion_tokens: int
    cost: float
    from_replies: int


def prompt_tokens(request: Request, bytes_a_token: float = _BYTES_A_TOKEN) -> int:
    """About how many tokens the request's prompt is."""
    return round(len(request.prompt.encode()) / bytes_a_token) + _OVERHEAD


def most_tokens(request: Request, p: Api) -> int:
    """More tokens than the request and its reply together take."""
    return prompt_tokens(request, _FEWEST_BYTES_A_TOKEN) + p.max_tokens


def price(prompt: float, completion: float, p: Api, *, batch: bool) -> float:
    """The money for so many tokens."""
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
    """What asking `todo` comes to; enough `known` replies to `done` say how long prompts and replies really are."""
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
    """Remembers what is set aside (store.Store), so that a killed run's money is not forgotten."""

    def trying(self, key: str, money: float) -> None:
        """A request is about to be sent, and may cost so much."""

    def tried(self, key: str, money: float) -> None:
        """It is back, and cost so much."""


class Purse:
    """What was spent and what is set aside for requests that are out, against `max_cost`.

    `notes` is None for batches: those are remembered whole, and fetched whoever was killed meanwhile.
    """

    def __init__(self, p: Api, spent: float, notes: Notes | None = None) -> None:
        self._p, self.spent, self._aside, self._notes = p, spent, 0.0, notes
        self.waiting = 0  # requests that money is set aside for

    def most(self, request: Request) -> float:
        """The most that a request can cost."""
        prompt = prompt_tokens(request, _FEWEST_BYTES_A_TOKEN)
        return price(prompt, self._p.max_tokens, self._p, batch=self._p.batch)

    def open(self, request: Request) -> bool:
        """Set aside the most that `request` can cost; False if that is beyond `max_cost`."""
        most = self.most(request)
        if self.spent + self._aside + most > self._p.max_cost:
            return False
        self._aside += most
        self.waiting += 1
        if self._notes is not None and most:
            self._notes.trying(request.key, most)
        return True

    def settle(self, request: Request, paid: float) -> None:
        """The request is back, and cost `paid`."""
        most = self.most(request)
        self._aside -= most
        self.waiting -= 1
        self.spent += paid
        if self._notes is not None and most:
            self._notes.tried(request.key, paid)
