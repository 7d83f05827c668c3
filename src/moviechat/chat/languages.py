"""Messages in other languages: which one it is, and its words in English, from the tables in glosses/."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from moviechat.chat.tokens import Word
from moviechat.words import fold

CODES = ("es", "fr", "de", "it", "pt", "hi")
_TABLES = Path(__file__).with_name("glosses")
_QUOTE = re.compile(r"['’´`]")
# A word counts for a language that has it, the more the seldomer it is in English: fully below the second, not above
# the first of these Zipf frequencies. One that is not in the table and as frequent as the third counts for English.
_OFTEN, _SELDOM, _ENGLISH = 5.0, 2.5, 3.5
_ENOUGH = 1.0
Table = Mapping[str, Sequence[tuple[tuple[str, ...], tuple[str, ...]]]]  # phrases and their English, by first word


@cache
def table(code: str) -> Table:
    """The glosses of a language, the longest phrases first."""
    found: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = defaultdict(list)
    for line in (_TABLES / f"{code}.txt").read_text(encoding="utf-8").splitlines():
        phrase, _, english = line.partition(" =")
        said = tuple(phrase.split())
        found[said[0]].append((said, tuple(english.split())))
    for phrases in found.values():
        phrases.sort(key=lambda p: -len(p[0]))
    return found


@cache
def _single(code: str) -> frozenset[str]:
    return frozenset(word for phrases in table(code).values() for said, _ in phrases for word in said)


def language(words: Sequence[Word]) -> str:
    """The code of the language that a message is in; "en" where nothing speaks for another one."""
    said = [norm for norm, _ in _parts(words) if norm.isalpha()]
    scores = {code: _evidence(said, code) for code in CODES}
    best = max(CODES, key=lambda code: scores[code])
    return best if scores[best] >= _ENOUGH else "en"


def _evidence(said: Sequence[str], code: str) -> float:
    """How much more speaks for a language than for English."""
    own = sum(_share(norm) for norm in said if norm in _single(code))
    english = sum(_zipf(norm) >= _ENGLISH for norm in said if norm not in _single(code))
    return own if own > english else 0.0


def _share(norm: str) -> float:
    return min(1.0, max(0.0, (_OFTEN - _zipf(norm)) / (_OFTEN - _SELDOM)))


@cache
def _zipf(norm: str) -> float:
    from wordfreq import zipf_frequency

    return zipf_frequency(norm, "en")


def in_english(words: Sequence[Word], code: str) -> list[Word]:
    """The words of a message in English, as far as the table of its language has them; names stay."""
    parts, found, at = list(_parts(words)), list[Word](), 0
    phrases = table(code)
    while at < len(parts):
        norm, word = parts[at]
        for said, english in phrases.get(norm, ()):
            if all(n == s for (n, _), s in zip(parts[at : at + len(said)], said, strict=False)) and (
                at + len(said) <= len(parts)
            ):
                span = (word.span[0], parts[at + len(said) - 1][1].span[1])
                found += [Word(e, span, e) for e in english]
                at += len(said)
                break
        else:
            found.append(Word(norm, word.span, word.raw if norm == fold(word.raw) else norm))
            at += 1
    return found


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
