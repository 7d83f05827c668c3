"""How many steps a backtracking engine takes for a pattern: counted, so that no clock decides a test.

`steps` walks the parse tree of Python's own `re` as its engine does: greedy, in order, one start after another. Repeats
with an end ({0,80}) are cut to two: they cost a factor, and no power of the text's length. `pumps` makes texts that
repeat what the pattern's loops take, before an end that they do not.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

MOST = 20_000  # steps after which a pattern is given up
_ALPHABET = "aQ7 \n.,;:'’\"“()[]-–_é#*{<&$/\ufdfa"
_CUT = 2
_SINGLE = (op.LITERAL, op.NOT_LITERAL, op.ANY, op.IN, op.CATEGORY)

Then = Callable[[int], bool]


class TooManyError(Exception):
    """More steps than MOST."""


class _Engine:
    """A pattern on a text; `taken` counts characters compared."""

    def __init__(self, text: str, flags: int, cut: int = _CUT) -> None:
        self.text, self.flags, self.cut, self.taken = text, flags, cut, 0

    def run(self, nodes: Sequence[Any], at: int, then: Then) -> bool:
        if not nodes:
            return then(at)
        kind, value = nodes[0]
        rest = nodes[1:]

        def on(place: int) -> bool:
            return self.run(rest, place, then)

        if kind in _SINGLE:
            return self._takes(kind, value, at) and on(at + 1)
        if kind is op.SUBPATTERN:
            return self.run(value[3], at, on)
        if kind is op.BRANCH:
            return any(self.run(branch, at, on) for branch in value[1])
        if kind in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
            return self._repeat(kind, value, at, on)
        if kind is op.ATOMIC_GROUP:
            end = self.end(value, at)
            return end is not None and on(end)
        if kind is op.AT:
            return self._stands(value, at) and on(at)
        if kind in (op.ASSERT, op.ASSERT_NOT):
            return self._looks(value, at) == (kind is op.ASSERT) and on(at)
        raise NotImplementedError(kind)

    def end(self, nodes: Sequence[Any], at: int) -> int | None:
        """Where the first match from `at` on ends."""
        ends: list[int] = []
        return ends[0] if self.run(nodes, at, lambda end: not ends.append(end)) else None  # type: ignore[func-returns-value]

    def _takes(self, kind: Any, value: Any, at: int) -> bool:
        self.taken += 1
        if self.taken > MOST:
            raise TooManyError
        return at < len(self.text) and takes(kind, value, self.text[at], self.flags)

    def _repeat(self, kind: Any, value: Any, at: int, on: Then) -> bool:
        least, most, body = value
        most = None if most is op.MAXREPEAT else min(most, max(self.cut, least))
        if len(body) == 1 and body[0][0] in _SINGLE and kind is not op.MIN_REPEAT:
            return self._run_of(body[0], least, most, at, on, back=kind is op.MAX_REPEAT)

        def more(n: int, place: int) -> bool:
            def again(end: int) -> bool:
                return end > place and more(n + 1, end)

            if n < least:
                return self.run(body, place, lambda end: more(n + 1, end))
            able = most is None or n < most
            if kind is op.MIN_REPEAT:
                return on(place) or (able and self.run(body, place, again))
            return (able and self.run(body, place, again)) or on(place)

        if kind is not op.POSSESSIVE_REPEAT:
            return more(0, at)
        n, place = 0, at
        while most is None or n < most:
            end = self.end(body, place)
            if end is None or end == place:
                break
            n, place = n + 1, end
        return n >= least and on(place)

    def _run_of(self, one: Any, least: int, most: int | None, at: int, on: Then, *, back: bool) -> bool:
        """A repeated single character, without a call for each."""
        end, (kind, value) = at, one
        while (most is None or end - at < most) and self._takes(kind, value, end):
            end += 1
        if not back:
            return end - at >= least and on(end)
        return any(on(place) for place in range(end, at + least - 1, -1))

    def _stands(self, where: Any, at: int) -> bool:
        text, multiline = self.text, self.flags & re.MULTILINE
        if where in (op.AT_BEGINNING, op.AT_BEGINNING_STRING):
            return at == 0 or bool(multiline and where is op.AT_BEGINNING and text[at - 1] == "\n")
        if where in (op.AT_END, op.AT_END_STRING):
            ends = at == len(text) or (where is op.AT_END and text[at:] == "\n")
            return ends or bool(multiline and where is op.AT_END and text[at] == "\n")
        sides = [0 <= i < len(text) and (text[i].isalnum() or text[i] == "_") for i in (at - 1, at)]
        return (sides[0] != sides[1]) == (where is op.AT_BOUNDARY)

    def _looks(self, value: tuple[int, Any], at: int) -> bool:
        direction, nodes = value
        if direction > 0:
            return self.run(nodes, at, lambda _: True)
        low, high = nodes.getwidth()
        return any(self.run(nodes, at - n, at.__eq__) for n in range(low, min(high, at) + 1))


def takes(kind: Any, value: Any, character: str, flags: int) -> bool:
    """Whether one node of the tree takes a character."""
    if flags & re.IGNORECASE and kind is not op.CATEGORY:
        return any(_takes(kind, value, c, flags) for c in {character, character.lower(), character.upper()[:1]})
    return _takes(kind, value, character, flags)


def _takes(kind: Any, value: Any, character: str, flags: int) -> bool:
    if kind is op.ANY:
        return character != "\n" or bool(flags & re.DOTALL)
    if kind is op.CATEGORY:
        return _of_category(value, character)
    if kind is op.RANGE:
        return bool(value[0] <= ord(character) <= value[1])
    if kind is op.IN:
        negated = value[0][0] is op.NEGATE
        return any(_takes(k, v, character, flags) for k, v in value[negated:]) != negated
    return bool(ord(character) == value) == (kind is op.LITERAL)


def _of_category(value: Any, character: str) -> bool:
    name = str(value)
    found = {"DIGIT": character.isdecimal(), "SPACE": character.isspace()}
    found["WORD"] = character.isalnum() or character == "_"
    return found[name.rpartition("_")[2]] != ("NOT" in name)


def steps(pattern: re.Pattern[str], text: str) -> int:
    """Characters compared while every match is found, one after another, as `finditer` does."""
    engine = _Engine(text, pattern.flags)
    list(_matches(engine, pattern))
    return engine.taken


def found(pattern: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    """The spans that `finditer` finds, as the counting engine finds them."""
    return list(_matches(_Engine(text, pattern.flags, cut=len(text)), pattern))


def _matches(engine: _Engine, pattern: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    at, nodes = 0, list(_tree(pattern))
    while at <= len(engine.text):
        if (end := engine.end(nodes, at)) is not None:
            yield at, end
        at = at + 1 if end is None or end == at else end


def _tree(pattern: re.Pattern[str]) -> Any:
    return _parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE)


def _leaves(nodes: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
    for kind, value in nodes:
        if kind in (op.LITERAL, op.NOT_LITERAL, op.ANY, op.IN):
            yield kind, value
        for inner in _inner(kind, value):
            yield from _leaves(inner)


def _inner(kind: Any, value: Any) -> Sequence[Any]:
    if kind is op.SUBPATTERN:
        return [value[3]]
    if kind is op.BRANCH:
        return list(value[1])
    if kind in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
        return [value[2]]
    if kind is op.ATOMIC_GROUP:
        return [value]
    return [value[1]] if kind in (op.ASSERT, op.ASSERT_NOT) else []


def _sample(nodes: Sequence[Any], flags: int) -> str:
    """A text that the nodes take, by their first branches."""
    found = ""
    for kind, value in nodes:
        if kind in (op.LITERAL, op.NOT_LITERAL, op.ANY, op.IN):
            found += next((c for c in (*_ALPHABET, *_own(kind, value)) if takes(kind, value, c, flags)), "")
        elif kind in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
            found += _sample(value[2], flags) * max(1, min(value[0], _CUT))
        elif kind is not op.ASSERT and kind is not op.ASSERT_NOT:
            found += next((_sample(inner, flags) for inner in _inner(kind, value)), "")
    return found


def _own(kind: Any, value: Any) -> Iterator[str]:
    for k, v in value if kind is op.IN else [(kind, value)]:
        if k in (op.LITERAL, op.RANGE):
            yield chr(v if k is op.LITERAL else v[0])


def _loops(nodes: Sequence[Any], flags: int, before: str = "") -> Iterator[tuple[str, Sequence[Any]]]:
    """Every repeat without an end: a text that leads to it, and what it repeats."""
    for place, (kind, value) in enumerate(nodes):
        lead = before + _sample(nodes[:place], flags)
        if kind in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT) and value[1] is op.MAXREPEAT:
            yield lead, value[2]
        for inner in _inner(kind, value):
            yield from _loops(inner, flags, lead)


def pumps(pattern: re.Pattern[str]) -> Iterator[tuple[str, str, str]]:
    """Texts (before, again and again, after) that may cost more than their length."""
    flags = pattern.flags
    nodes = list(_tree(pattern))
    leaves = list(_leaves(nodes))
    alike: dict[tuple[bool, ...], str] = {}
    for c in (*_ALPHABET, *(c for leaf in leaves for c in _own(*leaf))):
        alike.setdefault(tuple(takes(*leaf, c, flags) for leaf in leaves), c)
    seen = set()
    for lead, body in _loops(nodes, flags):
        taken = [c for c in alike.values() if any(takes(*leaf, c, flags) for leaf in _leaves(body))]
        pairs = map("".join, itertools.permutations(taken[:4], 2))
        words = [_sample(body, flags), lead, f"{lead} ", *taken[:12], *pairs]
        for before, again, after in itertools.product(dict.fromkeys((lead, "")), words, ("\x00", "a")):
            if again and (before, again, after) not in seen:
                seen.add((before, again, after))
                yield before, again, after
