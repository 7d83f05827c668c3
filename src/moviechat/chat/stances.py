"""What a turn says about each film that it names: seen, loved, hated, not wanted, or to start from."""

from __future__ import annotations

from collections.abc import Sequence

from moviechat.chat.cues import Cue
from moviechat.chat.draft import Draft, Stance
from moviechat.chat.mentions import Mentions
from moviechat.chat.phrases import Tag
from moviechat.chat.tokens import FILM

LIKED, DISLIKED = 7.0, 5.0  # a given rating: from here up the film was liked, up to here disliked
_CUES: tuple[Cue, ...] = ("seen", "loved", "hated", "like")
_OF_CUE: dict[Cue, Stance] = {"seen": "seen", "loved": "loved", "hated": "hated", "like": "like"}
# "I have not seen it": the wish is about it.
_DENIED: dict[Stance, Stance] = {"seen": "like", "loved": "hated", "like": "rejected", "hated": "hated"}


def stances(draft: Draft) -> list[Stance | None]:
    """The stance on each film of the message, in order; None if nothing is said."""
    m = draft.mentions
    places = m.at(FILM)
    cues = sorted((t for cue in _CUES for t in m.cues[cue]), key=lambda t: t.first)
    return [_stance(m, at, places, cues, draft) for at in places]


def _stance(m: Mentions, at: int, places: Sequence[int], cues: Sequence[Tag[Cue]], draft: Draft) -> Stance | None:
    if (given := _given(m, at)) is not None:
        return "loved" if given >= LIKED else "hated" if given <= DISLIKED else "seen"
    if bracket := _in_brackets(m, at, cues):
        return bracket
    clause = _sentence(m, at)
    near = [t for t in cues if t.first in clause]
    before = [t for t in near if t.last <= at]
    after = [t for t in near if t.first > at]
    if _refused(m, at):
        return "rejected"
    chosen = _nearest(m, at, before, after, places)
    return _said(m, chosen, draft) if chosen else None


def _nearest(
    m: Mentions, at: int, before: Sequence[Tag[Cue]], after: Sequence[Tag[Cue]], places: Sequence[int]
) -> Tag[Cue] | None:
    """The cue for a film: one just after it, otherwise the last one before it (across a list of films)."""
    soon = after and after[0].first - at <= 4 and not any(at < p < after[0].first for p in places)
    if soon and (not before or before[-1].value == "like" or at - before[-1].last > 2):
        return after[0]
    if before:
        return before[-1]
    return after[0] if after else None


def _said(m: Mentions, cue: Tag[Cue], draft: Draft) -> Stance:
    said = _OF_CUE[cue.value]
    verb = m.norms[cue.first] == "like" and m.norms[cue.first - 1 : cue.first] in (["i"], ["we"], ["you"])
    if verb:
        said = "loved"
    return _DENIED[said] if m.denied[cue.first] else said


def _given(m: Mentions, at: int) -> float | None:
    """A rating that somebody gave a film: "joker 9/10"."""
    points = [a for a in m.amounts if a.field == "rating" and not a.bounded and "/" in m.norms[a.first : a.last]]
    return next((a.value for a in points if a.first in (at + 1, at + 2)), None)


def _in_brackets(m: Mentions, at: int, cues: Sequence[Tag[Cue]]) -> Stance | None:
    """ "The Menu (great), Glass Onion (meh)"."""
    if m.norms[at + 1 : at + 2] != ["("]:
        return None
    inside = [t for t in cues if at + 1 < t.first <= at + 4 and ")" not in m.norms[at + 1 : t.first]]
    words = m.norms[at + 2 : at + 5]
    if inside and inside[0].value in ("loved", "hated"):
        return "loved" if inside[0].value == "loved" else "hated"
    return "loved" if {"good", "fine", "nice"} & set(words) else None


def _refused(m: Mentions, at: int) -> bool:
    """ "not Parasite", "no After We Collided", "none of ..."."""
    first = max(0, at - 4)
    return m.denied[at] and any(n in ("not", "no", "none", "without", "except") for n in m.norms[first:at])


def _sentence(m: Mentions, at: int) -> range:
    ends = (".", "?", "!", ";", "\n", "…")
    begin, end = at, at
    while begin > 0 and m.norms[begin - 1] not in ends:
        begin -= 1
    while end < len(m.words) and m.norms[end] not in ends:
        end += 1
    return range(begin, end)
