"""Messages in other languages: which one it is, and its words in English, from the tables in glosses/."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from moviechat.chat.phrases import Phrases
from moviechat.chat.tokens import Word, often
from moviechat.words import fold

NAMES = {"spanish": "es", "french": "fr", "german": "de", "italian": "it", "portuguese": "pt", "hindi": "hi"}
CODES = tuple(NAMES.values())
_TABLES = Path(__file__).with_name("glosses")
_QUOTE = re.compile(r"['’´`]")
# A word counts for a language that has it, the more the seldomer it is in English: fully below the second, not above
# the first of these Zipf frequencies. One that is not in the table and as frequent as the third counts for English.
_OFTEN, _SELDOM, _ENGLISH = 5.0, 2.5, 3.5
_ENOUGH, _FOR_USED = 1.0, 0.3  # evidence for a language, and for the one that was used before: "nach 2020"
Gloss = tuple[tuple[str, ...], tuple[str, ...]]  # the words of a phrase, and its English


@cache
def _glosses(code: str) -> list[Gloss]:
    return [(tuple(phrase.split()), tuple(english.split())) for phrase, english in _pairs(code)]


def _pairs(name: str) -> Iterator[tuple[str, str]]:
    for line in (_TABLES / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        phrase, _, said = line.partition(" =")
        yield phrase, said


@cache
def table(code: str) -> Phrases[tuple[str, ...]]:
    """The glosses of a language."""
    return Phrases.spelled(_glosses(code))


@cache
def _single(code: str) -> frozenset[str]:
    return frozenset(word for said, _ in _glosses(code) for word in said)


@cache
def _shared() -> dict[str, float]:
    """The words of the tables that English has, too, with their Zipf frequencies there above `_SELDOM` (wordfreq).

    They are kept in a file because a cold start would pay a third of a second for the frequencies of all words.
    """
    return {word: float(zipf) for word, zipf in _pairs("english")}


def language(words: Sequence[Word], used: str = "en") -> str:
    """The code of the language that a message is in, "en" where nothing speaks for another one; `used` was before."""
    said = [norm for norm, _ in _parts(words) if norm.isalpha()]
    scores = {code: _evidence(said, code, _FOR_USED if code == used else _ENOUGH) for code in CODES}
    best = max(CODES, key=lambda code: scores[code])
    return best if scores[best] else "en"


def _evidence(said: Sequence[str], code: str, least: float) -> float:
    """How much speaks for a language, 0 if it is less than `least` or than what speaks for English."""
    own = sum(_share(norm) for norm in said if norm in _single(code))
    if own < least:
        return 0.0
    english = sum(often(norm) >= _ENGLISH for norm in said if norm not in _single(code))
    return own if own > english else 0.0


def _share(norm: str) -> float:
    return min(1.0, max(0.0, (_OFTEN - _shared().get(norm, 0.0)) / (_OFTEN - _SELDOM)))


def in_english(words: Sequence[Word], code: str) -> list[Word]:
    """The words of a message in English, as far as the table of its language has them; names stay."""
    said = [Word(norm, word.span, word.raw) for norm, word in _parts(words)]
    found, at = list[Word](), 0
    for tag in table(code).tags(said):
        if tag.first and len(said[tag.first].norm) == 1 and said[tag.first - 1].norm.isdigit():
            continue  # "2h10" is a length in any language
        span = said[tag.first].span[0], said[tag.last - 1].span[1]
        found += [*map(_kept, said[at : tag.first]), *(Word(english, span, english) for english in tag.value)]
        at = tag.last
    return [*found, *map(_kept, said[at:])]


def _kept(word: Word) -> Word:
    return word if word.norm == fold(word.raw) else Word(word.norm, word.span, word.norm)


def _parts(words: Sequence[Word]) -> Iterator[tuple[str, Word]]:
    """The words as written, folded, without the forms that are opened in English; an elided article is a word."""
    before = None
    for word in words:
        if word.mark or word.span[1] - word.span[0] != len(word.raw) or word.norm in "§¶":
            yield word.norm, word
        elif word.span != before:
            for part in _QUOTE.split(fold(word.raw)):
                if part:
                    yield part, word
        before = word.span
