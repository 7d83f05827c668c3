"""Keys of names: spellings that differ only in case, diacritics, spaces, hyphens or punctuation share a key."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from moviechat.words import LONGEST, fold

# Scripts written without spaces: each character is a token, so that names are found within sentences.
_UNSPACED = "\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3"
_TOKEN = re.compile(rf"&|[{_UNSPACED}]|[^\W_{_UNSPACED}]+")
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ß": "ss"})
_SAME = {"&": "and", "zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6"}
_SAME |= {"seven": "7", "eight": "8", "nine": "9", "ten": "10", "ii": "2", "iii": "3", "iv": "4", "vi": "6"}
_SAME |= {"vii": "7", "viii": "8", "ix": "9", "versus": "vs", "v": "vs", "doctor": "dr", "mister": "mr"}
_SAME |= {"teh": "the", "hte": "the", "adn": "and"}  # swapped so often that word lists contain the results
INSTALMENT = frozenset("part chapter volume vol episode".split())
_COUNTED = {"i": "1", "v": "5", "x": "10"}  # Roman numerals that are words or letters unless they count instalments


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text: `text[start:end]` is `raw`, `word` is it folded, `key` its part of a name's key."""

    start: int
    end: int
    raw: str
    word: str
    key: str


def tokenize(text: str, limit: int | None = None) -> list[Token]:
    """The words of `text` (any text), at most `limit` of them."""
    found: list[Token] = []
    for match in _TOKEN.finditer(text):
        if word := _plain(match.group()[:LONGEST]):
            counted = word in _COUNTED and found and found[-1].word in INSTALMENT
            same = _COUNTED[word] if counted else _SAME.get(word, word)
            found.append(Token(match.start(), match.end(), match.group(), word, same))
        if len(found) == limit:
            break
    return found


@lru_cache(maxsize=65536)
def _plain(word: str) -> str:
    return fold(word)[:LONGEST].translate(_LETTERS)


def spelled(name: str) -> str:
    """The key of a name with its numbers as written ("Onward Two" -> "onwardtwo"), used to find typos."""
    return "".join(token.word for token in tokenize(name))


def key(name: str) -> str:
    """The key of a name ("Spider-Man: No Way Home" -> "spidermannowayhome"); "" if it has no letter or digit."""
    return "".join(token.key for token in tokenize(name))
