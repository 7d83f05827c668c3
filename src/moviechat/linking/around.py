"""The context of a candidate in its text: the words beside and beyond it, capitals, and what else the text has."""

from __future__ import annotations

from collections.abc import Sequence

from moviechat.linking.score import Features
from moviechat.linking.text import JOINS, SMALL, Span, Text
from moviechat.linking.vocabulary import AFTER, BEFORE, FACTUAL, FILM_WORDS, FRAME, SERVICES, WISH

GLUE = JOINS | frozenset("the a an of in on at to for with by from s de la le".split())
_BEFORE = {word: name for name, words in reversed(BEFORE) for word in words}
_AFTER = {word: name for name, words in reversed(AFTER) for word in words}
_RARE, _OFTEN = 3.8, 4.8  # Zipf
_ASKED_ABOUT = frozenset("what how me us more know think all".split())


class Around:
    """Features of a text that all its candidates share, and of the places of spans in it."""

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
        if word in FILM_WORDS and i > 1 and read.words[i - 2] == "the":
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

    def common(self, span: Span) -> float:
        """How common the words of a span are together, 0 to 1."""
        zipf = [self.zipf[i] for i in range(*span) if self.read.words[i] not in ("the", "a", "an")]
        if not zipf:
            return 1.0
        total = sum(zipf) - 8.0 * (len(zipf) - 1)
        return min(max((total - 1.0) / 6.0, 0.0), 1.0)

    def rest(self, span: Span) -> Features:
        """How many other words the text has that neither ask for a film nor name a person."""
        named = {i for a, b in self._people if b <= span[0] or span[1] <= a for i in range(a, b)}
        rest = sum(c and i not in named and not span[0] <= i < span[1] for i, c in enumerate(self.read.content))
        asks = f"asks rest={min(rest, 4)}" if self.base["asks"] else f"says rest={min(rest, 4)}"
        whole = {"whole": 1.0} if span == (0, len(self.read.tokens)) else {}
        return {f"rest={min(rest, 4)}": 1.0, asks: 1.0} | whole

    def case(self, span: Span) -> Features:
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

    def beyond(self, span: Span) -> Features:
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
