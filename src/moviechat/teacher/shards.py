"""Sharding: several processes fill the store of replies for their films, each within its share of the limits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from moviechat.errors import ParamsError
from moviechat.sections import Api

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Shard:
    """The `number`-th (from 1) of `of` shards."""

    number: int
    of: int

    @classmethod
    def parse(cls, text: str) -> Shard:
        """Parse "2/8"; raises ParamsError for anything else."""
        found = re.fullmatch(r"(\d+)/(\d+)", text)
        if found is None or not 1 <= int(found.group(1)) <= int(found.group(2)):
            raise ParamsError(f"--shard {text} is no part of a whole: write the second of eight as 2/8")
        return cls(int(found.group(1)), int(found.group(2)))

    def part(self, items: Sequence[_T]) -> list[_T]:
        """Every `of`-th item: shards are disjoint, and together they have all items."""
        return list(items[self.number - 1 :: self.of])

    def limited(self, p: Api) -> Api:
        """The section with this shard's share of the limits, so that all shards together respect them."""
        rates = {n: rate / self.of for n in ("requests_per_minute", "tokens_per_minute") if (rate := getattr(p, n))}
        in_flight = max(1, p.in_flight // self.of)
        return p.model_copy(update=rates | {"max_cost": p.max_cost / self.of, "in_flight": in_flight})
