"""A text as linking reads it: its words, clauses, capitals, quotation marks and years, and where titles may stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from moviechat.retrieval.lexicon import Lexicon
from moviechat.retrieval.slots import AFTER, ASKING, BEFORE, FRAME, VERBS, Slots, Span
from moviechat.retrieval.spelling import tokenize

_QUOTES = dict(zip("\"“„«‘'*_「《`", ('"', "”", "“”", "»", "’", "'", "*", "_", "」", "》", "`"), strict=True))
SMALL = frozenset(
    "of the in on at to a an for from with by de la le du des und der die das el los las y s & and".split()
)
_QUOTE = re.compile("[" + re.escape("".join([*_QUOTES, *_QUOTES.values()])) + "]")
_BRACKET = re.compile(r"[(\[]")
JOINS = frozenset("and or vs versus than but &".split())
_YEAR = re.compile(r"(?:18|19|20)\d\d")
_DATED = re.compile(r"[\"'”’»*_]*,?\s*([(\[])?\s*(?:from |of )?((?:18|19|20)\d\d)\b")
_DATED_BEFORE = re.compile(r"\b((?:18|19|20)\d\d)(?: s)?(?: (?:film|movie|picture|documentary|called|titled|named))+$")
_BEFORE_WORDS = 4
_CLAUSE_END = re.compile(r"[;?!()\"“”—\n]|\.\s|\.$")
_SENTENCE_END = re.compile(r"[?!\n]|\.\s|\.$")
_BEGINS = ASKING | JOINS
_SHORTENED = frozenset("mr mrs ms dr st jr sr vs no".split())  # and single letters: a full stop after them ends nothing
MAX_TOKENS = 512  # of a text that are read
_QUESTION_WORDS = 40  # a longer text is a description
_BARE_WORDS = 6  # a shorter one is a question even if it does not look like one
_STRANGE = 3  # words around which a misspelt title is looked for
_REACH = 5  # words on either side of a strange one that a misspelt title may hold


@dataclass(frozen=True, slots=True)
class Mention:
    """Tokens [first, last) of a text that spell one of the table's `names`, and how sure it is that it is meant."""

    first: int
    last: int
    names: tuple[int, ...]
    typo: bool = False
    strength: int = 0

    def overlaps(self, first: int, last: int) -> bool:
        """Whether a token of the mention lies in [first, last)."""
        return self.first < last and first < self.last

    def inside(self, first: int, last: int) -> bool:
        """Whether the mention is a piece of [first, last), and not all of it."""
        return first <= self.first and self.last <= last and (first, last) != (self.first, self.last)


class Text:
    """A text as its tokens, with what its form says about where titles are."""

    def __init__(self, text: str) -> None:
        self.text, self.tokens = text, tokenize(text, MAX_TOKENS)

    @cached_property
    def asks(self) -> bool:
        """Whether it is a question, in which a name may stand alone, and not a description."""
        n = len(self.tokens)
        return n <= _BARE_WORDS or (n <= _QUESTION_WORDS and ("?" in self.text or self.tokens[0].word in ASKING))

    @cached_property
    def slots(self) -> Slots:
        """Where the question expects a title."""
        return Slots(self.tokens, self._clauses() if self.asks else ())

    def _clauses(self) -> list[Span]:
        ends = [i for i in range(1, len(self.tokens)) if self.breaks(i)] + [len(self.tokens)]
        starts = [0, *(i for i in ends[:-1] if self.opens(i))]
        return [(a, b) for a in starts for b in ends if a < b][:12]

    @cached_property
    def cased(self) -> bool:
        """Whether capitals mean something: some words of the text begin with one and some do not."""
        words = [t.raw for t in self.tokens if t.raw[0].isalpha()]
        return any(w[0].isupper() for w in words) and any(w.islower() and w not in SMALL for w in words)

    def spans(self, longest: int) -> list[Span]:
        """The whole text, and runs of at most `longest` tokens: in a description only those marked as names."""
        n = len(self.tokens)
        if self.asks:
            runs = [(i, j) for i in range(n) for j in range(i + 1, min(n, i + longest) + 1)]
            return runs if n <= longest else [*runs, (0, n)]
        quotes = [gap != " " and _QUOTE.search(gap) is not None for gap in self.gaps]
        lasts = [j for j in range(1, n + 1) if quotes[j] or _BRACKET.search(self.gaps[j])]
        marked = {(i, j) for j in lasts for i in range(max(0, j - longest), j) if quotes[i] or not quotes[j]}
        return sorted(marked | {(0, n)})

    def key(self, first: int, last: int) -> str:
        """The key of tokens [first, last)."""
        return "".join(t.key for t in self.tokens[first:last])

    def characters(self, m: Mention) -> tuple[int, int]:
        """The mention's place in the text, in characters."""
        return self.tokens[m.first].start, self.tokens[m.last - 1].end

    def said(self, m: Mention) -> str:
        """The mention as written."""
        begin, end = self.characters(m)
        return self.text[begin:end]

    @cached_property
    def gaps(self) -> list[str]:
        """What stands before each token and after the last one, as if a sentence ended at both ends of the text."""
        ends, starts = [0, *(t.end for t in self.tokens)], [*(t.start for t in self.tokens), len(self.text)]
        between = [self.text[a:b] for a, b in zip(ends, starts, strict=True)]
        return [f"{between[0]}.", *between[1:-1], f"{between[-1]}."]

    @cached_property
    def _clause_ends(self) -> list[bool]:
        commas = ["," in g and i < len(self.tokens) and self.tokens[i].word in _BEGINS for i, g in enumerate(self.gaps)]
        return [a or b for a, b in zip(commas, self._ends(_CLAUSE_END), strict=True)]

    @cached_property
    def _sentence_ends(self) -> list[bool]:
        return self._ends(_SENTENCE_END)

    def _ends(self, marks: re.Pattern[str]) -> list[bool]:
        return [gap != " " and self._marked(marks, i) for i, gap in enumerate(self.gaps)]

    def _marked(self, marks: re.Pattern[str], i: int) -> bool:
        mark = marks.search(self.gaps[i])
        stop = mark is not None and mark.group()[0] == "." and 0 < i < len(self.tokens)
        return mark is not None and not (stop and self._shortened(i - 1))

    def _shortened(self, i: int) -> bool:
        return len(self.tokens[i].raw) == 1 or self.tokens[i].word in _SHORTENED

    def breaks(self, i: int) -> bool:
        """Whether a clause ends before token `i`; a comma ends one only if the next word begins a clause."""
        return self._clause_ends[i]

    def opens(self, i: int) -> bool:
        """Whether token `i` begins a sentence."""
        return self._sentence_ends[i]

    def capital(self, i: int) -> bool:
        """Whether token `i` begins with a capital (or is no word) where a sentence does not begin."""
        raw = self.tokens[i].raw
        return self.cased and (raw[0].isupper() or not raw[0].isalpha()) and not self.opens(i)

    def possessive(self, i: int) -> bool:
        """Whether token `i` is the s of "Parasite's"."""
        return self.tokens[i].word == "s" and self.gaps[i] in ("'", "’")

    def quoted(self, m: Mention) -> bool:
        """Whether exactly the mention stands in quotation marks."""
        begin, end = self.characters(m)
        before, after = self.text[max(0, begin - 1) : begin], self.text[end : end + 2]
        closes = after.lstrip(".,!?")[:1] or after[:1]
        if not before or not closes or closes not in _QUOTES.get(before, ""):
            return False
        return before not in "'_*" or not self.text[max(0, begin - 2) : begin - 1].isalnum()

    def year(self, m: Mention) -> tuple[int, bool] | None:
        """The year beside the mention, and whether it stands there as a title's year does: "X (2019)"."""
        if after := _DATED.match(self.text, self.characters(m)[1]):
            return int(after.group(2)), bool(after.group(1))
        before = " ".join(t.word for t in self.tokens[max(0, m.first - _BEFORE_WORDS) : m.first])
        return (int(dated.group(1)), False) if (dated := _DATED_BEFORE.search(before)) else None

    def year_said(self, m: Mention, years: Sequence[int]) -> int | None:
        """The year by which the text tells films of one name apart: beside the mention, or anywhere."""
        if beside := self.year(m):
            return beside[0]
        said = [int(t.word) for i, t in enumerate(self.tokens) if _YEAR.fullmatch(t.word) and not m.overlaps(i, i + 1)]
        return next((y for y in said if y in years), None)

    def strange(self, lexicon: Lexicon) -> list[int]:
        """The words that nobody writes."""
        unknown = lexicon.unknown([t.word for t in self.tokens])
        return [i for i, t in enumerate(self.tokens) if unknown[i] and t.word not in FRAME]

    def doubtful(self, strange: Sequence[int]) -> list[Span]:
        """Spans of a question that may be a misspelt title: what fills a slot, and short runs around a strange word."""
        runs = {s for i in strange[:_STRANGE] for s in self._around(i)} if self.asks else set[Span]()
        return sorted(self.slots.possible | runs)

    def _around(self, i: int) -> Iterator[Span]:
        for first in range(max(0, i - _REACH), i + 1):
            for last in range(i + 1, min(len(self.tokens), i + _REACH) + 1):
                if not any(self.breaks(k) for k in range(first + 1, last)):
                    yield first, last

    def holds(self, m: Mention) -> bool:
        """Whether the mention stands in a title's place, be it a plain word."""
        return self.asks and ((m.first, m.last) in self.slots.welcomed or self.placed(m.first, m.last))

    def placed(self, first: int, last: int) -> bool:
        """Whether the words around tokens [first, last) leave a title's place between them."""
        before = self.tokens[first - 1].word if first else ""
        ends = last == len(self.tokens) or self.breaks(last)
        if before in VERBS:
            return not ends and (self.tokens[last].word in AFTER or last == len(self.tokens) - 1)
        return (before in BEFORE or not first) and (ends or self.tokens[last].word in AFTER)
