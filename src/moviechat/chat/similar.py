"""Likeness of films to an anchor of a wish: meaning, genres, people, era and popularity."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from moviechat.chat.films import Films
from moviechat.chat.wish import Like
from moviechat.schema import Movie

if TYPE_CHECKING:
    from moviechat.chat.films import Array

_ERA = 15.0  # years apart that make another era
_BAND = 2.0  # of log10: a hundred times as many votes are another band
# The weight of a shared person by both roles; the first names of the cast weigh most.
_CREW = (("director", "directors", 1.0), ("writer", "writers", 0.4), ("composer", "composers", 0.2))
_CAST = (0.5, 0.4, 0.3, 0.2, 0.2)


@dataclass(frozen=True, slots=True)
class Anchor:
    """A film that a wish starts from; `vector` is the direction of its texts, of length 0 without any."""

    movie: Movie
    weight: float
    vector: Array

    @property
    def told(self) -> bool:
        """Whether there is a text."""
        return bool(self.vector.any())


def anchor(like: Like, films: Films) -> Anchor | None:
    """The film of `like`, or None if it is not in the catalogue."""
    import numpy as np

    if (row := films.row(like.tconst)) is None:
        return None
    return Anchor(films.movies[row], like.weight, films.centres(np.array([row]))[0])


def likeness(anchor: Anchor, films: Films, rows: Array, weight: Mapping[str, float]) -> Array:
    """Score of `rows` by genres, people, era and band, float64 [n]."""
    total: Array = weight["like_genres"] * films.alike(anchor.movie.genres, rows)
    total += weight["like_people"] * _people(anchor.movie, films)[rows]
    total += weight["like_era"] * _near(films.column("year")[rows], anchor.movie.year, _ERA)
    total += weight["like_band"] * _near(films.fame[rows], math.log10(anchor.movie.votes + 1), _BAND)
    return total


def nearness(anchor: Anchor, films: Films, rows: Array, weight: Mapping[str, float]) -> Array:
    """Score of `rows` by the meaning of the texts, float [n]; 0 without a text or for another subject."""
    if not anchor.told:
        return 0.0 * rows
    found: Array = weight["like_meaning"] * films.meaning(anchor.vector, rows).clip(0)
    return found


def _people(movie: Movie, films: Films) -> Array:
    import numpy as np

    shared = np.zeros(len(films.movies))
    for role, field, says in _CREW:
        for person in movie.persons(field):
            shared[films.having(role, person)] += says
    for person, says in zip(movie.persons("cast"), _CAST, strict=False):
        shared[films.having("cast", person)] += says
    return shared.clip(0, 1)


def _near(values: Array, own: float, far: float) -> Array:
    near: Array = abs(values - own)
    near /= -far
    near += 1
    return near.clip(0)
