"""English words for the checks and the linker: tokens, stems, numbers, sentences."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

TOKEN = re.compile(r"\d+(?:[.,]\d+)+|[^\W_]+(?:['’][^\W_]+)*")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*\s+(?=[\"'“‘(\[]*(\w))")
_ABBREVIATION = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr|St|Jr|Sr|vs|No|Lt|Col|Gen|Prof)|\b[A-Z])\.$")

STOP = frozenset(
    """a about after again against all also am an and any are as at be because been before being below between both but
    by can could did do does doing down during each either else ever few for from further had has have having he her
    here hers herself him himself his how however i if in into is it its itself just like may me might more most much
    must my myself neither no nor not now of off on once one only onto or other our ours out over own per rather same
    she should since so some such than that the their theirs them themselves then there these they this those through
    to too toward towards under until up upon us very was way we well were what when where whether which while who whom
    whose why will with within without would yes yet you your yours""".split()
)

LONGEST = 200  # letters of a folded word that are kept; U+FDFA alone folds to eighteen
_POSSESSIVE = re.compile(r"['’]s?$")
_SMALL = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen".split()
_SMALL += "seventeen eighteen nineteen".split()
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
NUMBER_WORDS = {w: n for n, w in enumerate(_SMALL)} | _TENS | {"hundred": 100, "thousand": 1000, "million": 1_000_000}


def fold(text: str) -> str:
    """Lower case without diacritics: "Amélie" -> "amelie"."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in plain if not unicodedata.combining(c))


def tokens(text: str) -> list[str]:
    """The words of `text` as written, without possessive endings."""
    return [_POSSESSIVE.sub("", t.group()) for t in TOKEN.finditer(text)]


def stem(word: str) -> str:
    """The Snowball English stem of a folded word (Porter, 1980; https://snowballstem.org)."""
    return _stem(word[:LONGEST])


@lru_cache(maxsize=65536)  # of words that are cut: kept whole, they would be a way to fill the memory
def _stem(word: str) -> str:
    return str(_stemmer().stemWord(fold(word)[:LONGEST]))


@cache
def _stemmer():  # type: ignore[no-untyped-def]
    import Stemmer

    return Stemmer.Stemmer("english")


def number(word: str) -> str | None:
    """The number of a word, in digits ("seven" -> "7", "1920s" -> "1920", "5.0" -> "5"), or None."""
    lower = word.lower().replace(",", "")
    if digits := re.fullmatch(r"(\d+)(?:s|st|nd|rd|th|\.0+)?|(\d+\.\d+)", lower):
        return digits.group(1) or digits.group(2)
    value = NUMBER_WORDS.get(lower)
    return None if value is None else str(value)


def sentences(text: str) -> list[str]:
    """Split at sentence ends; joined with spaces they are the text again (with white space collapsed)."""
    folded, found, start = " ".join(text.split()), [], 0
    for end in _SENTENCE_END.finditer(folded):
        piece = folded[start : end.end()].rstrip()
        if not end.group(1).islower() and not _ABBREVIATION.search(piece):
            found.append(piece)
            start = end.end()
    return [*found, folded[start:]] if folded[start:] else found
