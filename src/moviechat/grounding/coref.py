"""Coreference: names, the nouns beside them, and what "he", "she" and "they" refer to."""

from __future__ import annotations

from collections.abc import Sequence

from moviechat.grounding import words as closed
from moviechat.grounding.reading import Reading, Word


def referents(reading: Reading) -> tuple[frozenset[str], ...]:
    """For each word, the stems of everything it corefers with: names, nouns beside them, antecedents of pronouns."""
    groups: list[set[str]] = []
    of: dict[str, int] = {}  # stem of a name -> its group

    def join(*stems: str) -> int:
        known = sorted({of[s] for s in stems if s in of})
        at = known[0] if known else len(groups)
        if not known:
            groups.append(set())
        for s in stems:
            if s not in of:
                groups[at].add(s)
                of[s] = at
        return at

    words, sex = reading.words, dict[int, str]()
    at: int | None
    named: list[tuple[int, int, bool]] = []  # (word, group, subject?)
    found: list[int | None] = [None] * len(words)
    for w in words:
        if w.name and not (
            w.entity in ("GPE", "LOC", "DATE", "NORP") and w.dep in ("pobj", "compound", "amod", "appos")
        ):
            head = words[w.head]
            run = [w.root] + ([head.root] if w.dep == "compound" and head.name else [])
            at = join(*run)
            for other in _beside(reading, w.at):
                groups[at].add(other.root)
                if not other.name:
                    found[other.at] = at
                if other.lemma in closed.MALE:
                    sex[at] = "he"
                if other.lemma in closed.FEMALE:
                    sex[at] = "she"
            found[w.at] = at
            named.append((w.at, at, w.dep.startswith("nsubj")))
        elif w.pos == "NOUN" and w.lemma in closed.PEOPLE and found[w.at] is None:
            at = next((g for g in (of.get(o.root) for o in _beside(reading, w.at) if o.name) if g is not None), None)
            if at is None:
                at = join(w.root) if w.root not in of else of[w.root]
            sex.setdefault(at, "he" if w.lemma in closed.MALE else "she" if w.lemma in closed.FEMALE else "")
            found[w.at] = at
            named.append((w.at, at, w.dep.startswith("nsubj")))
        elif w.text.lower() in ("himself", "herself") and (own := _subject_group(reading, w, found)) is not None:
            found[w.at] = own
            sex[own] = "he" if w.text.lower() == "himself" else "she"
        elif w.lemma in closed.PRONOUN or w.text.lower() in closed.PRONOUN:
            found[w.at] = _antecedent(reading, w, named, sex)
    return tuple(
        frozenset(groups[g]) if g is not None else frozenset((w.root,)) for w, g in zip(words, found, strict=True)
    )


def _subject_group(reading: Reading, w: Word, found: Sequence[int | None]) -> int | None:
    for above in reading.path(w.at):
        for c in reading.children[above.at]:
            if reading.words[c].dep == "nsubj":
                return found[c]
    return None


def _beside(reading: Reading, at: int) -> list[Word]:
    """Nouns in apposition to a name, or by which it is called: "his wife Anna", "Issa, a detective"."""
    w = reading.words[at]
    found: list[Word] = []
    head = reading.words[w.head]
    if w.dep in ("appos", "compound") and head.pos in ("NOUN", "PROPN") and head.at != at:
        found.append(head)
    for c in reading.children[at]:
        child = reading.words[c]
        if child.dep in ("appos", "compound") and child.pos in ("NOUN", "PROPN"):
            found.append(child)
    if w.dep == "nsubj" and head.lemma == "be":
        found += [reading.words[c] for c in reading.children[head.at] if reading.words[c].dep == "attr"]
    return found


def _antecedent(reading: Reading, w: Word, named: list[tuple[int, int, bool]], sex: dict[int, str]) -> int | None:
    text = w.text.lower()
    wanted = "he" if text in closed.HE else "she" if text in closed.SHE else ""
    best, score = None, -1.0
    for at, group, subject in named:
        if not wanted and text not in closed.PLURAL_OF_PERSON:
            continue
        known = sex.get(group, "")
        if wanted and known and known != wanted:
            continue
        distance = w.sentence - reading.words[at].sentence
        value = 2.0 * subject + (1.5 if known == wanted and wanted else 0) - 1.2 * distance - 0.01 * (w.at - at)
        if distance <= 3 and (best is None or value >= score):
            best, score = group, value
    if best is not None and wanted:
        sex.setdefault(best, wanted)
        if not sex[best]:
            sex[best] = wanted
    return best
