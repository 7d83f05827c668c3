"""Spans of a text that spell a title: exactly, without a possessive s, by its number, or misspelt."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from moviechat.linking.edits import Edit, edit
from moviechat.linking.text import Span, Text, strange
from moviechat.linking.titles import LONGEST, Titles
from moviechat.linking.vocabulary import FRAME, ORDINALS

_LONG_TEXT = 64  # tokens: in longer texts, titles have at most _SHORTER tokens
_SHORTER = 12
_STRANGE = 3  # maximum strange words around which misspelt titles are searched
_REACH = 5  # words on either side of a strange one that may belong to a misspelt title
_ASKED = 25  # tokens: in longer texts only the strange word of a misspelt title may be wrong
_RUNS = 40  # spans searched for misspelt titles although all their words are known
_LONGEST_RUN = 8  # maximum tokens of such a span
_CORRECTED = 4  # minimum letters of a word that is corrected by itself
_WITHIN_NUMBERS = frozenset((":", "/", ".", "-", ","))
_WAYS = 4  # maximum corrections per word, and per span


@dataclass(frozen=True, slots=True)
class Candidate:
    """Tokens `span` of a text, and the table's `names` that they spell, with the number of typos.

    `cut`: a final s was dropped; `counted`: an ordinal before the title was read as its number; `edit`: the typo in the
    first name, if any.
    """

    span: Span
    names: tuple[int, ...]
    typos: int = 0
    cut: bool = False
    counted: bool = False
    edit: Edit | None = None

    def overlaps(self, other: Candidate) -> bool:
        """Whether the two share a token."""
        return self.span[0] < other.span[1] and other.span[0] < self.span[1]

    def inside(self, other: Candidate) -> bool:
        """Whether this is a proper part of `other`."""
        return self.span != other.span and other.span[0] <= self.span[0] and self.span[1] <= other.span[1]


def candidates(read: Text, titles: Titles, zipf: Sequence[float]) -> list[Candidate]:
    """All spans that spell a title, in text order."""
    found = {c.span: c for c in _exact(read, titles)}
    odd = strange(read, zipf)
    for typo in (*_near(read, titles, odd, found), *_corrected(read, titles, odd, found)):
        found.setdefault(typo.span, typo)
    return sorted(found.values(), key=lambda c: c.span)


def _exact(read: Text, titles: Titles) -> Iterator[Candidate]:
    keys = dict(_keys(read))
    forms = {(*span, False): key for span, key in keys.items()}
    forms |= {(*span, True): key[:-1] for span, key in keys.items() if _ends_in_s(read, span)}
    counted = dict(_counted(read, keys))
    places = titles.table.find([*forms.values(), *counted.values()])
    for (first, last, cut), key in forms.items():
        if key in places and not (cut and keys[first, last] in places):
            yield Candidate((first, last), (places[key],), cut=cut)
    for span, key in counted.items():
        if key in places and keys.get(span) not in places:
            yield Candidate(span, (places[key],), counted=True)


def _keys(read: Text) -> Iterator[tuple[Span, str]]:
    tokens = read.tokens
    longest = LONGEST if len(tokens) <= _LONG_TEXT else _SHORTER
    for first in range(len(tokens)):
        key = ""
        for last, token in enumerate(tokens[first : first + longest], first + 1):
            if key.isdecimal() and token.key.isdecimal() and read.gaps[last - 1] not in _WITHIN_NUMBERS:
                break
            key += token.key
            yield (first, last), key


def _ends_in_s(read: Text, span: Span) -> bool:
    key = read.tokens[span[1] - 1].key
    return key.endswith("s") and len(key) > 3 and not read.possessive(span[1])


def _counted(read: Text, keys: Mapping[Span, str]) -> Iterator[tuple[Span, str]]:
    """ "the second Souvenir" is looked up as "Souvenir 2"."""
    for i, word in enumerate(read.words):
        if word in ORDINALS:
            for last in range(i + 2, min(len(read.tokens), i + _LONGEST_RUN) + 1):
                first = i - 1 if i and read.words[i - 1] == "the" else i
                if (i + 1, last) in keys:
                    yield (first, last), keys[i + 1, last] + ORDINALS[word]


def _near(read: Text, titles: Titles, odd: Sequence[int], found: Mapping[Span, Candidate]) -> Iterator[Candidate]:
    spans = [s for s in doubtful(read, odd) if s not in found and not _padded(read, s, found)]
    keys = {s: read.spelled(*s) for s in spans if not read.possessive(s[1] - 1)}
    names: dict[str, list[int]] = {}
    for key, name in titles.table.near(list(keys.values())):
        if _digits(key) == _digits(titles.table.keys[name]):
            names.setdefault(key, []).append(name)
    for span, key in keys.items():
        if kept := tuple(n for n in names.get(key, ()) if not _spelled_inside(span, n, found)):
            yield Candidate(span, kept, typos=1, edit=edit(titles.table.keys[kept[0]], key))


def _spelled_inside(span: Span, name: int, found: Mapping[Span, Candidate]) -> bool:
    """Whether a part of a span spells a name exactly: "Parasite i" is not a misspelt "Parasite"."""
    pieces = ((span[0], span[1] - 1), (span[0] + 1, span[1]))
    return any(name in found[p].names for p in pieces if p in found)


def _padded(read: Text, span: Span, found: Mapping[Span, Candidate]) -> bool:
    """Whether a span is a correctly spelled title plus frame words."""
    frame = [read.words[i] in FRAME for i in range(*span)]
    first, last = span[0] + frame.index(False) if False in frame else span[1], span[1]
    while last > first and read.words[last - 1] in FRAME:
        last -= 1
    return span != (first, last) and (first, last) in found


def doubtful(read: Text, odd: Sequence[int]) -> list[Span]:
    """Spans that may be misspelt names: runs around a strange word, and in short texts those between frame words."""
    runs = {s for i in odd[:_STRANGE] for s in _around(read, i)}
    framed = list(_framed(read)) if len(read.tokens) <= _ASKED else []
    return sorted(runs | set(framed[:_RUNS]))


def _around(read: Text, i: int) -> Iterator[Span]:
    for first in range(max(0, i - _REACH), i + 1):
        for last in range(i + 1, min(len(read.tokens), i + _REACH) + 1):
            if not any(read.breaks[k] for k in range(first + 1, last)):
                yield first, last


def _framed(read: Text) -> Iterator[Span]:
    """Spans between frame words or clause ends; those that start and end with content words come first."""
    n = len(read.tokens)
    starts = [i for i in range(n) if read.breaks[i] or not i or read.words[i - 1] in FRAME]
    ends = [j for j in range(1, n + 1) if j == n or read.breaks[j] or read.words[j] in FRAME]
    spans = [(i, j) for i in starts for j in ends if 0 < j - i <= LONGEST]
    named = [s for s in spans if s[1] - s[0] > 2 or not set(read.words[slice(*s)]) <= FRAME]
    crossing = {s for s in named if any(read.opens[s[0] + 1 : s[1]])}
    framed = {s: 2 - read.content[s[0]] - read.content[s[1] - 1] for s in named}
    yield from sorted(named, key=lambda s: (s in crossing, framed[s], s[0] - s[1], s))


def _corrected(read: Text, titles: Titles, odd: Sequence[int], found: Mapping[Span, Candidate]) -> Iterator[Candidate]:
    """Titles with several misspelt words: each is corrected to a word that occurs in titles."""
    wrong = [i for i in odd if len(read.tokens[i].key) >= _CORRECTED][: 2 * _STRANGE]
    if len(wrong) < 2:
        return
    right: dict[int, list[str]] = {i: [] for i in wrong}
    near = titles.vocabulary.near([read.tokens[i].key for i in wrong])
    for i, (key, place) in itertools.product(wrong, near):
        if key == read.tokens[i].key and len(right[i]) < _WAYS:
            right[i].append(titles.vocabulary.keys[place])
    keys: dict[str, list[Span]] = {}
    for a, b in itertools.combinations(wrong, 2):
        for span in _holding(read, a, b):
            if span not in found:
                for key in _ways(read, span, right):
                    keys.setdefault(key, []).append(span)
    for key, place in titles.table.find(keys).items():
        yield from (Candidate(span, (place,), typos=2) for span in keys[key])


def _holding(read: Text, a: int, b: int) -> Iterator[Span]:
    for first in range(max(0, a - _REACH), a + 1):
        for last in range(b + 1, min(len(read.tokens), b + _REACH) + 1):
            if last - first <= _LONGEST_RUN:
                yield first, last


def _ways(read: Text, span: Span, right: Mapping[int, Sequence[str]]) -> Iterator[str]:
    parts = [right.get(i) or [read.tokens[i].key] for i in range(*span)]
    yield from ("".join(way) for way in itertools.islice(itertools.product(*parts), _WAYS))


def _digits(key: str) -> str:
    return "".join(c for c in key if c.isdigit())
