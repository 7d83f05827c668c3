"""Does a film meet the limits of a wish? Reads the catalogue only, independently of the search under test."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from moviechat.limits import AGE_RATINGS, NUMBERS, Limits
from moviechat.schema import Fact, Movie

Facts = Mapping[str, frozenset[str]]  # field -> values, such as countries -> {"France"}

_THOUSANDS = re.compile(r"(?<=\d)[,\u00a0\u202f](?=\d{3}(?!\d))")
_OTHER = re.compile(r"[^\w.' ]+")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The films by id, and their facts (`countries`, `languages`, `age_rating`)."""

    movies: Mapping[str, Movie]
    facts: Mapping[str, Facts]

    def keeps(self, tconst: str, limits: Limits) -> bool:
        """Whether the film is in the catalogue and meets every limit; an unknown value meets none."""
        movie = self.movies.get(tconst)
        if movie is None:
            return False
        known = self.facts.get(tconst, {})
        return _genres(movie, limits) and _numbers(movie, limits) and _people(movie, limits) and _places(known, limits)

    def keeping(self, limits: Limits) -> frozenset[str]:
        """Every film that meets the limits."""
        return frozenset(t for t in self.movies if self.keeps(t, limits))


def by_film(facts: Iterable[Fact]) -> dict[str, Facts]:
    """The facts of each film: field -> values."""
    found: dict[str, Facts] = {}
    for fact in facts:
        own = found.get(fact.tconst, {})
        found[fact.tconst] = {**own, fact.field: own.get(fact.field, frozenset()) | {fact.value}}
    return found


def normalised(text: str) -> str:
    """Lower case without accents, punctuation and thousands separators; single spaces."""
    plain = unicodedata.normalize("NFKD", text.replace("\u2019", "'").lower())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(_OTHER.sub(" ", _THOUSANDS.sub("", plain)).split())


def _genres(movie: Movie, limits: Limits) -> bool:
    own = set(movie.genres)
    one = not limits.genres_any or bool(own & set(limits.genres_any))
    return one and own >= set(limits.genres_all) and not own & set(limits.genres_not)


def _numbers(movie: Movie, limits: Limits) -> bool:
    ranges = {n: (getattr(limits, f"{n}_min"), getattr(limits, f"{n}_max")) for n in NUMBERS}
    return all(_within(getattr(movie, name), low, high) for name, (low, high) in ranges.items())


def _within(value: float | None, low: float | None, high: float | None) -> bool:
    if low is None and high is None:
        return True
    return value is not None and (low is None or value >= low) and (high is None or value <= high)


def _people(movie: Movie, limits: Limits) -> bool:
    roles = {
        "director": movie.directors,
        "writer": movie.writers,
        "cast": movie.cast,
        "composer": movie.composers,
        "any": (*_crew(movie), *movie.cast),
    }
    names = {role: {normalised(n) for n in people} for role, people in roles.items()}
    credited = all(normalised(p.name) in names[p.role] for p in limits.people)
    return credited and not any(normalised(n) in names["any"] for n in limits.people_not)


def _crew(movie: Movie) -> tuple[str, ...]:
    behind = (movie.directors, movie.writers, movie.producers, movie.composers, movie.cinematographers, movie.editors)
    return tuple(name for names in behind for name in names)


def _places(known: Facts, limits: Limits) -> bool:
    for field in ("countries", "languages"):
        own: frozenset[str] = known.get(field, frozenset())
        wanted, unwanted = getattr(limits, f"{field}_any"), getattr(limits, f"{field}_not")
        if (wanted and not own & set(wanted)) or (unwanted and (not own or own & set(unwanted))):
            return False
    return limits.age_rating_max is None or _mild(known.get("age_rating", frozenset()), limits.age_rating_max)


def _mild(ratings: frozenset[str], highest: str) -> bool:
    allowed = AGE_RATINGS[: AGE_RATINGS.index(highest) + 1]
    return bool(ratings) and ratings <= set(allowed)
