"""Features that tell whether a span of a text is meant as a title: its words, their spelling, and the context."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from moviechat.linking.around import Around
from moviechat.linking.candidates import Candidate
from moviechat.linking.score import Features
from moviechat.linking.text import Span, Text
from moviechat.linking.titles import PART
from moviechat.linking.vocabulary import BACK, FRAME, MONTHS, SERVICES
from moviechat.words import STOP

_HOW = ("exact", "alternative", "part", "fragment")
_FAME, _LENGTHS = (500, 5_000, 50_000), (5, 7, 9, 12)  # votes, letters: bins for judging typos
# If all other words of a text ask for a film's name, other features matter than in a sentence with content words.
_OWN = frozenset(("strange", "rare", "word", "often"))
_ALONE = ("kind", "votes", "common", "outside", "letters", "words", "plain", "typo known", "typo strange")
_SIDES = ("left", "right", "between", "case")
_EDGES = FRAME - {"the", "a", "an"}
_MOST_VOTES = math.log(2_000_000)
_UNITS = frozenset("min mins minutes hours hour hrs votes years year people k percent stars times days".split())


@dataclass(frozen=True, slots=True)
class Known:
    """What the tables say of a candidate: its best kind of spelling, most votes, years, plain counts, evidence."""

    kind: int
    votes: int
    years: frozenset[int]
    plain: tuple[int, int]
    people: bool
    genre: bool
    outside: bool


def features(around: Around, c: Candidate, known: Known) -> Features:
    """All features of a candidate by itself."""
    common = around.common(c.span)
    found = _name(around.read, around.zipf, c, known, common)
    left, right = around.left[c.span[0]], around.right[c.span[1]]
    place = {f"left={left}": 1.0, f"right={right}": 1.0, f"between={left}.{right}": 1.0}
    if left in ("the", "a", "own", "be") and c.span[0] >= 1:
        place[f"before {left}={around.left[c.span[0] - 1]}"] = 1.0
    place |= around.rest(c.span)
    place |= around.beyond(c.span)
    place |= around.case(c.span)
    found |= _touched(around.base, left, right, known, c)
    place |= {name: value for name, value in around.base.items() if value}
    if "rest=0" in place:
        found |= {f"{name} & alone": value for name, value in found.items() if name.startswith(_ALONE)}
        place |= {f"{name} & alone": value for name, value in place.items() if name.startswith(_SIDES)}
    found |= place
    found |= {f"{name} & common": value * common for name, value in place.items()}
    if c.typos:
        found |= {f"{name} & typo": value for name, value in place.items()}
    if found.get("back"):
        found |= {f"{name} & back": value for name, value in place.items()}
    return found


def _touched(base: Features, left: str, right: str, known: Known, c: Candidate) -> Features:
    """Whether content words are directly beside a name; a well-known name can stand among any words."""
    sides = f"{'left ' * (left in _OWN)}{'right' * (right in _OWN)}".strip() or "none"
    fame, n = sum(known.votes >= v for v in _FAME), min(c.span[1] - c.span[0], 3)
    name = f"touched={sides} known={fame}"
    typo = {f"{name} & typo": 1.0} if c.typos else {}
    regime = {f"{name} & asks": 1.0} if base["asks"] or base["question"] else {}
    return {name: 1.0, f"{name} words={n}": 1.0} | typo | regime


def _name(read: Text, zipf: Sequence[float], c: Candidate, known: Known, common: float) -> Features:
    first, last = c.span
    letters, n = sum(len(t.key) for t in read.tokens[first:last]), last - first
    telling = sum(t.word not in STOP for t in read.tokens[first:last])
    votes = math.log1p(known.votes) / _MOST_VOTES
    kind = "typo" if c.typos else _HOW[known.kind]
    odd = [i for i in range(first, last) if not zipf[i]]
    found = {
        f"kind={kind}": 1.0,
        f"votes & {kind}": votes,
        "votes & common": votes * common,
        "common": common,
        "common2": common * common,
        "letters": min(letters, 30) / 10,
        f"words={min(n, 4)}": 1.0,
        f"words={min(n, 4)} & {kind}": 1.0,
        f"telling={min(telling, 3)}": 1.0,
        "plain small": math.log1p(known.plain[0]) / 5,
        "plain capital": math.log1p(known.plain[1]) / 5,
        "frame": float(all(w in FRAME for w in read.words[first:last])),
        "back": float(n == 1 and read.words[first] in BACK),
        "outside": float(known.outside),
        "outside & common": known.outside * common,
        "people": float(known.people),
        "people & common": known.people * common,
        "genre": float(known.genre),
        "cut": float(c.cut),
        "cut & common": c.cut * common,
        "counted": float(c.counted),
        "crosses": float(any(read.breaks[i] for i in range(first + 1, last))),
        "hash": float(read.tagged(c.span)),
        "hash & common": read.tagged(c.span) * common,
        "quoted": float(read.quoted(c.span)),
        "month": float(n == 1 and read.words[first] in MONTHS),
        "service": float(n == 1 and read.words[first] in SERVICES),
    }
    if c.typos:
        known_by = sum(known.votes >= v for v in _FAME)
        long = sum(letters >= n for n in _LENGTHS)
        found |= {
            f"typo known={known_by} long={long}": 1.0,
            f"typo known={known_by} words={min(n, 2)} strange={bool(odd)}": 1.0,
            "typo frame edge": float(n > 1 and (read.words[last - 1] in FRAME or read.words[first] in _EDGES)),
            "typo letters": min(letters, 24) / 8,
            "typo short": float(letters < 6),
            "typo tiny": float(letters < 5),
            "typo strange": float(bool(odd)),
            "typo strange letters": bool(odd) * min(letters, 24) / 8,
            "typo several": float(c.typos > 1),
            "typo part": float(known.kind >= PART),
            "typo votes letters": votes * min(letters, 12) / 8,
        }
    if c.edit is not None:
        found |= _edited(c, n)
    if read.key(first, last).isdigit():
        found |= _number(read, c.span)
    return {name: value for name, value in (found | _year(read, c.span, known)).items() if value}


def _year(read: Text, span: Span, known: Known) -> Features:
    if (dated := read.dated(span)) is None:
        said = {int(read.words[i]) for i in read.years if not span[0] <= i < span[1]}
        return {"year somewhere": float(bool(said & known.years))}
    year, bracketed = dated
    fits = "fits" if any(abs(year - y) <= 1 for y in known.years) else "differs"
    return {f"year {fits}": 1.0, f"year {fits} in brackets": float(bracketed)}


def _number(read: Text, span: Span) -> Features:
    """For a name of digits only: whether it belongs to the words beside it."""
    first, last = span
    before = read.words[first - 1] if first and read.gaps[first] == " " else ""
    after = read.words[last] if last < len(read.tokens) else ""
    return {
        "number": 1.0,
        "number in brackets": float(read.gaps[first].endswith(("(", "["))),
        "number after a word": float(bool(before) and before not in FRAME),
        "number of units": float(after in _UNITS),
        "number is a year": float(first in read.years),
        "number in a year": float(first in read.years and before in ("in", "from", "since", "of", "before", "after")),
        "number small": float(len(read.key(first, last)) < 3),
    }


def _edited(c: Candidate, words: int) -> Features:
    """How a misspelt name differs from the known one; another film's name differs in other ways."""
    if c.edit is None:
        return {}
    kind, place, one = c.edit.kind, c.edit.place, min(words, 2)
    return {
        f"edit={kind} words={one}": 1.0,
        f"edit={kind} at={place}": 1.0,
        f"edit={kind} letters={c.edit.letters} words={one}": 1.0,
        f"edit at={place} words={one}": 1.0,
        f"near={min(len(c.names), 3)} words={one}": 1.0,
    }
