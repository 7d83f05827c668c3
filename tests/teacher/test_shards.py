from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moviechat.errors import ParamsError
from moviechat.teacher.shards import Shard


@given(st.lists(st.integers(), unique=True), st.integers(1, 9))
def test_parts_are_all_and_share_nothing(items: list[int], of: int) -> None:
    parts = [Shard(number, of).part(items) for number in range(1, of + 1)]
    assert sorted(item for part in parts for item in part) == sorted(items)
    assert max(map(len, parts)) - min(map(len, parts)) <= 1


def test_limits_of_all_parts_are_the_limit(make_api: Any) -> None:
    p = make_api(requests_per_minute=500.0, tokens_per_minute=None, max_cost=60.0, in_flight=32)
    parts = [Shard(n, 8).limited(p) for n in range(1, 9)]
    assert sum(part.requests_per_minute or 0 for part in parts) == 500
    assert {part.tokens_per_minute for part in parts} == {None}
    assert sum(part.max_cost for part in parts) == 60
    assert sum(part.in_flight for part in parts) == 32


@pytest.mark.parametrize("text", ["", "2", "0/8", "9/8", "2/0", "-1/2", "a/b", "1/2/3"])
def test_what_is_no_part_is_said(text: str) -> None:
    with pytest.raises(ParamsError, match="write the second of eight as 2/8"):
        Shard.parse(text)


def test_a_part_is_read() -> None:
    assert Shard.parse("2/8") == Shard(2, 8)
