"""Words with a typo, as the words of the tables that they were meant to be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from moviechat.chat import genres
from moviechat.chat.cues import COMPARISONS, CUES, ORDERS
from moviechat.chat.fields import asking
from moviechat.chat.phrases import Phrases
from moviechat.chat.places import PLACES
from moviechat.chat.tokens import Word, often
from moviechat.chat.vague import VAGUE

_LETTERS = 5  # minimum of a word that may have a typo
_WRITTEN = 2.5  # minimum Zipf frequency of a word that is not a typo


def spelled(said: Sequence[Word], denying: frozenset[str]) -> list[Word]:
    """The words, seldom ones with one wrong letter corrected to a word of the tables or one of `denying`."""
    return [_right(word, denying) for word in said]


def _right(word: Word, denying: frozenset[str]) -> Word:
    norm = word.norm
    mistaken = len(norm) >= _LETTERS and norm.isalpha() and word.raw[:1].islower() and norm not in _all()
    if not mistaken or norm in denying or often(norm) >= _WRITTEN:
        return word
    from rapidfuzz.distance import OSA

    like = (*_by_letter().get(norm[0], ()), *sorted(w for w in denying if len(w) >= _LETTERS and w[0] == norm[0]))
    near = [w for w in like if OSA.distance(w, norm, score_cutoff=1) == 1]
    return Word(near[0], word.span, word.raw) if near else word


@cache
def _all() -> frozenset[str]:
    tables: list[Phrases[Any]] = [genres.table(), PLACES, asking(), COMPARISONS, ORDERS, VAGUE, *CUES.values()]
    return frozenset().union(*(table.words for table in tables))


@cache
def _by_letter() -> Mapping[str, Sequence[str]]:
    """The long words of the tables by their first letter; people seldom mistake it."""
    found = defaultdict[str, list[str]](list)
    for word in sorted(w for w in _all() if len(w) >= _LETTERS and w.isalpha()):
        found[word[0]].append(word)
    return found
