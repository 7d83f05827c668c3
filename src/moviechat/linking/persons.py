"""Names of people in a text: the spans that spell one, and features that tell whether it is meant."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from moviechat.linking.around import Around
from moviechat.linking.candidates import doubtful
from moviechat.linking.people import NAME, SURNAME, People
from moviechat.linking.score import Features
from moviechat.linking.spelling import tokenize
from moviechat.linking.text import Span, Text, strange
from moviechat.linking.vocabulary import FRAME

_LONGEST = 6  # maximum tokens of a name
_NAME_TYPO, _SURNAME_TYPO = 7, 6  # minimum letters of a name for which a typo is considered
_NICKNAME = 2  # minimum letters of a shortened first name: "Nic Cage"
_MOST_VOTES = math.log(20_000_000)


@dataclass(frozen=True, slots=True)
class Named:
    """Tokens `span` that spell a name of `people` (best known first); `kind` is NAME or SURNAME."""

    span: Span
    people: tuple[int, ...]
    kind: int
    typo: bool = False
    cut: bool = False
    short: bool = False


def named(read: Text, people: People, zipf: Sequence[float]) -> list[Named]:
    """All spans that spell a name, in text order."""
    found = {n.span: n for n in _exact(read, people)}
    for typo in _typos(read, people, strange(read, zipf)):
        found.setdefault(typo.span, typo)
    for short in [_nickname(read, n, people) for n in found.values()]:
        if short is not None:
            found.setdefault(short.span, short)
    return sorted(found.values(), key=lambda n: n.span)


def _exact(read: Text, people: People) -> Iterator[Named]:
    n = len(read.tokens)
    spans = [(i, j) for i in range(n) for j in range(i + 1, min(n, i + _LONGEST) + 1) if not _broken(read, i, j)]
    keys = {(*s, False): read.key(*s) for s in spans if s[1] - s[0] > 1 or read.words[s[0]] not in FRAME}
    keys |= {(a, b, True): k[:-1] for (a, b, _), k in list(keys.items()) if _ends_in_s(read, b)}
    places = people.table.find(keys.values())
    for (first, last, cut), key in keys.items():
        if key in places and not (cut and keys[first, last, False] in places):
            yield from _meant((first, last), places[key], people, cut=cut)


def _ends_in_s(read: Text, last: int) -> bool:
    key = read.tokens[last - 1].key
    return key.endswith("s") and len(key) > 3 and not read.possessive(last)


def _broken(read: Text, first: int, last: int) -> bool:
    return any(read.breaks[k] or "," in read.gaps[k] for k in range(first + 1, last))


def _meant(span: Span, place: int, people: People, *, typo: bool = False, cut: bool = False) -> Iterator[Named]:
    if whole := people.meant(place, NAME):
        yield Named(span, tuple(whole), NAME, typo, cut)
    elif span[1] - span[0] == 1 and (last := people.meant(place, SURNAME)):
        yield Named(span, tuple(last), SURNAME, typo, cut)


def _typos(read: Text, people: People, odd: Sequence[int]) -> Iterator[Named]:
    spans = [s for s in doubtful(read, odd) if s[1] - s[0] <= _LONGEST and any(s[0] <= i < s[1] for i in odd)]
    keys = {s: read.key(*s) for s in spans if not read.possessive(s[1] - 1) and not _broken(read, *s)}
    least = {s: _SURNAME_TYPO if s[1] - s[0] == 1 else _NAME_TYPO for s in keys}
    places: dict[str, list[int]] = {}
    for key, place in people.table.near([k for s, k in keys.items() if len(k) >= least[s]]):
        places.setdefault(key, []).append(place)
    for span, key in keys.items():
        met = [n for place in places.get(key, ()) for n in _meant(span, place, people, typo=True)]
        if met:
            yield max(met, key=lambda n: (-n.kind, people.renown(n.people[0])))


def _nickname(read: Text, last: Named, people: People) -> Named | None:
    """A last name after the beginning of its first name: "Nic Cage"."""
    first = last.span[0] - 1
    if last.kind != SURNAME or first < 0 or _broken(read, first, last.span[1]):
        return None
    begins = read.tokens[first].key
    if len(begins) < _NICKNAME or begins in FRAME:
        return None
    called = [p for p in last.people if tokenize(people.names[p])[0].key.startswith(begins)]
    return Named((first, last.span[1]), tuple(called), SURNAME, last.typo, last.cut, True) if called else None


def features(n: Named, around: Around, people: People, film: float, inside: bool) -> Features:
    """All features of a name; `film` is the probability of a title that shares its words."""
    read, (first, last) = around.read, n.span
    common, renown = around.common(n.span), people.renowns(n.people)
    kind = "short" if n.short else ("name", "surname")[n.kind]
    known = math.log1p(renown[0]) / _MOST_VOTES
    left, right = around.left[first], around.right[last]
    found = {
        f"kind={kind}": 1.0,
        f"{kind} words={min(last - first, 3)}": 1.0,
        f"known & {kind}": known,
        f"known2 & {kind}": known * known,
        f"common & {kind}": common,
        f"common2 & {kind}": common * common,
        f"common & known & {kind}": common * known,
        f"share & {kind}": renown[0] / max(sum(renown), 1),
        f"typo & {kind}": float(n.typo),
        f"typo letters & {kind}": n.typo * min(len(read.key(*n.span)), 16) / 8,
        f"cut & {kind}": float(n.cut),
        f"film & {kind}": film,
        f"inside & {kind}": float(inside),
        f"{kind} left={left}": 1.0,
        f"{kind} right={right}": 1.0,
        f"between & {kind}={left}.{right}": 1.0,
    }
    found |= {f"{kind} {name}": value for name, value in around.base.items()}
    found |= {f"{kind} {name}": value for name, value in _case(around, n.span).items()}
    return {name: value for name, value in found.items() if value}


def _case(around: Around, span: Span) -> Features:
    read = around.read
    if not read.cased:
        return {"case=none": 1.0}
    upper = [read.tokens[i].raw[0].isupper() for i in range(*span)]
    word = "capital" if all(upper) else "small" if not any(upper) else "mixed"
    opens = {"opens": 1.0} if read.opens[span[0]] else {}
    goes = {"goes on": 1.0} if around.goes_on(span) else {}
    return {f"case={word}": 1.0} | opens | goes
