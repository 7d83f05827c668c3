"""The answer to a wish: films, one a line, each with its reason; or which limit to drop if no film fits."""

from __future__ import annotations

from collections.abc import Iterator

from moviechat.chat.facts import listed
from moviechat.chat.find import Result
from moviechat.chat.query import Recommend
from moviechat.chat.relax import Relaxation
from moviechat.chat.said import Said
from moviechat.chat.wish import Wish
from moviechat.chat.wording import described, line
from moviechat.limits import Limits
from moviechat.reply import Source
from moviechat.schema import Movie

MANY = 2  # limits and moods that are repeated before the films


def suggested(result: Result, director: Movie | None) -> Iterator[Said]:
    """The sentences of a recommendation."""
    query, picked = result.query, result.picked
    assert isinstance(query, Recommend) and picked is not None
    if director is not None:
        names = listed([c.name for c in query.wish.limits.people])
        yield Said(f"{director.label} is by {names}.", (Source(director.tconst, "directors", names),))
    if query.not_checked:
        yield Said(f"I can't check {listed(query.not_checked)}: that is not on record here.", ())
    for kind, count in result.lacking:
        films = "1 film" if count == 1 else f"{count:,} films"
        yield Said(f"The catalogue has no {kind} for {films}, so I left them out.", ())
    if not picked.picks:
        yield from _nothing(result)
        return
    if result.anew:
        yield Said("No film keeps that and all that you asked before, so I take it by itself.", ())
    if result.again:
        yield Said("Nothing new keeps all of that, but of those I named before:", ())
    elif head := _head(query.wish):
        yield Said(head, ())
    for number, pick in enumerate(picked.picks, 1):
        yield Said("\n" + line(pick.movie, number, pick.reason), (_source(pick.movie), *pick.source))


def _head(wish: Wish) -> str:
    """What the films were chosen by, where that is more than one thing."""
    if not wish.limits or len(wish.limits.said()) + len(wish.moods) < MANY:
        return ""
    text = described(wish.limits) + (f"; mood: {', '.join(wish.moods)}" if wish.moods else "")
    return f"{text[0].upper()}{text[1:]}:"


def _source(movie: Movie) -> Source:
    return Source(movie.tconst, "title", movie.label)


def _nothing(result: Result) -> Iterator[Said]:
    query, picked = result.query, result.picked
    assert isinstance(query, Recommend) and picked is not None
    limits = query.wish.limits
    what = described(limits) if limits else "films"
    if picked.kept:
        yield Said(f"I have no more that keep all of that ({what}): you have seen them here, or know them.", ())
    elif len(limits.people) > 1 and not _rest(limits):
        yield Said(f"No film here has {listed([c.name for c in limits.people])} together.", ())
    else:
        yield Said(f"No film here keeps all of that: {what}.", ())
    ways = [_way(r) for r in picked.relaxed[:2]]
    if ways:
        yield Said(" ".join(ways), tuple(_source(m) for r in picked.relaxed[:2] for m in r.best[:1]))


def _rest(limits: Limits) -> bool:
    return bool(limits.without("people"))


def _way(relaxed: Relaxation) -> str:
    up = described(relaxed.given_up).removeprefix("films, ")
    films = "1 film fits" if relaxed.count == 1 else f"{relaxed.count:,} films fit"
    best = (
        f", the best is {relaxed.best[0].label}"
        if relaxed.count > 1 and relaxed.best
        else f": {relaxed.best[0].label}"
        if relaxed.best
        else ""
    )
    return f"Without “{up}” {films}{best}."
