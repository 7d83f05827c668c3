"""One work for many processes: each fills the store of replies for its films, within its part of every limit."""

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
    """The `number`-th (from 1) of `of` parts."""

    number: int
    of: int

    @classmethod
    def parse(cls, text: str) -> Shard:
        """Read "2/8"; raises ParamsError for what is no part of a whole."""
        found = re.fullmatch(r"(\d+)/(\d+)", text)
        if found is None or not 1 <= int(found.group(1)) <= int(found.group(2)):
            raise ParamsError(f"--shard {text} is no part of a whole: write the second of eight as 2/8")
        return cls(int(found.group(1)), int(found.group(2)))

    def part(self, items: Sequence[_T]) -> list[_T]:
        """Every `of`-th of the items: the parts have no item in common, and all of them together."""
        return list(items[self.number - 1 :: self.of])

    def limited(self, p: Api) -> Api:
        """The section with this part of its limits, so that all parts together keep within the whole."""
        rates = {n: rate / self.of for n in ("requests_per_minute", "tokens_per_minute") if (rate := getattr(p, n))}
        in_flight = max(1, p.in_flight // self.of)
        return p.model_copy(update=rates | {"max_cost": p.max_cost / self.of, "in_flight": in_flight})
