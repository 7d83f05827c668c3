"""What the answer says and the source has no word for: names, numbers, deeds, times."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from moviechat.grounding import words as closed
from moviechat.grounding.claims import asks_for
from moviechat.grounding.compare import NEAR, Comparison


def words(cmp: Comparison) -> None:
    """Words of the answer that neither the question nor the record has."""
    told = [w for w in cmp.answer.content if w.root not in closed.FRAMING]
    new = [w for w in told if w.root not in cmp.asked] or told
    scores = [(cmp.best(w)[0], w) for w in new]
    for value, w in scores:
        if w.name and value < 1:
            cmp.add("name", 1, w.text)
    plain = [(v, w) for v, w in scores if not w.name and w.value is None]
    if plain:
        lacking = [max(0.0, 1 - v) for v, _ in plain]
        cmp.add("lacking", float(np.mean(lacking)))
        cmp.add("strange", float(sum(v > 0.55 for v in lacking)))
        cmp.add("unlike", float(sum(v > 0.45 for v in lacking)))
        worst = max(lacking)
        cmp.add("weakest", worst, min(plain, key=lambda p: p[0])[1].text if worst > 1 - NEAR else "")
        verbs = [(1 - v, w) for v, w in plain if w.pos == "VERB"]
        if verbs:
            worst, verb = max(verbs, key=lambda p: p[0])
            cmp.add("deed", max(0.0, worst), verb.lemma if worst > 1 - NEAR else "")
        things = [(1 - v, w) for v, w in plain if w.pos in ("NOUN", "ADJ")]
        if things:
            cmp.add("thing", max(0.0, max(v for v, _ in things)))
    elif not cmp.answer.content:
        cmp.add("empty", 1)
    reading = cmp.source.reading
    anchors = [cmp.exact[w.at] for w in cmp.answer.content if cmp.exact[w.at]]
    asked = [p for w in cmp.question.content if (p := cmp.places(w))]
    if anchors and asked:
        near = {s + d for places in asked for p in places for s in [reading.words[p].sentence] for d in (-1, 0, 1)}
        apart = [not any(reading.words[p].sentence in near for p in places) for places in anchors]
        cmp.add("apart", float(np.mean(apart)))


def numbers(cmp: Comparison) -> None:
    """Numbers that the record lacks, or that count something else there."""
    reading = cmp.source.reading
    for w in cmp.answer.words:
        if (
            w.value is None
            or w.text.lower() in ("one", "once")
            or (w.value == "2" and not w.text.isdigit() and asks_for(cmp.question) != "how")
        ):
            continue
        here = [r.at for r in reading.words if r.value == w.value]
        if not here:
            if w.value not in cmp.source.numbers:
                cmp.add("number", 1, w.text)
            continue
        counted = cmp.answer.words[w.head] if w.dep == "nummod" else None
        things = {counted.root} if counted is not None else {q.root for q in cmp.question.content if q.pos == "NOUN"}
        known = {s for s in things if s in cmp.source.where}
        if known and not any(
            reading.words[reading.words[h].head].root in known or _beside(cmp, h, known) for h in here
        ):
            cmp.add("number_moved", 1, w.text)


def _beside(cmp: Comparison, at: int, stems: Iterable[str]) -> bool:
    words = cmp.source.reading.words
    return any(
        words[n].root in stems
        for n in range(max(0, at - 4), min(len(words), at + 5))
        if words[n].sentence == words[at].sentence
    )


def universal(cmp: Comparison) -> None:
    """ "All", "only" and similar words that the record does not say."""
    told = {w.text.lower() for w in cmp.source.reading.words} | {w.text.lower() for w in cmp.question.words}
    for w in cmp.answer.words:
        if w.text.lower() in closed.ALL and w.text.lower() not in told:
            cmp.add("universal", 1, w.text)


def cause(cmp: Comparison) -> None:
    """A reason that the record does not connect with the question."""
    if not (asks_for(cmp.question) == "why" or any(w.lemma == "because" for w in cmp.answer.words)):
        return
    reading = cmp.source.reading
    asked = {p for w in cmp.question.content for p in cmp.places(w)}
    said = {p for w in cmp.answer.content if w.root not in cmp.asked for p in cmp.exact[w.at]}
    linked = 0.0
    for mark in reading.words:
        if mark.text.lower() in closed.CAUSAL and (mark.text.lower() != "to" or mark.dep == "aux"):
            near = {
                n
                for n in range(mark.at - 12, mark.at + 13)
                if 0 <= n < len(reading.words) and reading.words[n].sentence == mark.sentence
            }
            linked = max(linked, float(bool(asked & near and said & near)))
    cmp.add("cause", 1 - linked)
