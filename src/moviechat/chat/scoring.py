"""How well films fit a wish: words, meaning, moods, likeness to its anchors, quality and popularity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from moviechat.chat.films import Films
from moviechat.chat.similar import anchor, likeness, nearness
from moviechat.chat.taste import Mood, Taste
from moviechat.chat.wish import Wish
from moviechat.errors import DataError

if TYPE_CHECKING:
    from moviechat.chat.films import Array

_ALL = 2000  # films that are all scored exactly; of more, the best by cheap parts and the nearest by meaning
_CLOSE, _NEAREST = 400, 200
_FURTHER = 0.4  # weight of a film's further genres, relative to the one that adds most
_WELCOME = 2.0  # what a welcome genre adds: as much as in a mood about nothing else
_KNOWN = 6.0  # log10 of the votes of a film that everyone knows


@dataclass(frozen=True, slots=True)
class Scored:
    """Films by `rows` [n]: the `fixed` part of their scores [n], and likeness to each liked anchor [anchors, n]."""

    rows: Array
    fixed: Array
    likes: Array

    def of(self, places: Array) -> Scored:
        """Those at `places`."""
        return Scored(self.rows[places], self.fixed[places], self.likes[:, places])

    def total(self, open_: Array) -> Array:
        """The score of each film [n]; `open_` [anchors] weighs the anchors; likeness to one of them is enough."""
        import numpy as np

        if len(self.likes) < 2:
            alone: Array = self.fixed + self.likes.sum(axis=0)
            return alone
        top = self.likes.max(axis=0)
        together: Array = self.fixed + top + np.log(open_ @ np.exp(self.likes - top) / open_.sum())
        return together


class Scorer:
    """The scores of one wish; raises DataError for an unknown mood."""

    def __init__(self, wish: Wish, films: Films, taste: Taste) -> None:
        self._films, self._taste, self._weight = films, taste, taste.weights
        self._moods = [_mood(taste, name) for name in wish.moods]
        self._genres = _together([*(mood.genres for mood in self._moods), dict.fromkeys(wish.leaning, _WELCOME)])
        found = [anchor(like, films) for like in wish.like]
        self._anchors = [a for a in found if a is not None and a.weight]
        texts = {"meaning": wish.words, "mood_meaning": ", ".join(m.meaning for m in self._moods)}
        self._texts = {part: text for part, text in texts.items() if text.strip()}
        self.liked = [a.movie for a in self._anchors if a.weight > 0]

    def scored(self, allowed: Array, count: int) -> Scored:
        """The films of `allowed` [films] that may be among the best `count`, and some more."""
        import numpy as np

        rows = np.flatnonzero(allowed)
        fixed, likes = self._plain()[rows], [likeness(a, self._films, rows, self._weight) for a in self._anchors]
        vectors = dict(zip(self._texts, self._encoded(), strict=True))
        if len(rows) > _ALL:
            broad = self._scored(rows, fixed, likes)
            best = highest(broad.total(np.ones(len(broad.likes))), max(_CLOSE, count))
            probes = [*vectors.values(), *(a.vector for a in self._anchors if a.weight > 0 and a.told)]
            near = self._films.nearest(np.stack(probes), _NEAREST, allowed) if probes else rows[:0]
            places = np.unique(np.concatenate([best, np.searchsorted(rows, near)]))
            rows, fixed, likes = rows[places], fixed[places], [part[places] for part in likes]
        for part, vector in vectors.items():
            fixed = fixed + self._weight[part] * self._films.meaning(vector, rows)
        closer = [nearness(a, self._films, rows, self._weight) for a in self._anchors]
        return self._scored(rows, fixed, [part + more for part, more in zip(likes, closer, strict=True)])

    def _scored(self, rows: Array, fixed: Array, likes: Sequence[Array]) -> Scored:
        """Subtracts likeness to disliked anchors; likeness to liked ones is kept apart."""
        import numpy as np

        liked = [part * a.weight for a, part in zip(self._anchors, likes, strict=True) if a.weight > 0]
        for a, part in zip(self._anchors, likes, strict=True):
            fixed = fixed + self._weight["disliked"] * min(a.weight, 0.0) * part
        return Scored(rows, fixed, np.stack(liked) if liked else np.zeros((0, len(rows))))

    def _encoded(self) -> list[Array]:
        return list(self._films.encode(list(self._texts.values()))) if self._texts else []

    def _plain(self) -> Array:
        """The part of every film's score from words, moods' genres, rating and votes, float64 [films]."""
        total = standing(self._films, self._taste).copy()
        for part, weight in (("meaning", "words"), ("mood_meaning", "mood_words")):
            if part in self._texts:
                total += self._weight[weight] * self._films.words(self._texts[part])
        if self._genres:
            total += self._weight["mood_genres"] * self._by_genre(len(total))
        return total

    def _by_genre(self, count: int) -> Array:
        """The score of every film by the moods' genres: all subtractions, the highest addition, a share of the others.

        With all additions summed, films with three fitting genres would precede all better films.
        """
        import numpy as np

        most, total = np.zeros(count), np.zeros(count)
        for genre, says in self._genres.items():
            rows = self._films.having("genres", genre)
            total[rows] += says if says < 0 else _FURTHER * says
            most[rows] = np.maximum(most[rows], says)
        found: Array = total + (1 - _FURTHER) * most
        return found


def highest(scores: Array, count: int) -> Array:
    """The places of the `count` highest of `scores` [n], highest first; the first of equal ones."""
    import numpy as np

    if len(scores) <= count:
        return np.argsort(-scores, kind="stable")
    floor = np.partition(scores, len(scores) - count)[len(scores) - count]
    places = np.flatnonzero(scores >= floor)
    best: Array = places[np.argsort(-scores[places], kind="stable")][:count]
    return best


@lru_cache(maxsize=1)
def standing(films: Films, taste: Taste) -> Array:
    """Quality and popularity of every film, weighted; float64 [films]. The result is cached: do not modify it.

    Quality is the rating above the mean, with `prior_votes` votes for the mean added.
    """
    import numpy as np

    rating, votes = films.column("rating"), films.column("votes")
    rated = ~np.isnan(rating)
    better = np.where(rated, rating - (rating[rated].mean() if rated.any() else 0.0), 0.0)
    better *= taste.weights["quality"] * votes / (votes + taste.prior_votes)
    known: Array = films.fame * (taste.weights["known"] / _KNOWN)
    return better + known


def _together(wanted: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Genres of several moods: per genre the highest addition and the highest subtraction; nothing counts twice."""
    names = dict.fromkeys(name for genres in wanted for name in genres)
    said = {name: [0.0, *(genres[name] for genres in wanted if name in genres)] for name in names}
    return {name: max(values) + min(values) for name, values in said.items()}


def _mood(taste: Taste, name: str) -> Mood:
    if name not in taste.moods:
        raise DataError(f"mood {name!r} is not in the table chat.moods: it has {', '.join(taste.moods)}")
    return taste.moods[name]
