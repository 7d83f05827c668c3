"""`moviechat search` on the command line: limits read, hits told with what each part of the search added."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from moviechat.errors import DataError
from moviechat.retrieval.filters import EVERYTHING, Filters, Range
from moviechat.serve.terminal import visible

if TYPE_CHECKING:
    from moviechat.retrieval.search import Explained

_NUMBER = r"\d{1,12}(?:\.\d{1,6})?"
_RANGE = re.compile(rf"(?P<least>{_NUMBER})?(?P<to>\.\.)?(?P<most>{_NUMBER})?")
_PLACE, _TITLE, _PART = 3, 44, 9  # columns of the table


def limits(flag: str, said: str | None) -> Range:
    """What `said` allows: "2020" alone, "2019..2021", "2019.." or "..2021"; raises DataError that names `flag`."""
    if said is None:
        return EVERYTHING
    found = _RANGE.fullmatch(said)
    least, most = (float(n) if n else None for n in found.group("least", "most")) if found else EVERYTHING
    if found and not found["to"]:
        most = least
    if least is most is None or (least is not None and most is not None and least > most):
        raise DataError(f"{flag} {visible(said)} is no range: give one like 2020, 2019..2021, 2019.. or ..2021")
    return least, most


def filters(ranges: dict[str, str | None], **names: Sequence[str] | None) -> Filters | None:
    """The limits that are given, `ranges` by field ("runtime": "..100"); None if none is. Raises DataError."""
    found = Filters(
        years=limits("--year", ranges["year"]),
        runtime=limits("--runtime", ranges["runtime"]),
        rating=limits("--rating", ranges["rating"]),
        votes=limits("--votes", ranges["votes"]),
        **{name: tuple(given or ()) for name, given in names.items()},
    )
    return None if found == Filters() else found


def rows(found: Sequence[Explained], explain: bool) -> list[dict[str, Any]]:
    """The hits for JSON, with `explain` also what each part added."""
    return [f.hit.to_row() | ({"parts": f.parts} if explain else {}) for f in found]


def told(found: Sequence[Explained], explain: bool) -> Iterator[str]:
    """The hits as lines; with `explain` a table of the parts that added to any of them."""
    if not found:
        yield "Nothing found: describe the film in other words, or widen the limits."
    elif not explain:
        yield from (f"{place:{_PLACE}}. {_named(f)}  {f.hit.score:.3f}" for place, f in enumerate(found, 1))
    else:
        parts = sorted({name for f in found for name, value in f.parts.items() if value})
        yield _line("", "", ["score", *parts])
        for place, f in enumerate(found, 1):
            yield _line(f"{place}.", _named(f), [f"{v:.2f}" for v in (f.hit.score, *(f.parts[p] for p in parts))])


def _named(found: Explained) -> str:
    return visible(f"{found.hit.title} ({found.hit.year})")


def _line(place: str, title: str, cells: Sequence[str]) -> str:
    short = title if len(title) <= _TITLE else f"{title[: _TITLE - 1]}…"
    return f"{place:>{_PLACE + 1}} {short:<{_TITLE}}{''.join(f'{cell:>{_PART}}' for cell in cells)}"
