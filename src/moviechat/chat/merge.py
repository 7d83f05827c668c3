"""The current wish, and how a turn changes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from moviechat.chat.wanting import Relative, Wanting
from moviechat.limits import NUMBERS, Limits
from moviechat.schema import Movie

_STEP = {"rating": 0.1}


def merged(base: Limits, want: Wanting, *, instead: bool, too: bool) -> Limits:
    """The limits after a turn: lifted ones go, new ones come; `instead` replaces genres, `too` widens years."""
    limits = base.without(*want.lifted)
    limits = _genres(_freed(limits, want.freed, want.removed), want.limits, instead)
    for name in NUMBERS:
        limits = _range(limits, want.limits, name, too)
    for name in ("countries_any", "countries_not", "languages_any", "languages_not"):
        if values := getattr(want.limits, name):
            limits = limits.changed(**{name: values})
    if want.limits.age_rating_max:
        limits = replace(limits, age_rating_max=want.limits.age_rating_max)
    return limits


def _freed(limits: Limits, freed: Sequence[str], removed: Sequence[str]) -> Limits:
    """The limits without the freed genres; a genre that is to go and was no limit is refused."""
    named = (*limits.genres_all, *limits.genres_any, *limits.genres_not)
    refused = tuple(name for name in removed if name not in named)

    def kept(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(g for g in names if g not in freed)

    return replace(
        limits,
        genres_all=kept(limits.genres_all),
        genres_any=kept(limits.genres_any),
        genres_not=(*kept(limits.genres_not), *refused),
    )


def _genres(base: Limits, new: Limits, instead: bool) -> Limits:
    wanted, unwanted = {*new.genres_all, *new.genres_any}, set(new.genres_not)
    every = () if instead and wanted else tuple(g for g in base.genres_all if g not in unwanted)
    some = () if (instead and wanted) or new.genres_any else tuple(g for g in base.genres_any if g not in unwanted)
    if set(new.genres_all) & set(some):  # one of several was chosen
        some = ()
    no = tuple(g for g in base.genres_not if g not in wanted)
    return replace(
        base,
        genres_all=tuple(dict.fromkeys((*every, *new.genres_all))),
        genres_any=new.genres_any or some,
        genres_not=tuple(dict.fromkeys((*no, *new.genres_not))),
    )


def _range(base: Limits, new: Limits, name: str, too: bool) -> Limits:
    low, high = getattr(new, f"{name}_min"), getattr(new, f"{name}_max")
    if low is None and high is None:
        return base
    before = getattr(base, f"{name}_min"), getattr(base, f"{name}_max")
    if name == "year" and too and low is not None and high is not None and None not in before:
        return replace(base, year_min=min(low, before[0]), year_max=max(high, before[1]))
    if low is not None and high is not None:
        ends = low, high
    elif low is not None:
        ends = low, before[1] if before[1] is None or before[1] > low else None
    else:
        ends = before[0] if before[0] is None or before[0] < high else None, high
    if name == "year" and None in (low, high) and before[0] is not None and before[0] == before[1]:
        ends = low, high  # "from 2020 on" after "2019": the single year is given up
    return base.changed(**{f"{name}_min": ends[0], f"{name}_max": ends[1]})


def related(limits: Limits, relative: Relative, films: Sequence[Movie], *, beyond: bool) -> Limits:
    """`limits` with more (or less) of a field than `films`: than all of them if `beyond`, else than their median."""
    values = [v for m in films if (v := getattr(m, relative.field)) is not None]
    if not values:
        return limits
    step = _STEP.get(relative.field, 1)
    middle = median(values)
    value = (max(values) if relative.up else min(values)) if beyond else middle
    end = round(value + step, 1) if relative.up else round(value - step, 1)
    number = end if relative.field == "rating" else int(end)
    other = f"{relative.field}_{'max' if relative.up else 'min'}"
    kept = getattr(limits, other)
    clash = kept is not None and (kept < number if relative.up else kept > number)
    changed = limits.changed(**{f"{relative.field}_{'min' if relative.up else 'max'}": number})
    return changed.without(other) if clash else changed


def opposite(limits: Limits) -> Limits:
    """The limits with a single number reversed: at least 100,000 votes becomes at most."""
    for name in reversed(NUMBERS):
        low, high = getattr(limits, f"{name}_min"), getattr(limits, f"{name}_max")
        if (low is None) != (high is None):
            return limits.changed(**{f"{name}_min": high, f"{name}_max": low})
    return limits
