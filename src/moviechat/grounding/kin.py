"""Relations between people that the source does not state, or states of others."""

from __future__ import annotations

from moviechat.grounding import words as closed
from moviechat.grounding.compare import Comparison
from moviechat.grounding.reading import Word


def kin(cmp: Comparison) -> None:
    """Penalties for relations that the record does not state."""
    for w in cmp.answer.words:
        if w.lemma not in closed.KIN or cmp.answer.denied[w.at]:
            continue
        kin = closed.KIN[w.lemma]
        told = cmp.source.kin | {f for k in cmp.source.kin for f in closed.FOLLOWS.get(k, "").split()}
        if kin not in told and w.root not in cmp.asked:
            cmp.add("kin", 1 if kin not in ("friend", "boss", "partner", "neighbour", "enemy") else 0.6, w.text)
        elif kin not in told:
            cmp.add("kin", 0.5, w.text)
        else:
            _kin_moved(cmp, w, kin)


def _kin_moved(cmp: Comparison, w: Word, kin: str) -> None:
    """The relation is stated, but of others."""
    about = _people_near(cmp, w)
    if not about:
        return
    same = {k for k in cmp.source.kin if k == kin or kin in closed.FOLLOWS.get(k, "").split()}
    best = 0.0
    reading = cmp.source.reading
    for r in reading.words:
        if closed.KIN.get(r.lemma) not in same:
            continue
        near = set(cmp.source.referents[r.at])
        for c in reading.children[r.at]:
            near |= cmp.source.referents[c] if reading.words[c].dep in ("poss", "appos", "compound", "amod") else set()
            if reading.words[c].dep == "prep":
                near |= {s for g in reading.children[c] for s in cmp.source.referents[g]}
        for above in list(reading.path(r.at))[1:3]:
            near |= cmp.source.referents[above.at]
            for c in reading.children[above.at]:
                if reading.words[c].dep in ("nsubj", "nsubjpass"):
                    near |= cmp.source.referents[c]
        best = max(best, sum(bool(a & near) for a in about) / len(about))
    if best < 1:
        cmp.add("kin_moved", 1 - best, w.text)


def _people_near(cmp: Comparison, w: Word) -> list[frozenset[str]]:
    """The two people in a relation according to the answer, as the source names them."""
    found = []
    ats = {c for c in cmp.answer.children[w.at] if cmp.answer.words[c].dep in ("poss", "appos", "compound")}
    head = cmp.answer.words[w.head]
    ats |= {c for c in cmp.answer.children[head.at] if cmp.answer.words[c].dep in ("nsubj",) and w.dep == "attr"}
    for c in cmp.answer.children[w.at]:
        if cmp.answer.words[c].text.lower() == "of":
            ats |= set(cmp.answer.children[c])
    called = [cmp.stems(cmp.answer, at) for at in ats if at != w.at]
    found += [stems for stems in called if stems & cmp.source.where.keys()]
    if cmp.fragment or len(found) < 2:
        found += [
            s for q in cmp.question.words if q.name and (s := cmp.stems(cmp.question, q.at)) & cmp.source.where.keys()
        ]
    return found[:3]
