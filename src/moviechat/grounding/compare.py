"""Compare an answer with a source: where the source has each word of the answer, and in which form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from moviechat.grounding import coref
from moviechat.grounding import words as closed
from moviechat.grounding.claims import Claim, claims, is_fragment
from moviechat.grounding.reading import Reading, Word

NEAR = 0.62  # minimum similarity of two words for one to stand for the other
_PREFIX = 6
FAR = 9


@dataclass(frozen=True)
class Source:
    """The parsed texts of a record, and the facts of its table as stems and numbers."""

    reading: Reading
    facts: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()

    @cached_property
    def referents(self) -> tuple[frozenset[str], ...]:
        """For each word, the stems of everything that it may refer to."""
        return coref.referents(self.reading)

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        """What the texts claim."""
        return tuple(claims(self.reading))

    @cached_property
    def where(self) -> Mapping[str, tuple[int, ...]]:
        """The words of each stem, and of each group of equal referents."""
        found: dict[str, list[int]] = {}
        for w in self.reading.words:
            for s in {w.root, *self.referents[w.at]}:
                found.setdefault(s, []).append(w.at)
        return {s: tuple(at) for s, at in found.items()}

    @cached_property
    def content(self) -> np.ndarray:
        """The numbers of the content words."""
        return np.array([w.at for w in self.reading.content], int)

    @cached_property
    def kin(self) -> frozenset[str]:
        """The relations between people that it names, each as one word."""
        return frozenset(closed.KIN[w.lemma] for w in self.reading.words if w.lemma in closed.KIN)

    def distance(self, a: int, b: int) -> int:
        """Steps between two words in the parse; `FAR` in different sentences."""
        words = self.reading.words
        if words[a].sentence != words[b].sentence:
            return FAR
        up = {w.at: n for n, w in enumerate(self.reading.path(a))}
        return min((n + up[w.at] for n, w in enumerate(self.reading.path(b)) if w.at in up), default=FAR)

    def nearest(self, left: Sequence[int], right: Sequence[int]) -> int:
        """The fewest steps from one of `left` to one of `right`; only words of one sentence are compared."""
        beside: dict[int, list[int]] = {}
        for b in right:
            beside.setdefault(self.reading.words[b].sentence, []).append(b)
        near = [self.distance(a, b) for a in left for b in beside.get(self.reading.words[a].sentence, ())]
        apart = len(near) < len(left) * len(right)
        return min([*near, FAR] if apart or not near else near)


@dataclass
class Found:
    """Penalties by name, with the words of the answer that they are for."""

    penalties: dict[str, float] = field(default_factory=dict)
    said: dict[str, list[str]] = field(default_factory=dict)

    def add(self, name: str, value: float, said: str = "") -> None:
        """Increase one penalty."""
        self.penalties[name] = self.penalties.get(name, 0.0) + value
        if said:
            self.said.setdefault(name, []).append(said)


class Comparison:
    """An answer to a question, compared with a source."""

    def __init__(self, question: Reading, answer: Reading, source: Source, yes: bool | None = None) -> None:
        self.question, self.answer, self.source, self.yes = question, answer, source, yes
        self.asked = {w.root for w in question.content}
        self.fragment = is_fragment(answer)
        self.found = Found()
        self.likeness = answer.vectors @ source.reading.vectors[source.content].T
        self.exact = [self.places(w) for w in answer.words]

    def add(self, name: str, value: float, said: str = "") -> None:
        """Increase one penalty."""
        self.found.add(name, value, said)

    def places(self, w: Word) -> tuple[int, ...]:
        """Where the source has this word, another form of it, or the same number or relation."""
        where = self.source.where
        if w.root in where:
            return where[w.root]
        if w.value is not None:
            return tuple(r.at for r in self.source.reading.words if r.value == w.value)
        if w.lemma in closed.KIN:
            return tuple(r.at for r in self.source.reading.words if closed.KIN.get(r.lemma) == closed.KIN[w.lemma])
        if w.entity in ("GPE", "NORP", "LANGUAGE") or w.pos == "PROPN":  # "Scotland", "Scottish"; "Finns", "Finnish"
            return tuple(
                r.at
                for r in self.source.reading.words
                if r.entity in ("GPE", "NORP", "LANGUAGE") and r.root[:4] == w.root[:4]
            )
        if len(w.root) >= _PREFIX:
            return tuple(r.at for r in self.source.reading.content if r.root[:_PREFIX] == w.root[:_PREFIX])
        return ()

    def best(self, w: Word) -> tuple[float, int]:
        """The highest similarity of a word of the source, and that word."""
        if self.exact[w.at]:
            return 1.0, self.exact[w.at][0]
        if w.root in self.source.facts or (w.value is not None and w.value in self.source.numbers):
            return 1.0, -1
        row = self.likeness[w.at]
        if not len(row):
            return 0.0, -1
        at = int(row.argmax())
        return float(row[at]), int(self.source.content[at])

    def stems(self, reading: Reading, at: int) -> frozenset[str]:
        """All stems that a word of the question or answer may have in the source."""
        w = reading.words[at]
        if w.lemma in closed.PRONOUN or w.text.lower() in closed.PRONOUN:
            people = [
                o
                for o in (*self.question.words, *self.answer.words[:at])
                if (o.name or o.lemma in closed.PEOPLE) and o.pos != "PRON"
            ]
            roots = {o.root for o in people}
            if len(roots) != 1:
                return frozenset()
            w = people[0]
        elif w.pos == "PRON":
            return frozenset()
        found = {w.root}
        for p in self.source.where.get(w.root, ()):
            found |= self.source.referents[p]
        for p in self.places(w) if w.root not in self.source.where else ():
            found |= {self.source.reading.words[p].root, *self.source.referents[p]}
        return frozenset(found)
