"""What belongs together: closer rivals, order in time, and who has which property."""

from __future__ import annotations

import numpy as np

from moviechat.grounding import words as closed
from moviechat.grounding.claims import asks_for, claims, pairs
from moviechat.grounding.compare import FAR, Comparison
from moviechat.grounding.reading import Word

_RELATIVE = ("who", "that", "which")
_WAYS = {"from": "from", "to": "into", "into": "to"}


def rivals(cmp: Comparison) -> None:
    """Words that belong together in the answer must be together in the record, with no word of the same sort closer."""
    joined = [(cmp.answer, a, cmp.answer, b) for a, b in pairs(cmp.answer)]
    if cmp.fragment or len(cmp.answer.content) <= 4:
        heads = [w.at for w in cmp.answer.content if w.name or w.pos in ("NOUN", "NUM", "PROPN")][:3]
        joined += [(cmp.question, q.at, cmp.answer, h) for h in heads for q in cmp.question.content]
    values, reading = [], cmp.source.reading
    said = {p for w in (*cmp.answer.words, *cmp.question.words) for p in cmp.places(w)}
    for ra, a, rb, b in joined:
        one, two = ra.words[a], rb.words[b]
        pa, pb = cmp.places(one), cmp.places(two)
        if not pa or not pb or one.root == two.root:
            continue
        d = cmp.source.nearest(pa, pb)
        rival = 0.0
        sort = _sort(reading.words[pb[0]])
        if sort:
            others = [
                r.at
                for r in reading.words
                if _sort(r) == sort
                and r.at not in said
                and not cmp.source.referents[r.at] & cmp.source.referents[pb[0]]
            ]
            rival = float(cmp.source.nearest(pa, others) < d)
        values.append((min(d, FAR) / FAR, rival, f"{one.text}/{two.text}"))
        if sort in ("place", "time") and rival and ra is rb is cmp.answer:
            cmp.found.penalties["moved"] = 1.0
            cmp.found.said["moved"] = [f"{one.text}/{two.text}"]
    if values:
        cmp.add("loose", float(np.mean([v for v, _, _ in values])))
        cmp.add("loosest", float(max(v for v, _, _ in values)))
        worst = [t for _, r, t in values if r]
        cmp.add("rival", float(np.mean([r for _, r, _ in values])), worst[0] if worst else "")


def order(cmp: Comparison) -> None:
    """Before and after, from and to, and times that the record lacks."""
    for w in cmp.answer.words:
        text = w.text.lower()
        if text in closed.ORDER and w.pos in ("ADP", "SCONJ", "ADV"):
            _ordered(cmp, w, text)
        elif text in _WAYS and w.dep == "prep":
            _directed(cmp, w, text)
        if (
            w.entity in ("DATE", "TIME")
            and (w.pos == "PROPN" or w.value is not None)
            and not cmp.places(w)
            and w.root not in cmp.source.facts
            and w.root not in cmp.asked
        ):
            cmp.add("time", 1, w.text)


def _ordered(cmp: Comparison, w: Word, text: str) -> None:
    """Before or after what? The source may say the opposite."""
    reading = cmp.source.reading
    told = [r for r in reading.words if r.text.lower() in closed.ORDER and r.pos in ("ADP", "SCONJ", "ADV")]
    after = w.at + 1
    below = {p for o in cmp.answer.content if o.at >= after for p in cmp.places(o)}
    same = [
        r
        for r in told
        if any(abs(p - r.at) <= 9 and p > r.at and reading.words[p].sentence == r.sentence for p in below)
    ]
    if any(r.text.lower() == text for r in same):
        return
    if any(r.text.lower() == closed.ORDER[text] or closed.ORDER[r.text.lower()] == text for r in same):
        cmp.add("order", 1, text)
    elif text not in {q.text.lower() for q in cmp.question.words}:
        cmp.add("order", 0.2, text)


def _directed(cmp: Comparison, w: Word, text: str) -> None:
    reading = cmp.source.reading
    for c in cmp.answer.children[w.at]:
        ways = {
            reading.words[reading.words[p].head].text.lower()
            for p in cmp.places(cmp.answer.words[c])
            if reading.words[p].dep == "pobj"
        }
        if ways & _WAYS.keys() and not ways & {text, _WAYS[text]} and ways <= _WAYS.keys():
            cmp.add("direction", 1, f"{text} {cmp.answer.words[c].text}")


def bearers(cmp: Comparison) -> None:
    """Who has a property: the record may give it to somebody else."""
    reading = cmp.source.reading
    for bearer, what in _said_to_be(cmp):
        for w in what:
            spots = [p for p in cmp.places(w) if reading.words[p].pos in ("NOUN", "ADJ")]
            if not spots or w.lemma in closed.KIN:
                continue
            owners = [o for p in spots if (o := _owner(cmp, p))]
            if owners and len(owners) == len(spots) and not any(bearer & o for o in owners):
                cmp.add("bearer", 1, w.text)


def _owner(cmp: Comparison, at: int) -> frozenset[str]:
    """All names of whoever the source gives the property to; empty if it does not say."""
    reading = cmp.source.reading
    w, head = reading.words[at], reading.words[reading.words[at].head]
    if len(cmp.source.referents[at]) > 1:
        return cmp.source.referents[at]
    if w.dep in ("attr", "acomp", "oprd", "advmod"):
        for c in (*reading.children[head.at], *((head.head,) if head.dep in ("relcl", "acl") else ())):
            subject = reading.words[c].dep in ("nsubj", "nsubjpass") or c == head.head
            if subject and reading.words[c].lemma not in _RELATIVE:
                owner: frozenset[str] = cmp.source.referents[c]
                return owner
    if w.dep == "amod":
        return cmp.source.referents[head.at]
    if w.dep == "dobj" and (c := next((c for c in cmp.source.claims if c.verb == head.at), None)):
        return frozenset(s for a in c.subjects for s in cmp.source.referents[a])
    return frozenset()


def _said_to_be(cmp: Comparison) -> list[tuple[frozenset[str], list[Word]]]:
    found = []
    for c in claims(cmp.answer):
        verb = cmp.answer.words[c.verb]
        if verb.lemma in ("be", "have"):
            for s in c.subjects:
                what = [cmp.answer.words[o] for o in c.objects if cmp.answer.words[o].pos in ("NOUN", "ADJ")]
                found.append((cmp.stems(cmp.answer, s), what))
    if asks_for(cmp.question) == "who" and cmp.fragment:
        heads = [w.at for w in cmp.answer.words if w.name and w.dep in ("ROOT", "nsubj", "conj", "compound")]
        for c in claims(cmp.question):
            if cmp.question.words[c.verb].lemma == "be":
                what = [
                    cmp.question.words[o]
                    for o in (*c.objects, *c.subjects)
                    if cmp.question.words[o].pos in ("NOUN", "ADJ")
                ]
                found += [(frozenset(s for h in heads for s in cmp.stems(cmp.answer, h)), what)]
    return [(b, w) for b, w in found if b & cmp.source.where.keys() and w]


def _sort(w: Word) -> str:
    """The sort of thing that a word names; "" if any other could replace it."""
    if w.entity in ("GPE", "LOC"):
        return "place"
    if w.value is not None:
        return "number"
    if w.entity in ("DATE", "TIME"):
        return "time"
    if w.name or (w.lemma in closed.PEOPLE and w.lemma not in closed.KIN):
        return "person"
    return ""
