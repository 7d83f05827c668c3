"""Numbers as people write them: 100k, 7,5, half a million, an hour and forty, 2h10."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from moviechat.chat.tokens import Word, norm_at
from moviechat.words import NUMBER_WORDS

Unit = Literal["minutes", "votes", "points", "year", "other", ""]

_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
_HOURS = frozenset("h hr hrs hour hours hs".split())
_MINUTES = frozenset("min mins minute minutes minuts m".split())
_VOTES = frozenset("vote votes voters voter ratings reviews raters users".split())
_POINTS = frozenset("star stars point points".split())
_SCALES = {"k": 1000, "thousand": 1000, "hundred": 100, "m": 10**6, "mio": 10**6, "million": 10**6, "mln": 10**6}
_POINTS_MOST = 10
_PEOPLE = frozenset("people persons viewers".split())
# A number before one of these measures something other than films.
_OTHER = frozenset(
    """year years yo y old month months week weeks day days night nights kid kids child children friends guys
        girls of times euros euro dollars bucks percent % pm am kg km miles seasons episodes series parts o g
        channels screens""".split()
)
_ONES = frozenset(("a", "an", "one"))


@dataclass(frozen=True, slots=True)
class Number:
    """A number from words [first, last): its value in `unit` ("" if none is given)."""

    value: float
    unit: Unit
    first: int
    last: int


def numbers(words: Sequence[Word]) -> list[Number]:
    """The numbers of a message, in order."""
    found: list[Number] = []
    at = 0
    while at < len(words):
        number = _duration(words, at) or _amount(words, at)
        if number:
            found.append(number)
        at = number.last if number else at + 1
    return found


def _duration(words: Sequence[Word], at: int) -> Number | None:
    """Hours and minutes: "2h10", "an hour and a half", "two and a half hours", "90 min"."""
    value, end = _plain(words, at)
    if value is None and norm_at(words, at) == "half" and norm_at(words, at + 1) in _ONES:
        return Number(30, "minutes", at, at + 3) if norm_at(words, at + 2) in _HOURS else None
    if value is None and norm_at(words, at) in _HOURS and norm_at(words, at + 1) == "and":
        value, end = 1, at  # "hour and a half"
    if value is None:
        return None
    half, end = _half(words, end)
    if norm_at(words, end) == "+" and norm_at(words, end + 1) in _HOURS | _MINUTES:
        unit = 60 if norm_at(words, end + 1) in _HOURS else 1
        return Number((value + half) * unit, "minutes", at, end + 2)  # "5+ hours"
    end = end + 1 if norm_at(words, end) == "-" and norm_at(words, end + 1) in _HOURS | _MINUTES else end
    if norm_at(words, end) in _HOURS:
        minutes, last = _minutes_after(words, end + 1)
        return Number((value + half) * 60 + minutes, "minutes", at, last)
    million = norm_at(words, end) == "m" and (value != int(value) or norm_at(words, end + 1) in _VOTES)
    if norm_at(words, end) in _MINUTES and not half and not million:
        return Number(value, "minutes", at, end + 1)
    return None


def _half(words: Sequence[Word], at: int) -> tuple[float, int]:
    said = [norm_at(words, at + i) for i in range(3)]
    if said[:2] == ["and", "half"]:
        return 0.5, at + 2
    return (0.5, at + 3) if said == ["and", "a", "half"] else (0.0, at)


def _minutes_after(words: Sequence[Word], at: int) -> tuple[float, int]:
    half, end = _half(words, at)
    if half:
        return 30, end
    start = at + 1 if norm_at(words, at) == "and" else at
    step = start + 1 if norm_at(words, start) in ("a", "three") else start
    if norm_at(words, step) in ("quarter", "quarters"):
        return 45 if norm_at(words, start) == "three" else 15, step + 1
    value, end = _plain(words, start)
    if value is None or not 0 <= value < 60 or value != int(value) or norm_at(words, start) in _ONES:
        return 0, at
    if norm_at(words, end) in _MINUTES:
        return value, end + 1
    # "2 hrs 15", "an hour and forty"; but not "2h 7+"
    other = norm_at(words, end) == "or" and norm_at(words, end + 1)[:1].isdigit()
    bare = value >= 5 and not other and norm_at(words, end) not in ("+", "/", "votes", "stars", "k")
    return (value, end) if bare else (0, at)


def _amount(words: Sequence[Word], at: int) -> Number | None:
    value, end = _plain(words, at)
    if value is None:
        return None
    if value <= _POINTS_MOST and norm_at(words, end) == "s":
        end += 1  # "only 7s and up"
    half, end = _half(words, end) if value <= _POINTS_MOST else (0.0, end)
    value, end = _scaled(words, value + half, end)
    unit, last = _unit(words, value, end)
    if unit == "" and norm_at(words, at) in _ONES and end == at + 1:
        return None  # "a" and "one" alone are not numbers
    return Number(value, unit, at, last)


def _plain(words: Sequence[Word], at: int) -> tuple[float | None, int]:
    """The number that begins at word `at`, without its scale, and where it ends."""
    norm = norm_at(words, at)
    if _DIGITS.fullmatch(norm):
        return _digits(words, at)
    if norm == "half" and norm_at(words, at + 1) in _ONES and norm_at(words, at + 2) in ("million", "thousand"):
        return 0.5, at + 2
    if norm in _ONES:
        following = norm_at(words, at + 1)
        return (1, at + 1) if norm == "one" or following in _SCALES or following in _HOURS else (None, at)
    value = NUMBER_WORDS.get(norm.removesuffix("ish"))
    if value is None or norm in _SCALES:
        return None, at
    end = at + 1
    tenth = NUMBER_WORDS.get(norm_at(words, end + 1), 10)
    if norm_at(words, end) == "point" and value <= 10 and tenth < 10:
        return value + tenth / 10, end + 2  # "six point five"
    step = end + 1 if norm_at(words, end) == "-" else end
    ones = NUMBER_WORDS.get(norm_at(words, step), 0)
    if value == 20 and ones in (19, 20):  # "twenty nineteen", "twenty twenty one"
        end = step + 2 if norm_at(words, step + 1) == "-" else step + 1
        later = NUMBER_WORDS.get(norm_at(words, end), 0)
        return (2000 + ones + later, end + 1) if ones == 20 and 0 < later < 10 else (2000 + ones, step + 1)
    if value >= 20 and value % 10 == 0 and 0 < ones < 10:
        return value + ones, step + 1
    return value, end


def _digits(words: Sequence[Word], at: int) -> tuple[float, int]:
    norm = words[at].norm
    if re.fullmatch(r"\d{1,2}[.,]\d", norm):
        return float(norm.replace(",", ".")), at + 1
    if re.fullmatch(r"\d+\.\d{1,2}", norm):
        return float(norm), at + 1
    digits = re.sub(r"[.,]", "", norm)[:12]
    end = at + 1
    while len(digits) <= 9 and re.fullmatch(r"\d00|000|\d50", norm_at(words, end)) and len(words[at].norm) <= 3:
        digits, end = digits + words[end].norm, end + 1  # "100 000"
    return float(digits), end


def _scaled(words: Sequence[Word], value: float, at: int) -> tuple[float, int]:
    while (scale := _SCALES.get(norm_at(words, at))) is not None:
        value, at = value * scale, at + 1
    return value, at


def _unit(words: Sequence[Word], value: float, at: int) -> tuple[Unit, int]:
    norm = norm_at(words, at)
    if norm == "/" and norm_at(words, at + 1) in ("10", "ten"):
        return "points", at + 2
    if [norm_at(words, at + i) for i in range(3)] in (["out", "of", "10"], ["out", "of", "ten"]):
        return "points", at + 3
    step = at + 1 if norm in ("imdb", "user", "+") else at  # "50k imdb votes", "100k+ votes"
    if norm_at(words, step) in _VOTES and (value >= 100 or norm_at(words, step) in ("votes", "voters")):
        return "votes", step + 1 if norm != "+" else at
    if norm in _PEOPLE and value >= 100:
        return "votes", at + 1
    if norm in _POINTS:
        return "points", at + 1
    if norm in _OTHER or (norm == "-" and norm_at(words, at + 1) in _OTHER):
        return "other", at + 1
    spelt = words[at - 1].norm.isalpha() and words[at - 1].norm in NUMBER_WORDS
    whole = value == int(value) and 1880 <= value < 2100 and (len(words[at - 1].norm) == 4 or spelt)
    return ("year", at) if whole and norm not in _VOTES | _PEOPLE else ("", at)
