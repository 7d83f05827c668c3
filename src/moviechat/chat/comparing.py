"""Which films a turn compares, by what, and what it claims."""

from __future__ import annotations

from itertools import pairwise

from moviechat.chat.draft import Draft
from moviechat.chat.fields import NUMBERS
from moviechat.chat.pointing import several
from moviechat.chat.query import Compare, Query, Unclear
from moviechat.chat.references import Meant, absent
from moviechat.chat.state import State
from moviechat.chat.tokens import FILM
from moviechat.chat.wish import ORDERED

_COUNTS = {"three": 3, "3": 3, "four": 4, "4": 4, "five": 5, "5": 5}
_OF = frozenset("of the those these all them".split())


def compared(draft: Draft, state: State, films: Meant) -> Query:
    """The comparison that a turn asks for, or what is missing for one."""
    most = not films.named and any(p.kind == "most" for p in draft.points)  # "the shortest of them"
    chosen = () if most else films.films
    if len(chosen) == 1 and (state.focus[-1:] != chosen) and state.focus:
        chosen = (*chosen, state.focus[-1])
    if len(chosen) < 2:
        chosen = _among(draft, state)
    if films.absent and len(chosen) < 2:
        return absent(draft, films) or Unclear("film")
    field, up = _measure(draft, state)
    if len(chosen) < 2:
        return Unclear("list")
    claimed = _claimed(draft, films, chosen)
    return Compare(chosen, field, up, claimed)


def _claimed(draft: Draft, films: Meant, chosen: tuple[str, ...]) -> str:
    """The film that somebody says has more: the first that is not after "than"."""
    norms, at = draft.mentions.norms, draft.mentions.at(FILM)
    if not (draft.claims and films.named and "than" in norms):
        return ""
    if at[0] < norms.index("than"):
        return next((t for t in films.films if t in draft.mentions.films[0].films), chosen[0])
    return next((t for t in chosen if t not in draft.mentions.films[0].films), "")


def _among(draft: Draft, state: State) -> tuple[str, ...]:
    """The films that a comparison without names is on: the two last talked of, all of them, or the last list."""
    norms = draft.mentions.norms
    if {"seen", "watched", "saw"} & set(norms) and "i" in norms:
        return state.seen
    counts = [p.count for p in draft.points if p.kind == "many" and p.count > 1]
    counts += [_COUNTS[norm] for before, norm in pairwise(norms) if before in _OF and norm in _COUNTS]  # "of the 5"
    if counts:
        return several(state, counts[0])
    if {"named", "mentioned", "said", "asked", "threw", "gave", "told"} & set(norms):
        return tuple(dict.fromkeys((*state.seen, *state.asked)))
    among = several(state, 0)
    return among if len(among) > 1 else state.talked[-2:]


def _measure(draft: Draft, state: State) -> tuple[str, bool]:
    """The field that films are compared by, and whether more of it wins: as said, else as it was last."""
    m = draft.mentions
    if m.comparisons:
        said = [t.value for t in m.comparisons]
        chosen = next((c for c in said if c.field in draft.fields), said[0])
        return chosen.field, chosen.up
    if m.orders:
        return ORDERED[m.orders[0].value]
    asked = [f for f in (*draft.fields, *state.fields) if f in NUMBERS]
    return (asked[0] if asked else "rating"), True
