"""Numbers as limits: "under two hours", "7 or more", "2019-21", "nothing over 100 minutes"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from moviechat.chat.numbers import Number, numbers
from moviechat.chat.phrases import Phrases, Tag
from moviechat.chat.tokens import Word, norm_at

Field = Literal["year", "runtime", "rating", "votes"]
Bound = Literal["below", "most", "above", "least", "about", "is"]

BEFORE: Phrases[Bound] = Phrases(
    {
        "below": """under|below|less than|shorter than|fewer than|lower than|smaller than|sub|<|earlier than|older than
            |before|minus than|not even|lesser than|less then|prior to|pre|quicker than|worse than""",
        "most": """max|maximum|max of|maximum of|at most|at the most|up to|upto|no more than|no longer than
            |no later than|within|< =|≤|until|till|not exceed|not exceeding|not to exceed|maximally
            |not more long than|cap of""",
        "above": """over|above|more than|longer than|higher than|greater than|bigger than|better than|>|past|after
            |newer than|younger than|later than|exceeding|exceed|exceeds|north of|more then|longer then|upwards of
            |beyond|post""",
        "least": """at least|at the least|atleast|min|minimum|min of|minimum of|no less than|no fewer than|not less than
            |since|starting from|starting at|> =|≥|least|as of|no earlier than|not before|upward of|no lower than""",
        "is": "exactly|precisely|bang on",
        "about": """around|about|roughly|approx|approximately|circa|near|close to|somewhere around|more or less|~|kinda
            |kind of""",
    }
)
AFTER: Phrases[Bound] = Phrases(
    {
        "least": """+|plus|or more|or higher|or better|or above|or up|or longer|or over|or greater|or newer|or later
            |and up|and above|and more|and over|and higher|and on|and onwards|and onward|and later|and better|and newer
            |onwards|onward|upwards|upward|up|or upwards|and upwards|minimum|min|at least|at the least|is enough
            |will do|or more than that|and beyond|or most recent|as a minimum|is fine|suffices""",
        "most": """or less|or shorter|or under|or below|or fewer|or lower|or older|or earlier|and under|and below|tops
            |max|maximum|at most|at the most|and less|and shorter|and older|and earlier|is my limit|limit|or before
            |is the limit|as a maximum""",
        "about": "ish|or so|give or take|or thereabouts|more or less",
    }
)
_FLIP: dict[Bound, Bound] = {"above": "most", "below": "least", "most": "above", "least": "below"}
_NOT = frozenset("not no nothing never none without nobody skip exclude avoid neither nor hardly".split())
_LEAVE = frozenset((("leave", "out"), ("cut", "out"), ("rule", "out"), ("get", "rid")))
_REMOVES = frozenset("drop lose remove ditch bin scrap ban toss chuck filter omit hide kick".split())
_ANYTHING = frozenset("anything everything all any whatever stuff out those ones".split())
_REACH = 6  # words between a "not" and the comparison that it turns round
_FILLERS = frozenset(
    """a an the of is be it its like say maybe rating score runtime length duration imdb rated has have with that some
    something about or than only just of: : = at got get to votes least most lasts runs long on was are by""".split()
)
_ASKED: dict[Field, frozenset[str]] = {
    "rating": frozenset("rating ratings rated score scored scores stars imdb rate mark grade raiting vote".split()),
    "votes": frozenset("votes voted voters voting popularity".split()),
    "runtime": frozenset("""runtime length duration long lasts last lasting run runs running short shorter longer
        minutes""".split()),
    "year": frozenset("year years from released since".split()),
}  # fmt: skip
_UNITS: dict[str, Field] = {"minutes": "runtime", "votes": "votes", "points": "rating", "year": "year"}
_USUAL: dict[Field, Bound] = {"rating": "least", "runtime": "most", "votes": "least", "year": "is"}
_DIGIT = re.compile(r"\d")
_ABOUT = 0.1  # of a value: "around 90 minutes" is 81 to 99
_FILMS = frozenset("films titles options suggestions picks recommendations ideas choices results".split())
_FEW = 20  # films that somebody asks for at most with a "max"
_SHORTEST = 40  # minutes that are a wish for a film's length without a word that says so
_JOINS = frozenset("or and to - – / till until , o ou oder e y et und".split())


@dataclass(frozen=True, slots=True)
class Amount:
    """A limit on `field` from words [first, last): both ends included, None for an open one.

    `value` is the number that was said; `bounded` says that a comparison was, too ("under 90").
    """

    field: Field
    value: float
    low: float | None
    high: float | None
    bounded: bool
    first: int
    last: int


def amounts(words: Sequence[Word], stops: Sequence[bool]) -> tuple[list[Amount], list[Number]]:
    """The limits that the numbers of a message set, and the numbers left over; `stops[i]` ends the reach of a "not"."""
    found: list[Amount] = []
    left: list[Number] = []
    said = numbers(words)
    before, after = BEFORE.tags(words), AFTER.tags(words)
    at = 0
    while at < len(said):
        number = said[at]
        other = said[at + 1] if at + 1 < len(said) else None
        if other and (pair := _range(words, number, other)):
            found.append(pair)
            at += 2
            continue
        amount = _single(words, number, before, after, stops)
        left += [] if amount else [number]
        found += [amount] if amount else []
        at += 1
    return found, left


def _range(words: Sequence[Word], a: Number, b: Number) -> Amount | None:
    """Two numbers with a joint between them: "2019-21", "between 90 and 120 minutes", "6.5 to 8", "2021 22"."""
    between = [w.norm for w in words[a.last : b.first]]
    short = a.unit == "year" and b.value < 100 and a.value % 100 < b.value and b.unit == ""
    if short and between in ([], [","]):
        between = ["to"]
    if len(between) != 1 or between[0] not in _JOINS - {","}:
        return None
    opened = (a.first > 0 and words[a.first - 1].norm in ("between", "from")) or between[0] in ("-", "–", "to")
    field = _UNITS.get(b.unit) or _UNITS.get(a.unit) or _field(words, a, bounded=opened)
    high = a.value - a.value % 100 + b.value if short else b.value
    same = short or a.unit == b.unit or "" in (a.unit, b.unit)
    a, high = (a, high) if a.value <= high or short else (replace(a, value=high), a.value)
    if field is None or not same or not a.value < high or (not opened and field != "year") or b.unit == "other":
        return None
    if norm_at(words, b.last) in ("+", "plus"):
        return None
    return Amount(field, a.value, a.value, high, True, a.first - opened * (between[0] in ("and", "or")), b.last)


def _single(
    words: Sequence[Word],
    number: Number,
    before: Sequence[Tag[Bound]],
    after: Sequence[Tag[Bound]],
    stops: Sequence[bool],
) -> Amount | None:
    if number.unit == "other" or _counts(words, number):
        return None
    first, bound = _bound_before(words, number, before, stops)
    last, behind = _bound_after(words, number, after)
    bound = bound or behind
    if bound is None and number.unit == "minutes" and _denied(words, number.first, stops):
        bound = "below"  # "it should not take three hours"
    field = _UNITS.get(number.unit) or _field(words, number, bounded=bound not in (None, "is"))
    if (
        field is None
        or not _sane(field, number.value)
        or (field == "runtime" and number.value < _SHORTEST and not bound)
    ):
        return None
    low, high = _ends(field, number.value, bound or _USUAL[field])
    return Amount(field, number.value, low, high, bound is not None, first, last)


def _counts(words: Sequence[Word], number: Number) -> bool:
    """Whether a number counts films: "top ten", "the five longest", "three max"."""
    before = words[number.first - 1].norm if number.first else ""
    least = (
        100
        if before in ("top", "best", "first", "bottom", "worst", "last")
        else 5
        if before in ("the", "those", "these", "both")
        else 0
    )
    after = norm_at(words, number.last)
    few = after in _FILMS or (after in ("max", "maximum", "tops") and not _rates(words, number))
    most = _FEW if few else 0
    return number.unit == "" and number.value <= max(least, most)


def _rates(words: Sequence[Word], number: Number) -> bool:
    """Whether a word near a number says that it is a rating."""
    return any(words[at].norm in _ASKED["rating"] for at in _around(words, number))


def _bound_before(
    words: Sequence[Word], number: Number, before: Sequence[Tag[Bound]], stops: Sequence[bool]
) -> tuple[int, Bound | None]:
    near = [t for t in before if t.last <= number.first and _fillers(words, t.last, number.first)]
    if not near:
        return number.first, None
    tag = near[-1]
    flipped = _FLIP.get(tag.value) if _denied(words, tag.first, stops) else None
    return tag.first, flipped or tag.value


def _fillers(words: Sequence[Word], first: int, last: int) -> bool:
    return last - first <= 4 and all(w.norm in _FILLERS for w in words[first:last])


def _denied(words: Sequence[Word], at: int, stops: Sequence[bool]) -> bool:
    for i in range(at - 1, max(-1, at - 1 - _REACH), -1):
        if stops[i]:
            return False
        after = norm_at(words, i + 1)
        if (
            words[i].norm in _NOT
            or (words[i].norm, after) in _LEAVE
            or (words[i].norm in _REMOVES and after in _ANYTHING)
        ):
            return True
        if words[i].norm == "and":
            return False
    return False


def _bound_after(words: Sequence[Word], number: Number, after: Sequence[Tag[Bound]]) -> tuple[int, Bound | None]:
    if words[number.last - 1].norm.endswith("ish"):
        return number.last, "about"  # "an hour and fortyish"
    if any(w.norm == "+" for w in words[number.first : number.last]):
        return number.last, "least"
    if number.unit == "year" and norm_at(words, number.last) == "on":
        return number.last + 1, "least"  # "from 2020 on"
    skipped = number.last
    while skipped < len(words) and words[skipped].norm in (
        "imdb",
        "votes",
        "rating",
        "stars",
        "on",
        "minutes",
        "years",
    ):
        skipped += 1
    for tag in after:
        if tag.first in (number.last, skipped) and not _number_follows(words, tag):
            return tag.last, tag.value
    return number.last, None


def _number_follows(words: Sequence[Word], tag: Tag[Bound]) -> bool:
    """Whether "and below" leads to the next number instead of ending this one."""
    joined = words[tag.first].norm in ("and", "or") and tag.last - tag.first > 1
    return joined and bool(_DIGIT.match(norm_at(words, tag.last)))


def _field(words: Sequence[Word], number: Number, *, bounded: bool) -> Field | None:
    """What a number without a unit measures: by the word that asks for it nearby, else by its size."""
    for at in _around(words, number):
        for field, asked in _ASKED.items():
            if words[at].norm in asked and _sane(field, number.value) and _fits(field, number.value):
                return field
    if not bounded:
        return None
    value = number.value
    return "rating" if 1 <= value <= 10 else "runtime" if 30 <= value <= 600 else "votes" if value >= 1000 else None


def _around(words: Sequence[Word], number: Number) -> Iterator[int]:
    for at in range(number.first - 1, max(-1, number.first - 6), -1):
        if words[at].norm in (",", ".", ";", "\n"):
            break
        yield at
    for at in range(number.last, min(len(words), number.last + 4)):
        if words[at].mark:
            break
        yield at


def _fits(field: Field, value: float) -> bool:
    return {"rating": 1 <= value <= 10, "runtime": 30 <= value <= 600, "votes": value >= 100, "year": value >= 1880}[
        field
    ]


def _sane(field: Field, value: float) -> bool:
    return {"rating": 0 <= value <= 10, "runtime": value <= 1500, "votes": value < 1e9, "year": 1880 <= value < 2100}[
        field
    ]


def _ends(field: Field, value: float, bound: Bound) -> tuple[float | None, float | None]:
    step = 0.1 if field == "rating" else 1
    match bound:
        case "below":
            return None, round(value - step, 1)
        case "most":
            return None, value
        case "above":
            return round(value + step, 1), None
        case "least":
            return value, None
        case "about" if field != "year":
            wide = max(value * _ABOUT, 0.3)
            return round(value - wide, 1), round(value + wide, 1)
        case _:
            return value, value


def narrowed(amount: Amount, low: float | None, high: float | None) -> Amount:
    """The amount with other ends."""
    return replace(amount, low=low, high=high)
