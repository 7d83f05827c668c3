"""The part of a message that asks: without a reaction before it ("lol nice. and the director?"), or talk after it."""

from __future__ import annotations

import re
from collections.abc import Callable

from moviechat.chat.mentions import Mentions

_SENTENCE = re.compile(r"(?<=[.!?…\n])\s+|\n+")
_REACTION = 4  # maximum words of a reaction
_SAID = ("want", "like", "seen", "hated", "drop", "undo", "reset", "only", "swap", "correct", "recall", "which", "more")


def asking_part(whole: Mentions, read: Callable[[str], Mentions]) -> Mentions:
    """The mentions of a message without the sentences that only react or only say how to answer.

    `read` parses a part. A message that is one sentence, or only reacts, is returned whole.
    """
    parts = [read(part) for part in _SENTENCE.split(whole.text) if part.strip()]
    if len(parts) < 2:
        return whole
    kept = list(parts)
    while len(kept) > 1 and _reacts(kept[0]):
        kept.pop(0)
    if len(kept) > 1 and _asks_plainly(kept[0]) and not any(map(_has_more, kept[1:])):
        kept = kept[:1]
    if len(kept) == len(parts):
        return whole
    return kept[0] if len(kept) == 1 else read(" ".join(m.text for m in kept))


def _reacts(m: Mentions) -> bool:
    """Whether a short sentence asks nothing and limits nothing."""
    return sum(not w.mark for w in m.words) <= _REACTION and "?" not in m.text and not _has_more(m)


def _asks_plainly(m: Mentions) -> bool:
    """Whether a sentence of few words asks for a field of the film under discussion."""
    asks = m.fields or m.cues["story"]
    return bool(asks) and not (m.films or m.people) and sum(not w.mark for w in m.words) <= 2 * _REACTION


def _has_more(m: Mentions) -> bool:
    """Whether a sentence names, limits or asks for something."""
    things = m.films or m.people or m.genres or m.places or m.amounts or m.fields or m.comparisons or m.cues["story"]
    return bool(things) or m.has(*_SAID)
