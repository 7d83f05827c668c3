"""Features that tell whether a span of a text is meant as a title: its words, their spelling, and the context."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from moviechat.linking.candidates import Candidate
from moviechat.linking.score import Features
from moviechat.linking.text import JOINS, SMALL, Span, Text
from moviechat.linking.titles import PART
from moviechat.linking.vocabulary import AFTER, BACK, BEFORE, FACTUAL, FILM, FRAME, MONTHS, SERVICES, WISH
from moviechat.words import STOP

_BEFORE = {word: name for name, words in reversed(BEFORE) for word in words}
_AFTER = {word: name for name, words in reversed(AFTER) for word in words}
_HOW = ("exact", "alternative", "part", "fragment")
_FAME, _LENGTHS = (500, 5_000, 50_000), (5, 7, 9, 12)  # votes, letters: bins for judging typos
_RARE, _OFTEN = 3.8, 4.8  # Zipf
# If all other words of a text ask for a film's name, other features matter than in a sentence with content words.
_OWN = frozenset(("strange", "rare", "word", "often"))
_ALONE = ("kind", "votes", "common", "outside", "letters", "words", "plain", "typo known", "typo strange")
_SIDES = ("left", "right", "between", "case")
_EDGES = FRAME - {"the", "a", "an"}
_ASKED_ABOUT = frozenset("what how me us more know think all".split())
_MOST_VOTES = math.log(2_000_000)
GLUE = JOINS | frozenset("the a an of in on at to for with by from s de la le".split())
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


class Around:
    """Features of a text that all its candidates share."""

    def __init__(self, read: Text, zipf: Sequence[float], spans: Sequence[Span], people: Sequence[Span]) -> None:
        self.read, self.zipf, self.spans, self._people = read, zipf, spans, people
        words = set(read.words)
        n = len(read.tokens)
        self.base: Features = {
            "text": 1.0,
            "asks": float(bool(words & FACTUAL)),
            "wish": float(bool(words & WISH)),
            "question": float("?" in read.text),
            "long": min(max(n - 12, 0) / 30, 2.0),
            "short": float(n <= 4),
            "cased": float(read.cased),
        }
        self.left = [self._left(i) for i in range(n)]
        self.right = [self._right(i) for i in range(n + 1)]

    def _left(self, i: int) -> str:
        """The class of the word before token `i`."""
        read = self.read
        if i == 0 or read.breaks[i]:
            return "start"
        if read.glued(i):
            return "start"
        word = read.words[i - 1]
        if word == "about" and i > 1 and read.words[i - 2] in _ASKED_ABOUT:
            return "what about"
        if word in FILM and i > 1 and read.words[i - 2] == "the":
            return "the film"
        if "," in read.gaps[i]:
            return "comma"
        if ":" in read.gaps[i]:
            return "colon" if read.content[i - 1] else "colon frame"
        if read.possessive(i - 1):
            return "poss"
        if word.isdigit():
            return "number"
        return _BEFORE.get(word) or ("frame" if word in FRAME else self._rarity(i - 1))

    def _right(self, i: int) -> str:
        """The class of the word at token `i`, after a name that ends before it."""
        read = self.read
        if i == len(read.tokens) or read.breaks[i]:
            return "end"
        if read.glued(i):
            return "end"
        word = read.words[i]
        if "," in read.gaps[i]:
            return "comma"
        if ":" in read.gaps[i]:
            return "colon" if read.content[i] else "colon frame"
        if read.possessive(i):
            return "poss"
        if word.isdigit():
            return "year" if i in read.years else "number"
        return _AFTER.get(word) or ("frame" if word in FRAME else self._rarity(i))

    def _rarity(self, i: int) -> str:
        """The class of a content word of the text; beside a rare one, a name may continue."""
        zipf = self.zipf[i]
        return "strange" if not zipf else "rare" if zipf < _RARE else "word" if zipf < _OFTEN else "often"

    def features(self, c: Candidate, known: Known) -> Features:
        """All features of a candidate by itself."""
        common = self.common(c.span)
        found = self._name(c, known, common)
        left, right = self.left[c.span[0]], self.right[c.span[1]]
        place = {f"left={left}": 1.0, f"right={right}": 1.0, f"between={left}.{right}": 1.0}
        if left in ("the", "a", "own", "be") and c.span[0] >= 1:
            place[f"before {left}={self.left[c.span[0] - 1]}"] = 1.0
        place |= self._rest(c.span)
        place |= self._beyond(c.span)
        place |= self._case(c.span)
        found |= self._touched(left, right, known, c)
        place |= {name: value for name, value in self.base.items() if value}
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

    def _touched(self, left: str, right: str, known: Known, c: Candidate) -> Features:
        """Whether content words are directly beside a name; a well-known name can stand among any words."""
        sides = f"{'left ' * (left in _OWN)}{'right' * (right in _OWN)}".strip() or "none"
        fame, n = sum(known.votes >= v for v in _FAME), min(c.span[1] - c.span[0], 3)
        name = f"touched={sides} known={fame}"
        typo = {f"{name} & typo": 1.0} if c.typos else {}
        regime = {f"{name} & asks": 1.0} if self.base["asks"] or self.base["question"] else {}
        return {name: 1.0, f"{name} words={n}": 1.0} | typo | regime

    def common(self, span: Span) -> float:
        """How common the words of a span are together, 0 to 1."""
        zipf = [self.zipf[i] for i in range(*span) if self.read.words[i] not in ("the", "a", "an")]
        if not zipf:
            return 1.0
        total = sum(zipf) - 8.0 * (len(zipf) - 1)
        return min(max((total - 1.0) / 6.0, 0.0), 1.0)

    def _name(self, c: Candidate, known: Known, common: float) -> Features:
        read, (first, last) = self.read, c.span
        letters, n = sum(len(t.key) for t in read.tokens[first:last]), last - first
        telling = sum(t.word not in STOP for t in read.tokens[first:last])
        votes = math.log1p(known.votes) / _MOST_VOTES
        kind = "typo" if c.typos else _HOW[known.kind]
        odd = [i for i in range(first, last) if not self.zipf[i]]
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
            found |= self._number(c.span)
        return {name: value for name, value in (found | self._year(c.span, known)).items() if value}

    def _year(self, span: Span, known: Known) -> Features:
        if (dated := self.read.dated(span)) is None:
            said = {int(self.read.words[i]) for i in self.read.years if not span[0] <= i < span[1]}
            return {"year somewhere": float(bool(said & known.years))}
        year, bracketed = dated
        fits = "fits" if any(abs(year - y) <= 1 for y in known.years) else "differs"
        return {f"year {fits}": 1.0, f"year {fits} in brackets": float(bracketed)}

    def _number(self, span: Span) -> Features:
        """For a name of digits only: whether it belongs to the words beside it."""
        read, (first, last) = self.read, span
        before = read.words[first - 1] if first and read.gaps[first] == " " else ""
        after = read.words[last] if last < len(read.tokens) else ""
        return {
            "number": 1.0,
            "number in brackets": float(read.gaps[first].endswith(("(", "["))),
            "number after a word": float(bool(before) and before not in FRAME),
            "number of units": float(after in _UNITS),
            "number is a year": float(first in read.years),
            "number in a year": float(
                first in read.years and before in ("in", "from", "since", "of", "before", "after")
            ),
            "number small": float(len(read.key(first, last)) < 3),
        }

    def _rest(self, span: Span) -> Features:
        """How many other words the text has that neither ask for a film nor name a person."""
        named = {i for a, b in self._people if b <= span[0] or span[1] <= a for i in range(a, b)}
        rest = sum(c and i not in named and not span[0] <= i < span[1] for i, c in enumerate(self.read.content))
        asks = f"asks rest={min(rest, 4)}" if self.base["asks"] else f"says rest={min(rest, 4)}"
        whole = {"whole": 1.0} if span == (0, len(self.read.tokens)) else {}
        return {f"rest={min(rest, 4)}": 1.0, asks: 1.0} | whole

    def _case(self, span: Span) -> Features:
        read, (first, last) = self.read, span
        if not read.cased:
            return {"case=none": 1.0}
        major = [i for i in range(first, last) if read.tokens[i].raw not in SMALL] or [first]
        upper = [read.tokens[i].raw[0].isupper() or not read.tokens[i].raw[0].isalpha() for i in major]
        if not any(read.tokens[i].raw[0].isupper() for i in range(first, last)):
            case = "small"
        elif all(upper):
            case = "opens" if read.opens[first] and len(major) == 1 else "title"
        else:
            case = "mixed"
        return {f"case={case}": 1.0, "goes on": float(self.goes_on(span))}

    def goes_on(self, span: Span) -> bool:
        """Whether a span is part of a longer capitalised name ("Oz" in "Wizard of Oz")."""
        return self._runs_on(span, -1) or self._runs_on(span, 1)

    def _runs_on(self, span: Span, step: int) -> bool:
        read, joined = self.read, False
        i = span[1] if step > 0 else span[0] - 1
        while 0 <= i < len(read.tokens):
            gap = i if step > 0 else i + 1
            token = read.tokens[i]
            if read.breaks[gap] or token.word in SERVICES or read.possessive(i):
                return False
            joined = joined or "," in read.gaps[gap] or token.word in JOINS
            if read.capital(i) or (step < 0 and read.opens[i] and token.raw[0].isupper() and token.word not in FRAME):
                asks = ":" in read.gaps[gap] and token.word in FRAME
                return not (asks or self._somebody(i, span) or (joined and self._another(i, span)))
            if token.raw not in SMALL and token.word not in JOINS:
                return False
            i += step
        return False

    def _another(self, i: int, span: Span) -> bool:
        """Whether token `i` belongs to another candidate."""
        return any(a <= i < b and (b <= span[0] or span[1] <= a) for a, b in self.spans)

    def _somebody(self, i: int, span: Span) -> bool:
        """Whether token `i` belongs to a person's name outside the span."""
        return any(a <= i < b and (b <= span[0] or span[1] <= a) for a, b in self._people)

    def _beyond(self, span: Span) -> Features:
        """What follows the function words beside a span: a content word may belong to the same name."""
        found: Features = {}
        sides = (("left", self.left[span[0]], span[0] - 1, -1), ("right", self.right[span[1]], span[1], 1))
        for side, name, i, step in sides:
            if name in ("start", "end", "poss") or not (0 <= i < len(self.read.tokens)):
                continue
            if name not in ("comma", "join") and self.read.words[i] not in GLUE:
                continue
            what = self._reached(i, step, span)
            found |= {f"{side} beyond={what}": 1.0, f"{side}={name} beyond={what}": 1.0}
        return found

    def _reached(self, i: int, step: int, span: Span) -> str:
        read = self.read
        while 0 <= i < len(read.tokens) and read.words[i] in GLUE and not read.breaks[i if step > 0 else i + 1]:
            i += step
        if not 0 <= i < len(read.tokens) or read.breaks[i if step > 0 else i + 1]:
            return "end"
        if self._somebody(i, span):
            return "person"
        if self._another(i, span):
            return "name"
        return self._rarity(i) if read.content[i] else "frame"


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
