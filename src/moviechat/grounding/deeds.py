"""Who did it, and did it happen: exchanged roles, negated deeds and deeds that are only wanted."""

from __future__ import annotations

from moviechat.grounding import words as closed
from moviechat.grounding.claims import asks_for, claims
from moviechat.grounding.compare import NEAR, Comparison
from moviechat.grounding.reading import Reading, Word

_GIVES = ("have", "get", "for", "of")


def polarity(cmp: Comparison) -> None:
    """Penalties for what the record negates, or says is only wanted, feared or believed."""
    reading = cmp.source.reading
    for source, w in _told(cmp):
        spots = cmp.places(w) or ((cmp.best(w)[1],) if source is cmp.answer and cmp.best(w)[0] > NEAR else ())
        spots = tuple(s for s in spots if s >= 0 and reading.words[s].pos in ("VERB", "ADJ", "NOUN"))
        if not spots:
            continue
        denied = source.denied[w.at] != (source is cmp.question and cmp.yes is False)
        if all(reading.denied[s] != denied for s in spots):
            cmp.add("denied", 1, f"{'not ' if denied else ''}{w.text}")
        if not source.held[w.at] and not denied and all(reading.held[s] and _is_told(reading, s) for s in spots):
            cmp.add("held", 1, w.text)


def _told(cmp: Comparison) -> list[tuple[Reading, Word]]:
    told = [(cmp.answer, w) for w in cmp.answer.content if _predicate(cmp.answer, w)]
    if cmp.yes or (cmp.yes is False and not cmp.answer.content):
        roots = {a.root for _, a in told}
        told += [(cmp.question, w) for w in cmp.question.content if _predicate(cmp.question, w) and w.root not in roots]
    return told


def _links(cmp: Comparison) -> list[tuple[Reading, Word, str, frozenset[str], str]]:
    """(reading, verb, "subject" or "object", names of the argument in the source, its text)."""
    found = []
    for c in claims(cmp.answer):
        for role, args in (("subject", c.subjects), ("object", c.objects)):
            verb = cmp.answer.words[c.verb]
            found += [(cmp.answer, verb, role, cmp.stems(cmp.answer, a), cmp.answer.words[a].text) for a in args]
    asked = asks_for(cmp.question)
    heads = [w for w in cmp.answer.words if w.dep == "ROOT" and w.pos in ("NOUN", "PROPN")]
    heads += [
        w
        for w in cmp.answer.words
        if w.dep == "nsubj" and cmp.answer.words[w.head].lemma in ("do", "be") and len(cmp.answer.content) <= 3
    ]
    if heads and asked in ("who", "what", "which", "whom"):
        for c in claims(cmp.question):
            for role, args in (("subject", c.subjects), ("object", c.objects)):
                if any(
                    cmp.question.words[a].lemma in ("who", "what", "which", "whom")
                    or any(cmp.question.words[k].lemma in ("which", "what") for k in cmp.question.children[a])
                    for a in args
                ):
                    found += [
                        (cmp.question, cmp.question.words[c.verb], role, cmp.stems(cmp.answer, h.at), h.text)
                        for h in heads
                    ]
                elif cmp.fragment:
                    found += [
                        (
                            cmp.question,
                            cmp.question.words[c.verb],
                            role,
                            cmp.stems(cmp.question, a),
                            cmp.question.words[a].text,
                        )
                        for a in args
                    ]
    return found


def roles(cmp: Comparison) -> None:
    """Subjects and objects, compared with the record's claims with the same verb."""
    reading = cmp.source.reading
    for source, verb, role, stems, text in _links(cmp):
        if not stems or verb.lemma in ("be", "have", "do", "get", "happen") or not stems & cmp.source.where.keys():
            continue
        spots = set(cmp.places(verb))
        if not spots and source is cmp.answer:
            value, at = cmp.best(verb)
            spots = {at} if value > NEAR and at >= 0 else set()
        here = [c for c in cmp.source.claims if c.verb in spots]
        if not here:
            continue
        worst = 2.0
        for c in here:
            mine, other = (c.subjects, c.objects) if role == "subject" or not c.objects else (c.objects, c.subjects)
            own = {s for a in mine for s in cmp.source.referents[a]} | {reading.words[a].root for a in mine}
            others = {s for a in other for s in cmp.source.referents[a]} | {reading.words[a].root for a in other}
            if stems & own:
                value = 0.0
            elif stems & others:
                value = 2.0
            elif not mine or any(reading.words[a].pos == "PRON" for a in mine):
                value = 0.3 if not mine else 0.5
            else:
                value = 1.0
            worst = min(worst, value)
        if worst == 2.0:
            cmp.add("swapped", 1, f"{verb.text} ({text})")
        elif worst >= 0.5:
            cmp.add("role", worst, f"{verb.text} ({text})")


def _is_told(reading: Reading, at: int) -> bool:
    """Whether the sentence states the word itself, not only something about a person or thing in it."""
    w, head = reading.words[at], reading.words[reading.words[at].head]
    return w.pos != "NOUN" or w.dep in ("attr", "acomp") or head.lemma in _GIVES or head.lemma in closed.HELD_OBJECT


def _predicate(reading: Reading, w: Word) -> bool:
    """Whether the word is a predicate: a verb, or what follows "is"."""
    if w.pos == "VERB":
        return w.dep not in ("amod", "compound")
    light = reading.words[w.head].lemma in ("have", "get", "be")
    return w.dep in ("acomp", "attr") or (w.dep == "dobj" and light) or (w.dep == "ROOT" and w.pos == "ADJ")
