"""Limits and films in words."""

from __future__ import annotations

from moviechat.chat.facts import listed
from moviechat.limits import Limits
from moviechat.schema import Movie


def described(limits: Limits) -> str:
    """A wish's limits in one phrase: "thrillers of 2021, under 100 minutes, no horror"."""
    parts = [_genres(limits), _years(limits)]
    parts += [_span(limits.runtime_min, limits.runtime_max, "minutes"), _rating(limits)]
    parts += [_span(limits.votes_min, limits.votes_max, "votes")]
    parts += [f"with {listed([c.name for c in limits.people])}" if limits.people else ""]
    parts += [f"in {listed(limits.languages_any)}" if limits.languages_any else ""]
    parts += [f"from {' or '.join(limits.countries_any)}" if limits.countries_any else ""]
    parts += [f"not in {listed(limits.languages_not)}" if limits.languages_not else ""]
    parts += [f"not from {listed(limits.countries_not)}" if limits.countries_not else ""]
    parts += [f"{limits.age_rating_max} at most" if limits.age_rating_max else ""]
    parts += [f"no {' or '.join(g.lower() for g in limits.genres_not)}" if limits.genres_not else ""]
    parts += [f"without {listed(limits.people_not)}" if limits.people_not else ""]
    first, *rest = [p for p in parts if p]
    return ", ".join([first, *rest])


def _genres(limits: Limits) -> str:
    every = " and ".join(g.lower() for g in limits.genres_all)
    some = " or ".join(g.lower() for g in limits.genres_any)
    return " ".join(p for p in (every, f"({some})" if every and some else some) if p) or "films"


def _years(limits: Limits) -> str:
    low, high = limits.year_min, limits.year_max
    if low == high:
        return f"of {low}" if low else ""
    if low and high:
        return f"of {low} to {high}"
    return f"from {low} on" if low else f"up to {high}"


def _span(low: int | None, high: int | None, unit: str) -> str:
    if low is not None and high is not None:
        return f"{low:,} to {high:,} {unit}"
    if low is not None:
        return f"at least {low:,} {unit}"
    return f"at most {high:,} {unit}" if high is not None else ""


def _rating(limits: Limits) -> str:
    low, high = limits.rating_min, limits.rating_max
    if low is not None and high is not None:
        return f"rated {low:g} to {high:g}"
    return f"rated {low:g} or more" if low is not None else f"rated {high:g} or less" if high is not None else ""


def line(movie: Movie, number: int, reason: str) -> str:
    """One film of a list: title, year, minutes, genres, rating with votes, and the reason."""
    parts = [f"{number}. {movie.label}"]
    parts += [f"{movie.runtime} min"] if movie.runtime is not None else []
    parts += ["/".join(movie.genres)] if movie.genres else []
    parts += [f"rated {movie.rating} ({movie.votes:,} votes)"] if movie.rating is not None else []
    return ", ".join(parts) + (f" — {reason}" if reason else "")
