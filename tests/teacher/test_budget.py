from typing import Any

import pytest

from moviechat.teacher import budget
from moviechat.teacher import request as teacher
from moviechat.teacher.reply import Reply
from moviechat.teacher.request import Request


@pytest.fixture
def requests(make_films: Any, make_api: Any) -> list[Request]:
    return [r for film in make_films(30) for r in teacher.requests(film, make_api(), 2, 42)]


def test_money_is_tokens_at_their_price(requests: list[Request], make_api: Any) -> None:
    p = make_api(input_price=3.0, output_price=5.0, batch_discount=0.5)
    assert budget.cost(requests[0], Reply("", prompt_tokens=10**6, completion_tokens=10**6), p) == 8.0
    assert budget.cost(requests[0], Reply("", prompt_tokens=10**6, completion_tokens=0, batch=True), p) == 1.5
    assert budget.cost(requests[0], Reply("x" * 400), p) > 0
    assert budget.cost(requests[0], Reply("", fault="HTTP 400"), p) == 0


def test_without_replies_lengths_decide(requests: list[Request], make_api: Any) -> None:
    found = budget.estimate(requests, {}, {}, make_api())
    assert found.requests == 30
    assert found.prompt_tokens == sum(round(len(r.prompt.encode()) / 4) + 40 for r in requests)
    assert found.completion_tokens == 30 * 2 * 55
    assert found.cost == pytest.approx((found.prompt_tokens + 2 * found.completion_tokens) / 1e6)
    assert budget.estimate(requests, {}, {}, make_api(batch=True)).cost == pytest.approx(found.cost / 2)


def test_replies_say_better(requests: list[Request], make_api: Any) -> None:
    done, todo = requests[:20], requests[20:]
    known = {r.key: Reply("", prompt_tokens=700, completion_tokens=90) for r in done}
    found = budget.estimate(todo, known, {r.key: r for r in done}, make_api())
    assert (found.completion_tokens, found.from_replies) == (900, 20)
    assert found.prompt_tokens == pytest.approx(7000, rel=0.02)


def test_a_purse_never_promises_more_than_there_is(requests: list[Request], make_api: Any) -> None:
    one = budget.Purse(make_api(), 0).most(requests[0])
    purse = budget.Purse(make_api(max_cost=2.5 * one), 0)
    assert [purse.open(requests[0]) for _ in range(3)] == [True, True, False]
    purse.settle(requests[0], one / 2)
    assert purse.open(requests[0])
    assert purse.spent == one / 2


def test_what_costs_nothing_is_always_affordable(requests: list[Request], make_api: Any) -> None:
    purse = budget.Purse(make_api(input_price=0, output_price=0, max_cost=0), 0)
    assert all(purse.open(r) for r in requests)
