"""Tables of phrases, found in a message by longest match."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, Self, TypeVar

from moviechat.chat.tokens import Word, words

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Tag(Generic[V]):
    """Words [first, last) of a message are a phrase for `value`."""

    value: V
    first: int
    last: int


class Phrases(Generic[V]):
    """A table of phrases; the phrases of a value are one string, separated by "|"."""

    def __init__(self, table: Mapping[V, str]) -> None:
        phrases = ((value, said) for value, text in table.items() for said in " ".join(text.split()).split("|"))
        self._by_first = _by_first((tuple(w.norm for w in words(said)), value) for value, said in phrases)

    @classmethod
    def spelled(cls, pairs: Iterable[tuple[tuple[str, ...], V]]) -> Self:
        """The table of phrases given as their words, each with its value."""
        table = cls({})
        table._by_first = _by_first(pairs)
        return table

    @property
    def firsts(self) -> frozenset[str]:
        """The first words of the phrases."""
        return frozenset(self._by_first)

    @property
    def words(self) -> frozenset[str]:
        """The words of the phrases."""
        return frozenset(norm for phrases in self._by_first.values() for norms, _ in phrases for norm in norms)

    def tags(self, said: Sequence[Word]) -> list[Tag[V]]:
        """The phrases in a message, in order, without nesting; in time linear in its length."""
        found: list[Tag[V]] = []
        end = 0
        for at, word in enumerate(said):
            if at >= end and word.norm in self._by_first and (tag := self._at(said, at)):
                found.append(tag)
                end = tag.last
        return found

    def _at(self, said: Sequence[Word], at: int) -> Tag[V] | None:
        for norms, value in self._by_first[said[at].norm]:
            if last := _match(said, at, norms):
                return Tag(value, at, last)
        return None


def _by_first(pairs: Iterable[tuple[tuple[str, ...], V]]) -> dict[str, list[tuple[tuple[str, ...], V]]]:
    """Phrases by their first word, the longest first."""
    found: dict[str, list[tuple[tuple[str, ...], V]]] = defaultdict(list)
    for norms, value in pairs:
        found[norms[0]].append((norms, value))
    for phrases in found.values():
        phrases.sort(key=lambda phrase: -len(phrase[0]))
    return found


def _match(said: Sequence[Word], at: int, norms: Sequence[str]) -> int:
    """The end of the words from `at` that spell `norms`, 0 if they do not; hyphens between them are skipped."""
    for i, norm in enumerate(norms):
        if i and norm != "-" and at < len(said) and said[at].norm == "-":
            at += 1
        if at >= len(said) or said[at].norm != norm:
            return 0
        at += 1
    return at


class Sized(Protocol):
    """Anything with words [first, last)."""

    @property
    def first(self) -> int:
        """Its first word."""

    @property
    def last(self) -> int:
        """The word after its last."""


def overlaps(tag: Sized, others: Iterable[Sized]) -> bool:
    """Whether a tag shares a word with one of `others`."""
    return any(tag.first < o.last and o.first < tag.last for o in others)
