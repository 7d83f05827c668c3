"""No film meets all limits: which to drop, and what that would bring, found by counting."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from moviechat.chat.films import Films
from moviechat.chat.scoring import highest, standing
from moviechat.chat.taste import Taste
from moviechat.limits import NUMBERS, Limits
from moviechat.schema import Movie

if TYPE_CHECKING:
    from moviechat.chat.films import Array

_TOLD = 3  # maximum alternatives, and films of each
_ONE_BY_ONE = frozenset(("genres_all", "genres_not", "people", "people_not", "countries_not", "languages_not"))


@dataclass(frozen=True, slots=True)
class Relaxation:
    """`given_up` are the limits to drop, `left` those that remain; `count` films meet them.

    `best` are the best of these, at most three, by rating and votes.
    """

    given_up: Limits
    left: Limits
    count: int
    best: tuple[Movie, ...]


def relaxations(limits: Limits, films: Films, taste: Taste, free: Array) -> tuple[Relaxation, ...]:
    """The smallest sets of limits to drop, most films of `free` [films] first; empty if there is no film."""
    import numpy as np

    parts = list(_parts(limits))
    broken = np.stack([~films.keeps(part) for part in parts], axis=1) if parts else np.zeros((len(free), 0), bool)
    counts = np.where(free, broken.sum(axis=1), len(parts) + 1)
    rows = np.flatnonzero(counts == counts.min(initial=len(parts) + 1))
    rows = rows[free[rows]]
    ways = Counter(tuple(np.flatnonzero(row).tolist()) for row in broken[rows])
    return tuple(
        _relaxation([parts[i] for i in way], [p for i, p in enumerate(parts) if i not in way], films, taste, free)
        for way, _ in sorted(ways.items(), key=lambda found: (-found[1], found[0]))[:_TOLD]
        if way
    )


def _relaxation(given_up: list[Limits], left: list[Limits], films: Films, taste: Taste, free: Array) -> Relaxation:
    import numpy as np

    rest = _whole(left)
    rows = np.flatnonzero(films.keeps(rest) & free)
    best = rows[highest(standing(films, taste)[rows], _TOLD)]
    return Relaxation(_whole(given_up), rest, len(rows), tuple(films.movies[row] for row in best.tolist()))


def _parts(limits: Limits) -> Iterator[Limits]:
    """The limits one by one; both ends of a range are one, and so are names of which one is enough."""
    said = limits.said()
    for number in NUMBERS:
        ends = {name: getattr(limits, name) for name in (f"{number}_min", f"{number}_max") if name in said}
        if ends:
            yield Limits(**ends)
    for name in said:
        if name in _ONE_BY_ONE:
            yield from (_part(name, (value,)) for value in getattr(limits, name))
        elif name.rpartition("_")[0] not in NUMBERS:
            yield _part(name, getattr(limits, name))


def _part(name: str, value: Any) -> Limits:
    return Limits(**{name: value})


def _whole(parts: list[Limits]) -> Limits:
    """The limits of all parts together."""
    found: dict[str, Any] = {}
    for part in parts:
        for name in part.said():
            value = getattr(part, name)
            found[name] = found.get(name, ()) + value if isinstance(value, tuple) else value
    return Limits(**found)
