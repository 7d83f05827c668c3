"""The part of a message that asks: without a reaction before it ("lol nice. and the director?"), or talk after it."""

from __future__ import annotations

import re
from collections.abc import Callable

from moviechat.chat.cues import Cue
from moviechat.chat.mentions import Mentions
from moviechat.chat.names import left_over
from moviechat.chat.questions import is_open

_SENTENCE = re.compile(r"(?<=[.!?…\n])(?<!\b\w\.)\s+|\n+")  # not after an initial
_REACTION = 4  # maximum words of a reaction
_SAID: tuple[Cue, ...] = (
    "want",
    "like",
    "seen",
    "hated",
    "drop",
    "undo",
    "reset",
    "only",
    "swap",
    "correct",
    "recall",
    "which",
)


def asking_part(whole: Mentions, read: Callable[[str], Mentions]) -> Mentions:
    """The mentions of a message without the sentences that only react or only say how to answer.

    `read` parses a part. A message that is one sentence, or only reacts, is returned whole.
    """
    texts = [text for text in _SENTENCE.split(whole.text) if text.strip()]
    if len(texts) < 2:
        return whole
    parts = [read(text) for text in texts]
    kept = list(parts)
    if (at := next((i for i, part in enumerate(parts) if i and _corrects(part)), 0)) and parts[at - 1].films:
        kept = parts[at:]  # "the outfit? no sorry, his house"
    while len(kept) > 1 and (_reacts(kept[0]) or _is_aside(kept[0], kept[1])):
        kept.pop(0)
    while len(kept) > 1 and _ends(kept[-1]):
        kept.pop()  # "nothing else."
    if len(kept) > 1 and _asks_plainly(kept[0]) and not any(map(_has_more, kept[1:])):
        kept = kept[:1]
    if len(kept) == len(parts):
        return whole
    return kept[0] if len(kept) == 1 else read(" ".join(m.text for m in kept))


def _corrects(m: Mentions) -> bool:
    """Whether a sentence takes the film before back and names another one."""
    return bool(m.films) and m.norms[0] in ("no", "sorry", "wait", "nah", "actually", "scratch")


def _reacts(m: Mentions) -> bool:
    """Whether a short sentence asks nothing and limits nothing."""
    refuses = any(m.denied) and bool(left_over(m))  # "no chris at all"
    return m.size <= _REACTION and "?" not in m.text and not (refuses or _has_more(m))


def _ends(m: Mentions) -> bool:
    """Whether a last sentence only says that no more is asked, or thanks."""
    talk = {i for t in m.smalltalk for i in range(t.first, t.last)}
    polite = all(w.mark or i in talk for i, w in enumerate(m.words))
    return _reacts(m) and not left_over(m) and (any(m.denied) or polite) and not is_open(m)


def _is_aside(m: Mentions, after: Mentions) -> bool:
    """Whether a sentence tells how the last answer pleases, before a plain question: "funny. and who directed it".

    It may compare with what was expected: "longer than i thought. genre?"
    """
    things = m.films or m.people or m.places or m.amounts or m.fields or m.has(*_SAID) or "?" in m.text
    short = m.size == 1 or (m.comparisons and m.size <= 2 * _REACTION)
    return bool(short) and not things and bool(after.fields) and _asks_plainly(after)


def _asks_plainly(m: Mentions) -> bool:
    """Whether a sentence of few words asks for a field of the film under discussion."""
    asks = m.fields or m.cues["story"]
    return bool(asks) and not (m.films or m.people or m.amounts) and m.size <= 2 * _REACTION


def _has_more(m: Mentions) -> bool:
    """Whether a sentence names, limits or asks for something."""
    things = m.films or m.people or m.genres or m.places or m.amounts or m.fields or m.comparisons or m.cues["story"]
    if not things and m.has("hated") and m.size == 1:
        return False  # "meh."
    more = any(not m.denied[t.first] for t in m.cues["more"])  # "nothing else" wants no more
    return bool(things) or more or m.has(*_SAID)
