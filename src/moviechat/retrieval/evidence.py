"""Is this span of a text meant as a title? Quotation marks, years, capitals, and the form of the question tell."""

from __future__ import annotations

from collections.abc import Sequence

from moviechat.retrieval.slots import ASKING, BACK, FILM, FRAME
from moviechat.retrieval.text import JOINS, SMALL, Mention, Text
from moviechat.retrieval.titles import Titles
from moviechat.words import STOP

CERTAIN, FILLED, CAPITAL, RARE, POSSIBLE, NOT = 4, 3, 2, 1, 0, -1
_COMMON = 2  # passages a word of the title: titles whose words more of them hold are ordinary words
_NAMES = 6  # passages: capitalised words that more of them hold are names of something else
_PHRASE = 8  # letters of a rare phrase
_SERVICES = frozenset(("imdb", "netflix"))


def strength(read: Text, m: Mention, met: Sequence[Mention], titles: Titles, years: Sequence[int]) -> int:
    """How sure it is that a title is meant.

    CERTAIN where it is dated, quoted or all of the text; FILLED in a title's place; CAPITAL by its capitals; RARE for a
    phrase that the texts do not hold; POSSIBLE; or NOT. `met` are all mentions of the text, `years` those of the films.
    """
    if m.last - m.first == len(read.tokens):
        return CERTAIN
    if beside := read.year(m):
        return _dated(read, m, *beside, years) if not read.asks or _whole(read, m, met) else POSSIBLE
    if read.quoted(m) and (read.asks or m.last - m.first > 1):
        return CERTAIN
    if not read.asks or (read.key(m.first, m.last) in BACK and not read.capital(m.first)):
        return NOT
    if (m.first, m.last) in read.slots.welcomed or (_whole(read, m, met) and _said_to_be_film(read, m)):
        return FILLED
    if not _whole(read, m, met):
        return POSSIBLE
    if any(m.overlaps(*s) for s in read.slots.demanded) and not _one_of_several(read, m, met):
        return POSSIBLE
    return _free(read, m, titles)


def _one_of_several(read: Text, m: Mention, met: Sequence[Mention]) -> bool:
    """Whether the mention and another one share the place of a title: "who directed X and Y"."""
    joined = [k for k in (m, *met) if (k.first, k.last) in read.slots.joined]
    return m in joined and any(not k.overlaps(m.first, m.last) for k in joined)


def _dated(read: Text, m: Mention, year: int, bracketed: bool, years: Sequence[int]) -> int:
    if all(abs(year - y) > 1 for y in years):
        return NOT
    return CERTAIN if bracketed or (read.asks and read.key(m.first, m.last) not in BACK) else NOT


def _said_to_be_film(read: Text, m: Mention) -> bool:
    """Whether the words before say so: the film X, a movie called X."""
    before = [t.word for t in read.tokens[max(0, m.first - 2) : m.first]]
    if not before or read.breaks(m.first):
        return False
    return before[-1] in ("called", "titled", "named") or (before[-1] in FILM and before[0] in ("the", "film", "movie"))


def _free(read: Text, m: Mention, titles: Titles) -> int:
    """Strength of a mention that its own words and its neighbours speak for."""
    lower, upper = (int(c) for c in titles.plain[list(m.names)].max(axis=0))
    if _stray_number(read, m):
        return POSSIBLE
    words = read.tokens[m.first : m.last]
    telling = sum(t.word not in STOP for t in words)
    common = lower + upper > _COMMON * len(words)
    if _capitalised(read, m):
        # Words that the texts write small are ordinary, and no name either: a capital makes a title of them.
        return CAPITAL if lower >= upper or upper <= _NAMES else POSSIBLE
    if _written_small(read, m) or common or not telling:
        return POSSIBLE
    if read.placed(m.first, m.last):
        return FILLED
    return RARE if telling >= 2 and lower + upper == 0 and sum(len(t.key) for t in words) >= _PHRASE else POSSIBLE


def _stray_number(read: Text, m: Mention) -> bool:
    """Whether the mention is a number that belongs to the word before it ("Teen Beach 2"), or a year in brackets."""
    if not read.key(m.first, m.last).isdigit() or not m.first:
        return False
    beside = read.gaps[m.first] == " " and read.tokens[m.first - 1].word not in FRAME
    return beside or read.gaps[m.first].endswith(("(", "["))


def _capitalised(read: Text, m: Mention) -> bool:
    major = [i for i in range(m.first, m.last) if read.tokens[i].word not in SMALL] or [m.first]
    return all(read.capital(i) or (read.opens(i) and i == m.first and len(major) > 1) for i in major)


def _written_small(read: Text, m: Mention) -> bool:
    """Whether a text that knows capitals writes the mention without one, as it writes no title."""
    return read.cased and not any(read.tokens[i].raw[0].isupper() for i in range(m.first, m.last))


def _whole(read: Text, m: Mention, met: Sequence[Mention]) -> bool:
    """Whether the mention is not a piece of a longer capitalised name ("Oz" of "Wizard of Oz")."""
    return not read.cased or not (_goes_on(read, m, met, -1) or _goes_on(read, m, met, 1))


def _goes_on(read: Text, m: Mention, met: Sequence[Mention], step: int) -> bool:
    i, joined = (m.last if step > 0 else m.first - 1), False
    while 0 <= i < len(read.tokens) and not read.breaks(i if step > 0 else i + 1):
        token = read.tokens[i]
        if token.word in _SERVICES or (step > 0 and ":" in read.gaps[i] and token.word in ASKING):
            return False
        joined = joined or "," in read.gaps[i if step > 0 else i + 1]
        if read.capital(i):
            return not (joined and any(k.overlaps(i, i + 1) and not k.overlaps(m.first, m.last) for k in met))
        if token.raw not in SMALL and token.raw not in JOINS:
            return False
        joined = joined or token.raw in JOINS
        i += step
    return False
