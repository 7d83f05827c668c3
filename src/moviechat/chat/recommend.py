"""The films for a wish: within its limits, ranked by fit, quality and variety."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from moviechat.chat.films import Films
from moviechat.chat.reasons import reasons
from moviechat.chat.relax import Relaxation, relaxations
from moviechat.chat.scoring import Scored, Scorer, highest
from moviechat.chat.shelf import Shelf
from moviechat.chat.taste import Taste
from moviechat.chat.wish import Order, Wish
from moviechat.reply import Source
from moviechat.schema import Movie

if TYPE_CHECKING:
    from moviechat.chat.films import Array

_VARIED, _EACH = 60, 4  # films ranked for variety, and candidates for each of them
_GENRES = 0.4  # share of genres in the similarity of two films; the rest is their texts
_SERVED = 0.5  # what an anchor loses of its weight by a pick that is like it alone
# The value of each order, and whether the highest comes first; ties go to the film with more votes.
_ORDERS: dict[Order, tuple[str, bool]] = {
    "rating": ("rating", True),
    "worst": ("rating", False),
    "votes": ("votes", True),
    "least_votes": ("votes", False),
    "newest": ("year", True),
    "oldest": ("year", False),
    "longest": ("runtime", True),
    "shortest": ("runtime", False),
}


@dataclass(frozen=True, slots=True)
class Pick:
    """A film, the reason for it ("" if there is none), the reason's sources, and its score."""

    movie: Movie
    reason: str
    source: tuple[Source, ...]
    score: float


@dataclass(frozen=True, slots=True)
class Picked:
    """The films for a wish; `total` meet its limits and are not excluded, `kept` includes the excluded ones.

    If there are none, `relaxed` says which limits to drop, and what that would bring.
    """

    picks: tuple[Pick, ...]
    relaxed: tuple[Relaxation, ...]
    total: int
    kept: int


def recommend(wish: Wish, shelf: Shelf, *, exclude: frozenset[str] = frozenset(), seed: int = 0) -> Picked:
    """At most `wish.count` films that meet all limits, without `exclude` (ids) and the films of `wish.like`.

    A film with two ids is picked once, and excluded by either. `seed` chooses among films that fit equally.
    Raises DataError for an unknown mood.
    """
    films, taste = shelf.films, shelf.taste
    keeping = films.keeps(wish.limits)
    out = {*exclude, *(like.tconst for like in wish.like)}
    allowed = _free(keeping, films, out)
    total, kept = int(allowed.sum()), int(_free(keeping, films, ()).sum())
    if not total:
        return Picked((), relaxations(wish.limits, films, taste, _free(keeping | True, films, out)), 0, kept)
    scorer, count = Scorer(wish, films, taste), wish.count or taste.count
    if wish.order == "fit":
        rows, scores = _picked(scorer.scored(allowed, count), films, taste, count, seed)
    else:
        rows, scores = _sorted(films, allowed, wish.order, count)
    movies = [films.movies[row] for row in rows]
    why = reasons(movies, wish, scorer.liked if wish.order == "fit" else (), shelf.passages)
    picks = tuple(Pick(m, r, s, score) for m, (r, s), score in zip(movies, why, scores, strict=True))
    return Picked(picks, (), total, kept)


def _free(keeping: Array, films: Films, excluded: Iterable[str]) -> Array:
    """The films of `keeping` without the `excluded`; of films with several ids only the best known entry."""
    free, out = keeping.copy(), {films.row(tconst) for tconst in excluded} - {None}
    for row in out:
        free[row] = False
    votes = films.column("votes")
    for group in films.doubles():
        rows = [row for row in group if free[row]]
        kept = None if out.intersection(group) or not rows else max(rows, key=lambda row: (votes[row], -row))
        for row in rows:
            free[row] = row == kept
    return free


def _sorted(films: Films, allowed: Array, order: Order, count: int) -> tuple[list[int], list[float]]:
    """The first rows by a value, and the values; films without one are left out."""
    import numpy as np

    name, highest_first = _ORDERS[order]
    rows = np.flatnonzero(allowed & ~np.isnan(films.column(name)))
    values, votes = films.column(name)[rows], films.column("votes")[rows]
    first = np.lexsort((rows, -votes, -values if highest_first else values))[:count]
    return rows[first].tolist(), values[first].tolist()


def _picked(scored: Scored, films: Films, taste: Taste, count: int, seed: int) -> tuple[list[int], list[float]]:
    """Rows and scores: the first ones picked one by one for variety, those after `_VARIED` by score."""
    import numpy as np

    scored = _moved(scored, seed, taste.weights["chance"])
    total = scored.total(np.ones(len(scored.likes)))
    ranked = highest(total, max(count, _EACH * _VARIED))
    few = ranked[: max(_VARIED, _EACH * min(count, _VARIED))]
    first = few[_varied(scored.of(few), films, taste.weights["variety"], min(count, _VARIED))]
    places = np.concatenate([first, ranked[~np.isin(ranked, first)]])[:count]
    return scored.rows[places].tolist(), [round(score, 4) for score in total[places].tolist()]


def _varied(scored: Scored, films: Films, variety: float, count: int) -> list[int]:
    """Places picked one by one, each for its score and for its difference from those before."""
    import numpy as np

    open_, same = np.ones(len(scored.likes)), _sameness(scored.rows, films)
    near, taken = np.zeros(len(scored.rows)), list[int]()
    while len(taken) < min(count, len(near)):
        value = scored.total(open_) - variety * near
        value[taken] = -np.inf
        taken.append(best := int(np.argmax(value)))
        near = np.maximum(near, same(best))
        open_ = _served(open_, scored.likes[:, best])
    return taken


def _moved(scored: Scored, seed: int, chance: float) -> Scored:
    """Scores changed by up to `chance` either way, always the same for a film and seed; seed 0 changes nothing."""
    import numpy as np

    if not seed:
        return scored
    # SplitMix64 (Steele et al., 2014) of row and seed.
    mixed = scored.rows.astype(np.uint64) + np.uint64((seed * 0x9E3779B97F4A7C15) % 2**64)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB), (31, 1)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    return Scored(scored.rows, scored.fixed + chance * (mixed / 2**63 - 1), scored.likes)


def _sameness(rows: Array, films: Films) -> Callable[[int], Array]:
    """Similarity of each of `rows` to the one at a place, 0 to 1, by texts and genres."""
    import numpy as np

    centres = films.centres(rows)
    told = [films.movies[row].genres for row in rows.tolist()]
    names = sorted({genre for genres in told for genre in genres})
    genres = np.array([[name in own for name in names] for own in told], np.float32).reshape(len(rows), len(names))

    def same(place: int) -> Array:
        shared = genres @ genres[place]
        either = genres.sum(axis=1) + genres[place].sum() - shared
        both: Array = (1 - _GENRES) * (centres @ centres[place]).clip(0) + _GENRES * shared / np.maximum(either, 1)
        return both

    return same


def _served(open_: Array, likes: Array) -> Array:
    """The weights of the anchors after a pick: those that it resembles have had their share."""
    import numpy as np

    if len(open_) < 2:
        return open_
    share = np.exp(likes - likes.max()) * open_
    left: Array = open_ * (1 - _SERVED * share / share.sum())
    return left
