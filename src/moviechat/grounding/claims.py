"""The claims of a text: who does what to whom, what is what, and which words belong together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from moviechat.grounding.reading import Reading, Word

_SUBJECT = ("nsubj", "csubj")
_PASSIVE = ("nsubjpass", "csubjpass")
_OBJECT = ("dobj", "obj", "dative", "oprd")
_QUESTION = frozenset("who whom whose what which where when why how".split())


@dataclass(frozen=True, slots=True)
class Claim:
    """A verb (or predicate) with its subjects and objects, as word numbers."""

    verb: int
    subjects: frozenset[int]
    objects: frozenset[int]
    passive: bool = False


def claims(reading: Reading) -> list[Claim]:
    """The claims of a text, one per verb; the agent of a passive is its subject."""
    return [
        _claim(reading, w)
        for w in reading.words
        if w.pos == "VERB" or (w.pos == "AUX" and w.lemma in ("be", "have") and w.dep not in ("aux", "auxpass"))
    ]


def _claim(reading: Reading, verb: Word) -> Claim:
    subjects, objects, passive = set[int](), set[int](), False
    for c in reading.children[verb.at]:
        w = reading.words[c]
        if w.dep in _PASSIVE:
            passive = True
            objects |= _with_conjuncts(reading, c)
        elif w.dep in _SUBJECT:
            subjects |= _with_conjuncts(reading, c)
        elif w.dep in _OBJECT or w.dep in ("attr", "acomp"):
            objects |= _with_conjuncts(reading, c)
        elif w.dep == "auxpass":
            passive = True
        elif w.dep == "agent":
            for g in reading.children[c]:
                subjects |= _with_conjuncts(reading, g)
    inherited = _inherited(reading, verb)
    if passive and not objects:
        objects |= inherited
    elif not passive and not subjects:
        subjects |= inherited
    who = {_antecedent(reading, verb, s) for s in subjects}
    whom = {_antecedent(reading, verb, o) for o in objects}
    return Claim(verb.at, frozenset(who), frozenset(whom), passive)


def _antecedent(reading: Reading, verb: Word, at: int) -> int:
    """A relative "who" or "which" refers to the noun before it."""
    own = reading.words[reading.words[at].head]
    if reading.words[at].lemma in ("who", "which", "that", "whom") and own.dep == "relcl":
        return own.head
    return at


def _inherited(reading: Reading, verb: Word) -> set[int]:
    """The subject that a verb takes over from the verb it is joined to, or from the noun that it describes."""
    head, steps = verb, 0
    while steps < 4 and head.head != head.at:
        above = reading.words[head.head]
        if head.dep in ("acl", "relcl") and above.pos in ("NOUN", "PROPN", "PRON"):
            return {above.at}
        if head.dep not in ("conj", "xcomp", "advcl", "ccomp", "pcomp", "prep", "ROOT"):
            return set()
        if head.dep == "xcomp" and (
            moved := [c for c in reading.children[above.at] if reading.words[c].dep in _OBJECT]
        ):
            return set(moved)
        found = {c for c in reading.children[above.at] if reading.words[c].dep in (*_SUBJECT, *_PASSIVE)}
        if found:
            return found
        head, steps = above, steps + 1
    return set()


def _with_conjuncts(reading: Reading, at: int) -> set[int]:
    found, todo = set[int](), [at]
    while todo:
        n = todo.pop()
        found.add(n)
        todo += [c for c in reading.children[n] if reading.words[c].dep in ("conj", "appos") and c not in found]
    return found


def pairs(reading: Reading) -> Iterator[tuple[int, int]]:
    """Pairs of content words: one depends on the other, with only function words between."""
    for w in reading.content:
        for above in list(reading.path(w.at))[1:]:
            if above.content:
                yield above.at, w.at
                break


def asks_for(question: Reading) -> str:
    """The word that the question asks for, or "" for yes or no."""
    return next((w.lemma for w in question.words if w.lemma in _QUESTION), "")


def is_fragment(reading: Reading) -> bool:
    """Whether the text has no verb with a subject of its own."""
    return not any(
        w.pos in ("VERB", "AUX") and any(reading.words[c].dep in (*_SUBJECT, *_PASSIVE) for c in reading.children[w.at])
        for w in reading.words
    )
