"""A text as linking reads it: words, clauses, capitals, quotation marks and years."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

from moviechat.linking.spelling import Token, tokenize
from moviechat.linking.vocabulary import ASKING, FRAME

Span = tuple[int, int]  # tokens [first, last)

QUOTES = dict(zip("\"“„«‘'*_「《`", ('"', "”", "“”", "»", "’", "'", "*", "_", "」", "》", "`"), strict=True))
SMALL = frozenset(
    "of the in on at to a an for from with by de la le du des und der die das el los las y s & and".split()
)
JOINS = frozenset("and or vs versus than but &".split())
YEAR = re.compile(r"(?:18|19|20)\d\d")
_DATED = re.compile(r"[\"'”’»*_]?,? ?([(\[])? ?(?:from |of )?((?:18|19|20)\d\d)(?!\w)")
_CLAUSE_END = re.compile(r"[;?!()\[\]\"“”—\n\u2600-\u27bf\U0001f000-\U0001faff]|<$|\.\s|\.$|\.\.| - ")
_SENTENCE_END = re.compile(r"[?!\n]|\.\s|\.$")
_BEGINS = ASKING | JOINS
_SHORTENED = frozenset("mr mrs ms dr st jr sr vs no".split())  # and single letters: their full stop ends no sentence
MAX_TOKENS = 512  # maximum tokens of a text
_QUESTION_WORDS = 40  # a longer text is a description
_BARE_WORDS = 6  # a shorter one is a question even if it does not look like one


class Text:
    """A text as its tokens, with what its form tells."""

    def __init__(self, text: str) -> None:
        self.text, self.tokens = text, tokenize(text, MAX_TOKENS)

    @cached_property
    def words(self) -> list[str]:
        """The folded tokens."""
        return [t.word for t in self.tokens]

    @cached_property
    def asks(self) -> bool:
        """Whether it is a question, in which a name may stand alone, and not a description."""
        n = len(self.tokens)
        return n <= _BARE_WORDS or (n <= _QUESTION_WORDS and ("?" in self.text or self.words[0] in ASKING))

    @cached_property
    def cased(self) -> bool:
        """Whether capitals are meaningful: some words within sentences have one, and some do not."""
        words = [(t.raw, self.opens[i]) for i, t in enumerate(self.tokens) if t.raw[0].isalpha() and t.raw != "I"]
        shouted = {w for w, _ in words if w.isupper()}  # "with this one AND that one", "rated R"
        inside = any(w[0].isupper() and not opens and w not in shouted for w, opens in words)
        return inside and any(w.islower() and w not in SMALL for w, _ in words)

    def key(self, first: int, last: int) -> str:
        """The key of tokens [first, last)."""
        return "".join(t.key for t in self.tokens[first:last])

    def spelled(self, first: int, last: int) -> str:
        """The key of tokens [first, last) with its numbers as written."""
        return "".join(t.word for t in self.tokens[first:last])

    def characters(self, span: Span) -> Span:
        """A span of tokens as characters."""
        return self.tokens[span[0]].start, self.tokens[span[1] - 1].end

    def said(self, span: Span) -> str:
        """A span of tokens as written."""
        begin, end = self.characters(span)
        return self.text[begin:end]

    @cached_property
    def gaps(self) -> list[str]:
        """What is before each token and after the last one, with a sentence end at both ends of the text."""
        ends, starts = [0, *(t.end for t in self.tokens)], [*(t.start for t in self.tokens), len(self.text)]
        between = [self.text[a:b] for a, b in zip(ends, starts, strict=True)]
        return [f"{between[0]}.", *between[1:-1], f"{between[-1]}."]

    @cached_property
    def breaks(self) -> list[bool]:
        """For each token (and the end): does a clause end before it? A comma ends one if a clause can follow."""
        n = len(self.tokens)
        commas = ["," in g and i < n and self.words[i] in _BEGINS for i, g in enumerate(self.gaps)]
        return [a or b for a, b in zip(commas, self._ends(_CLAUSE_END), strict=True)]

    @cached_property
    def opens(self) -> list[bool]:
        """For each token (and the end): does a sentence begin with it?"""
        return self._ends(_SENTENCE_END)

    def _ends(self, marks: re.Pattern[str]) -> list[bool]:
        return [gap != " " and self._marked(marks, i) for i, gap in enumerate(self.gaps)]

    def _marked(self, marks: re.Pattern[str], i: int) -> bool:
        mark = marks.search(self.gaps[i])
        stop = mark is not None and mark.group()[0] == "." and 0 < i < len(self.tokens)
        return mark is not None and not (stop and self._shortened(self.tokens[i - 1]))

    @staticmethod
    def _shortened(token: Token) -> bool:
        return len(token.raw) == 1 or token.word in _SHORTENED

    def capital(self, i: int) -> bool:
        """Whether token `i` begins with a meaningful capital and not with a sentence."""
        return self.cased and self.tokens[i].raw[0].isupper() and not self.opens[i]

    def possessive(self, i: int) -> bool:
        """Whether token `i` is the s of "Parasite's"."""
        return i < len(self.tokens) and self.words[i] == "s" and self.gaps[i] in ("'", "’")

    def tagged(self, span: Span) -> bool:
        """Whether the span is a hashtag."""
        begin = self.tokens[span[0]].start
        return self.text[max(0, begin - 1) : begin] == "#"

    def quoted(self, span: Span) -> bool:
        """Whether exactly the span is in quotation marks."""
        begin, end = self.characters(span)
        before, after = self.text[max(0, begin - 1) : begin], self.text[end : end + 2]
        closes = after.lstrip(".,!?")[:1] or after[:1]
        if not before or not closes or closes not in QUOTES.get(before, ""):
            return False
        return before not in "'_*" or not self.text[max(0, begin - 2) : begin - 1].isalnum()

    @cached_property
    def years(self) -> list[int]:
        """The places of tokens that may be years."""
        return [i for i, w in enumerate(self.words) if YEAR.fullmatch(w)]

    def dated(self, span: Span) -> tuple[int, bool] | None:
        """The year beside a span ("X (2019)", "X 2019", "the 2019 X"), and whether it is in brackets."""
        if not self.years:
            return None
        if after := _DATED.match(self.text, self.characters(span)[1]):
            return int(after.group(2)), bool(after.group(1))
        at = span[0] - 1
        while at >= max(span[0] - 4, 0) and self.words[at] in _BETWEEN:
            at -= 1
        return (int(self.words[at]), False) if at in self.years and at >= 0 and not self.breaks[at + 1] else None

    @cached_property
    def content(self) -> list[bool]:
        """For each token: is it a content word, neither a function word nor one that asks for a fact?"""
        return [
            t.word not in FRAME and not t.word.isdigit() and not (self.glued(i) or self.glued(i + 1))
            for i, t in enumerate(self.tokens)
        ]

    def glued(self, i: int) -> bool:
        """Whether token `i` directly follows the one before it, as in scripts without spaces."""
        return 0 < i < len(self.tokens) and not self.gaps[i]


_BETWEEN = frozenset("film movie picture documentary called titled named the one s version".split())


def strange(read: Text, zipf: Sequence[float]) -> list[int]:
    """The words that nobody writes."""
    return [i for i, t in enumerate(read.tokens) if not zipf[i] and t.word not in FRAME and not t.word.isdigit()]
