"""Pairs (question, answer, supported?) made by code from parsed texts: what `fit_check.py` teaches the reader with.

True ones: clauses cut out, passives, synonyms, pronouns, short answers. False ones: the same with parts exchanged,
negated, moved, recounted, made certain, or brought in from another film.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from check_words import ALIKE, INVENTED_NAMES, KINDS, OPPOSITE

Pair = tuple[str, str, bool]

_HELD = ("wants to", "hopes to", "plans to", "tries to", "must", "may", "is about to", "threatens to", "dreams that")
_UNSURE = frozenset(
    "want hope plan try attempt decide need wish intend aim dream threaten order ask tell force".split()
)
_ORDERS = frozenset("order ask tell force help allow let make convince persuade".split())
_BELIEVED = frozenset(
    "suspect believe think claim say accuse fear imagine dream hope suggest suppose accuse of for".split()
)
# Of two kinds of word at once: exchanged only as verbs.
_TWO = frozenset(
    "own work fire plan love hope lie train look search attempt return end fear show fight fix free speak job plot".split()
)
_UNSAID = (
    "The description does not say.",
    "The text doesn't say.",
    "That is not told.",
    "It isn't said.",
    "The record gives no answer to that.",
    "We are not told.",
)
_RELATIONS = frozenset(
    """mother father sister brother daughter son aunt uncle cousin wife husband girlfriend boyfriend grandmother
    grandfather friend boss neighbour neighbor fiancé fiancée partner colleague ex-wife ex-husband mentor rival""".split()
)


@dataclass(frozen=True)
class Clause:
    """Who does what to whom; texts as they stand, `verb` the token."""

    subject: str
    verb: Any
    object: str = ""
    place: str = ""
    rest: str = ""
    agent: str = ""
    passive: bool = False
    negated: bool = False
    held: str = ""  # "wants to", when it is only wanted
    person: bool = False
    object_person: bool = False


class Words:
    """Inflected forms as the texts themselves have them, and the tables of check_words."""

    def __init__(self, docs: Sequence[Any]) -> None:
        self.forms: dict[tuple[str, str], str] = {}
        for doc in docs:
            for t in doc:
                if t.pos_ == "VERB" and t.text.isalpha():
                    self.forms.setdefault((t.lemma_.lower(), t.tag_), t.text.lower())
        self.alike: dict[str, list[str]] = {}
        for line in ALIKE:
            group = line.split(" ")
            for w in group[:1]:
                self.alike.setdefault(w, []).append(" ".join(group[1:]) if len(group) > 2 else group[1])
            if len(group) == 2:
                self.alike.setdefault(group[1], []).append(group[0])
        self.opposite: dict[str, str] = {}
        for line in OPPOSITE:
            a, b = line.split()
            self.opposite.setdefault(a, b)
            self.opposite.setdefault(b, a)
        self.kind = {w: [o for o in line.split() if o != w] for line in KINDS for w in line.split()}

    def form(self, lemma: str, tag: str) -> str:
        """The form `tag` of a verb, as seen in the texts, else by rule."""
        if (seen := self.forms.get((lemma, tag))) is not None:
            return seen
        if tag == "VBZ":
            return (
                lemma + ("es" if re.search(r"(s|x|z|ch|sh|o)$", lemma) else "s")
                if not lemma.endswith("y")
                else lemma[:-1] + "ies"
            )
        if tag in ("VBN", "VBD"):
            return lemma + ("d" if lemma.endswith("e") else "ed")
        return lemma


def _span(token: Any, *, short: bool = True) -> str:
    drop = {"relcl", "appos", "acl", "advcl", "punct", "cc", "conj", "parataxis"} if short else set()
    kept = []

    def walk(t: Any) -> None:
        kept.append(t)
        for c in t.children:
            if c.dep_ in drop and not (c.dep_ == "punct" and c.text in "-'\""):
                continue
            walk(c)

    walk(token)
    kept.sort(key=lambda t: t.i)
    return "".join(t.text_with_ws for t in kept).strip().strip(",;:").strip()


def _is_person(t: Any, people: frozenset[str]) -> bool:
    return t.ent_type_ == "PERSON" or t.text in people or t.lemma_.lower() in _RELATIONS or t.lemma_.lower() in _PEOPLE


_PEOPLE = frozenset(
    """man woman boy girl child kid teenager couple family doctor nurse policeman cop detective officer agent soldier
    teacher student writer author singer actor actress director killer murderer criminal thief gangster lawyer judge
    president king queen prince princess priest nun widow widower stranger friend lover owner leader boss worker
    journalist reporter scientist artist musician dancer farmer hunter driver pilot captain hero heroine villain
    people mother father parent sister brother daughter son wife husband girlfriend boyfriend team gang group""".split()
)
_NO_SUBJECT = frozenset("that which who whom it this there what these those all each one".split())


def clauses(doc: Any) -> list[Clause]:
    """The clauses of a text that stand by themselves: their subject is a name or a noun."""
    people = frozenset(t.text for t in doc if t.ent_type_ == "PERSON")
    found = []
    for v in doc:
        if v.pos_ != "VERB":
            continue
        head, held = v, ""
        subject = _subject(v)
        while subject is None and head.dep_ in ("xcomp", "conj") and head.head.pos_ in ("VERB", "AUX"):
            if head.dep_ == "xcomp" and head.head.lemma_ in _UNSURE:
                held = "wants to"
            if head.dep_ == "xcomp" and (
                moved := next((c for c in head.head.children if c.dep_ in ("dobj", "obj")), None)
            ):
                # "orders them to go", but not "finds a way to go"
                subject = moved if head.head.lemma_ in _ORDERS else None
                break
            head = head.head
            subject = _subject(head)
        if subject is None and v.dep_ == "relcl":
            subject = v.head
        if subject is None:
            continue
        if subject.lemma_.lower() in ("who", "that", "which") and v.dep_ == "relcl":
            subject = v.head
        if subject.pos_ not in ("PROPN", "NOUN") or subject.lower_ in _NO_SUBJECT:
            continue
        aux = [c for c in v.children if c.dep_ in ("aux", "auxpass")]
        modal = next((a.lower_ for a in aux if a.tag_ == "MD"), "")
        if modal or (v.dep_ in ("advcl", "ccomp") and any(c.lower_ in ("if", "whether", "unless") for c in v.children)):
            held = held or "may"
        if v.dep_ in ("ccomp", "pcomp") and v.head.lemma_ in _BELIEVED:
            held = held or "may"
        passive = any(c.dep_ in ("auxpass", "nsubjpass") for c in v.children)
        obj = next((c for c in v.children if c.dep_ in ("dobj", "obj")), None)
        agent = next((p for c in v.children if c.dep_ == "agent" for p in c.children if p.dep_ == "pobj"), None)
        preps = [c for c in v.children if c.dep_ == "prep" and len(_span(c).split()) < 9]
        place = next((_span(p) for p in preps if p.lower_ in ("in", "at", "to", "from", "near", "into", "on")), "")
        rest = next((_span(p) for p in preps if _span(p) != place), "")
        place, rest = (x[:1].lower() + x[1:] for x in (place, rest))
        prt = next((c.text for c in v.children if c.dep_ == "prt"), "")
        neg = any(c.dep_ == "neg" for c in v.children)
        subj = _span(subject)
        if len(subj.split()) > 9 or (obj is not None and len(_span(obj).split()) > 10):
            continue
        if obj is None and not place and not rest and not passive:
            continue
        object_text = (f"{prt} " if prt else "") + (_span(obj) if obj is not None else "")
        if obj is not None and obj.pos_ == "PRON":
            continue
        found.append(
            Clause(
                subj,
                v,
                object_text.strip(),
                place,
                rest,
                _span(agent) if agent is not None else "",
                passive,
                neg,
                held,
                _is_person(subject, people),
                obj is not None and _is_person(obj, people),
            )
        )
    return found


_MANY = frozenset(
    "they people children men women two three four five six seven eight nine ten many several some these those".split()
)


def _plural(v: Any, subject: str) -> bool:
    words = subject.lower().split()
    return bool(words) and (
        words[0] in _MANY
        or words[-1] in _MANY
        or (
            words[-1].endswith("s")
            and not words[-1].endswith(("ss", "us", "is", "'s"))
            and subject[-1:].islower()
            and not subject.split()[-1][0].isupper()
        )
    )


def _subject(v: Any) -> Any:
    return next((c for c in v.children if c.dep_ in ("nsubj", "nsubjpass")), None)


def relations(doc: Any) -> list[tuple[str, str, str]]:
    """(name, relation, of whom) as "his wife Anna", "Anna, Jan's wife" have them; of whom may be ""."""
    found = []
    for t in doc:
        if t.lemma_.lower() not in _RELATIONS:
            continue
        name = next((c for c in t.children if c.dep_ == "appos" and c.pos_ == "PROPN"), None)
        if name is None and t.dep_ == "compound" and t.head.pos_ == "PROPN":
            name = t.head
        if name is None and t.dep_ == "appos" and t.head.pos_ == "PROPN":
            name = t.head
        of = next(
            (
                _span(c).removesuffix("'s").removesuffix("’s").strip()
                for c in t.children
                if c.dep_ == "poss" and c.pos_ == "PROPN"
            ),
            "",
        )
        if name is not None:
            found.append((name.text, t.text.lower(), of))
    return found


def _lower(text: str) -> str:
    """First letter small unless it begins a name."""
    first = text.split(" ")[0]
    return (
        text[0].lower() + text[1:]
        if first in ("The", "A", "An", "His", "Her", "Their", "Two", "Three", "One", "Some", "Young", "When")
        else text
    )


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


class Maker:
    """Makes the pairs; `random` decides which."""

    def __init__(self, docs: Sequence[Any], seed: int = 0) -> None:
        self.words = Words(docs)
        self.random = random.Random(seed)
        self.docs = docs
        self.told = [clauses(d) for d in docs]
        self.all = [c for t in self.told for c in t]

    # -- wording

    def verb(self, c: Clause) -> tuple[str, str, bool]:
        """(lemma, tense tag, plural subject?)."""
        v = c.verb
        plural = v.tag_ == "VBP" or " and " in c.subject or _plural(v, c.subject)
        tag = "VBD" if v.tag_ == "VBD" else "VBP" if plural else "VBZ"
        return v.lemma_.lower(), tag, plural

    def phrase(self, c: Clause, *, negate: bool = False, certain: bool | None = None) -> str:
        """The predicate: "kills a man in the woods"; held ones with their "wants to" unless `certain`."""
        lemma, tag, plural = self.verb(c)
        tail = " ".join(x for x in (c.object, c.place, c.rest if self.random.random() < 0.4 else "") if x)
        negated = c.negated != negate
        held = c.held and not certain
        if c.passive:
            be = {"VBD": "was", "VBP": "are", "VBZ": "is"}[tag]
            if plural and tag == "VBD":
                be = "were"
            by = f" by {c.agent}" if c.agent and self.random.random() < 0.8 else ""
            return f"{be}{' not' if negated else ''} {self.words.form(lemma, 'VBN')} {c.object}{by} {c.place}".replace(
                "  ", " "
            ).strip()
        if held:
            want = self._held(c)
            return f"{want} {'not ' if negated else ''}{lemma} {tail}".strip()
        if negated:
            do = {"VBD": "did", "VBP": "do", "VBZ": "does"}[tag]
            how = self.random.choice(["not", "not", "not", "n't"]) if do != "do" else "not"
            no = f"{do}{how}" if how == "n't" else f"{do} not"
            return f"{no} {lemma} {tail}".strip()
        return f"{self.words.form(lemma, 'VB' if tag == 'VBP' else tag)} {tail}".strip()

    def _held(self, c: Clause) -> str:
        h = c.verb.head
        if (
            c.held == "wants to"
            and c.verb.dep_ == "xcomp"
            and h.lemma_ in _UNSURE
            and h.text.isalpha()
            and not any(x.dep_ in ("dobj", "obj") for x in h.children)
        ):
            return f"{self.words.form(h.lemma_.lower(), 'VBZ')} to"
        return (
            self.random.choice(["may", "might", "wants to", "is to"])
            if c.held == "wants to"
            else self.random.choice(["may", "might", "would"])
        )

    def alike(self, text: str) -> str:
        """`text` with one or two words said otherwise."""
        words = text.split(" ")
        at = [
            i
            for i, w in enumerate(words)
            if w.lower().strip(".,") in self.words.alike and w.lower().strip(".,") not in _TWO
        ]
        for i in self.random.sample(at, min(2, len(at))):
            core = words[i].strip(".,")
            new = self.random.choice(self.words.alike[core.lower()])
            words[i] = words[i].replace(core, new)
        return " ".join(words)

    def verb_alike(self, c: Clause) -> Clause:
        """The clause with a synonym as its verb, where there is one of one word."""
        others = [w for w in self.words.alike.get(c.verb.lemma_.lower(), []) if " " not in w]
        return replace(c, verb=_Verb(self.random.choice(others), c.verb)) if others else c

    def statement(self, c: Clause, **how: Any) -> str:
        """A sentence of the clause."""
        return f"{_upper(c.subject)} {self.phrase(c, **how)}."

    def turned(self, c: Clause) -> str | None:
        """The clause in the passive (or a passive with its agent in the active), None where it cannot be."""
        lemma, tag, _ = self.verb(c)
        if c.held or c.negated:
            return None
        if c.passive and c.agent:
            return f"{_upper(c.agent)} {self.words.form(lemma, 'VBD' if tag == 'VBD' else 'VBZ')} {_lower(c.subject)}{' ' + c.place if c.place else ''}."
        if not c.passive and c.object and not c.object[0].isdigit() and c.verb.lemma_ not in ("have", "be", "become"):
            be = "was" if tag == "VBD" else "is"
            return f"{_upper(c.object)} {be} {self.words.form(lemma, 'VBN')} by {_lower(c.subject)}{' ' + c.place if c.place and self.random.random() < 0.5 else ''}."
        return None

    # -- questions

    def question(self, c: Clause, about: str) -> str:
        """A question whose answer is the clause's `about`: subject, object, place, all."""
        lemma, tag, plural = self.verb(c)
        do = {"VBD": "did", "VBP": "do", "VBZ": "does"}[tag]
        subject = _lower(c.subject)
        if about == "subject":
            who = "Who" if c.person else "What"
            return f"{who} {self.phrase(replace(c, held=''))}?"
        if c.passive:
            be = "were" if tag == "VBD" and plural else {"VBD": "was", "VBP": "are", "VBZ": "is"}[tag]
            part = self.words.form(lemma, "VBN")
            if about == "object":
                return f"Who {be} {subject} {part} by?"
            return f"Where {be} {subject} {part}?" if about == "place" else f"What happens to {subject}?"
        if about == "object":
            return f"{'Whom' if c.object_person and self.random.random() < 0.3 else 'Who' if c.object_person else 'What'} {do} {subject} {lemma}?"
        if about == "place":
            return f"Where {do} {subject} {lemma}{' ' + c.object if c.object else ''}?"
        return self.random.choice(
            [
                f"What {do} {subject} do?",
                f"What happens with {subject}?",
                "What happens?",
                f"And {subject}?",
                f"What about {subject}?",
            ]
        )

    def yes_no(self, c: Clause) -> str:
        """The clause as a question."""
        lemma, tag, plural = self.verb(c)
        if c.passive:
            be = "were" if tag == "VBD" and plural else {"VBD": "was", "VBP": "are", "VBZ": "is"}[tag]
            return f"{_upper(be)} {_lower(c.subject)} {self.words.form(lemma, 'VBN')}{' by ' + c.agent if c.agent else ''}{' ' + c.place if c.place else ''}?"
        do = {"VBD": "Did", "VBP": "Do", "VBZ": "Does"}[tag]
        tail = " ".join(x for x in (c.object, c.place) if x)
        return f"{do} {_lower(c.subject)} {lemma} {tail}?".replace(" ?", "?")

    # -- pairs

    def of(self, n: int, size: int) -> Iterator[Pair]:
        """About `size` pairs of the n-th text."""
        told = self.told[n]
        if not told:
            return
        for _ in range(size):
            c = self.random.choice(told)
            for pair in self.random.choice(_MAKERS)(self, n, c):
                yield pair
        for name, relation, of in relations(self.docs[n])[:3]:
            yield from self.related(name, relation, of)

    def related(self, name: str, relation: str, of: str) -> Iterator[Pair]:
        other = self.random.choice(self.words.kind.get(relation) or ["sister", "boss", "neighbour"])
        who = f"{of}'s" if of else self.random.choice(["his", "her", "the"])
        q = self.random.choice(
            [
                f"Who is {name}?",
                f"Who is {name} to {of}?" if of else f"Who is {name}?",
                f"How are {name} and {of} related?" if of else f"What is {name} to the hero?",
            ]
        )
        right, wrong = relation, other
        if self.random.random() < 0.3 and relation in self.words.alike:
            right = self.random.choice(self.words.alike[relation])
        form = self.random.choice(["{n} is {w} {r}.", "{W} {r}.", "{n} is a {r} of {o}." if of else "{n} is {w} {r}."])
        for r, ok in ((right, True), (wrong, False)):
            yield q, form.format(n=name, w=who, W=_upper(who), r=r, o=of), ok
        q = f"Is {name} {who} {other}?"
        yield q, f"Yes, {name} is {who} {other}.", False
        yield q, f"No, {self.random.choice([name, 'it'])} is {who} {right}.", True

    def plain(self, n: int, c: Clause) -> Iterator[Pair]:
        about = self.random.choice(["subject", "object", "all", "all", "place"])
        q = self.question(c, about)
        alike = self.verb_alike(c) if self.random.random() < 0.5 else c
        true = self.turned(alike) if self.random.random() < 0.35 else None
        true = true or self.statement(alike)
        if self.random.random() < 0.5:
            true = self.alike(true)
        if self.random.random() < 0.25 and c.person and not c.passive:
            true = f"{self.random.choice(['He', 'She', 'They']) if ' and ' not in c.subject else 'They'} {self.phrase(alike)}."
        yield q, true, True
        wrong = self.wrong(n, alike)
        if wrong is not None:
            yield q, self.alike(wrong) if self.random.random() < 0.3 else wrong, False

    def short(self, n: int, c: Clause) -> Iterator[Pair]:
        about = self.random.choice(["subject", "subject", "object", "place"])
        told = {"subject": c.subject, "object": c.agent if c.passive else c.object, "place": c.place}[about]
        if not told or (c.verb.lemma_ in ("be", "have") and about == "subject"):
            return
        q = self.question(self.verb_alike(c) if self.random.random() < 0.4 else c, about)
        lemma, tag, _ = self.verb(c)
        does = (
            f" {'did' if tag == 'VBD' else 'does'}."
            if about == "subject" and not c.passive and self.random.random() < 0.4
            else "."
        )
        yield q, self.alike(_upper(told)) + does, True
        others = self.others(n, c, about)
        if others:
            yield q, _upper(self.random.choice(others)) + does, False

    def others(self, n: int, c: Clause, about: str) -> list[str]:
        told = self.told[n]
        if about == "place":
            return [o.place for o in told if o.place and o.place != c.place and o.verb != c.verb] or [
                x.place for x in self.random.sample(self.all, 3) if x.place
            ]
        same = {c.subject, c.object, c.agent}
        person = c.person if about == "subject" else c.object_person
        found = [
            o.subject for o in told if o.person == person and o.subject not in same and o.verb.lemma_ != c.verb.lemma_
        ]
        found += [
            o.object
            for o in told
            if o.object and o.object_person == person and o.object not in same and o.verb.lemma_ != c.verb.lemma_
        ]
        found = [f for f in found if not any(f in s or s in f for s in same if s)]
        if about == "subject" and c.object and c.object_person and self.random.random() < 0.5:
            return [c.object]
        if not found or self.random.random() < 0.15:
            found = (
                [self.random.choice(INVENTED_NAMES)]
                if person
                else [x.object for x in self.random.sample(self.all, 4) if x.object and not x.object_person]
            )
        return found

    def asked(self, n: int, c: Clause) -> Iterator[Pair]:
        """Questions for yes or no."""
        true = replace(c, held="")
        q = self.yes_no(true)
        if c.held:
            yield q, f"Yes, {self.phrase_with(true, certain=True)}.", False
            yield (
                q,
                f"{self.random.choice(['It is not said', 'Perhaps', 'We do not learn that', 'Only that'])}{self.random.choice([',', ':'])} {_lower(c.subject)} {self.phrase(c)}.",
                True,
            )
            return
        yes = "No" if c.negated else "Yes"
        no = "Yes" if c.negated else "No"
        r = self.random.random()
        if r < 0.3:
            yield q, f"{yes}.", True
            yield q, f"{no}.", False
        elif r < 0.7:
            yield q, f"{yes}, {self.phrase_with(c)}.", True
            yield q, f"{no}, {self.phrase_with(c, negate=True)}.", False
        else:
            opposite = self.opposite(q)
            if opposite:
                yield opposite, f"{no}, {self.phrase_with(c)}.", True
                yield opposite, f"{yes}, {opposite_words(self, self.phrase_with(c))}.", False
        wrong = self.wrong(n, c)
        if wrong and not c.negated:
            yield self.random.choice([q, "Really?", self.question(c, "all")]), f"Yes, {_lower(wrong)}", False

    def phrase_with(self, c: Clause, **how: Any) -> str:
        subject = (
            self.random.choice(["he", "she"])
            if c.person and self.random.random() < 0.3 and " and " not in c.subject
            else _lower(c.subject)
        )
        return f"{subject} {self.phrase(c, **how)}"

    def opposite(self, text: str) -> str | None:
        new = opposite_words(self, text)
        return new if new != text else None

    def wrong(self, n: int, c: Clause) -> str | None:
        """A false statement made of the clause."""
        return self.random.choice(_WRONGS)(self, n, c)

    def swapped(self, n: int, c: Clause) -> str | None:
        if c.passive and c.agent:
            return self.statement(replace(c, subject=_upper(c.agent), agent=_lower(c.subject)))
        if not c.object or not (c.object_person or self.random.random() < 0.15) or not c.person:
            return None
        new = replace(c, subject=_upper(c.object), object=_lower(c.subject))
        return self.turned(new) or self.statement(new) if self.random.random() < 0.3 else self.statement(new)

    def other_subject(self, n: int, c: Clause) -> str | None:
        others = self.others(n, c, "subject")
        return self.statement(replace(c, subject=_upper(self.random.choice(others)))) if others else None

    def other_object(self, n: int, c: Clause) -> str | None:
        if not c.object:
            return None
        others = self.others(n, c, "object")
        return self.statement(replace(c, object=_lower(self.random.choice(others)))) if others else None

    def other_place(self, n: int, c: Clause) -> str | None:
        others = self.others(n, c, "place") if c.place else []
        return self.statement(replace(c, place=self.random.choice(others))) if others else None

    def negated(self, n: int, c: Clause) -> str | None:
        return self.statement(c, negate=True)

    def opposed(self, n: int, c: Clause) -> str | None:
        return self.opposite(self.statement(c))

    def of_kind(self, n: int, c: Clause) -> str | None:
        text = self.statement(c)
        words = text.split(" ")
        at = [i for i, w in enumerate(words) if w.lower().strip(".,") in self.words.kind]
        if not at:
            return None
        i = self.random.choice(at)
        core = words[i].strip(".,")
        new = self.random.choice(self.words.kind[core.lower()])
        words[i] = words[i].replace(core, _upper(new) if core[0].isupper() else new)
        return " ".join(words)

    def certain(self, n: int, c: Clause) -> str | None:
        return self.statement(c, certain=True) if c.held else None

    def renumbered(self, n: int, c: Clause) -> str | None:
        text = self.statement(c)
        found = re.search(r"\d+", text)
        if not found:
            return None
        value = int(found.group()[:6])
        new = self.random.choice([value + 1, value - 1, value * 2, value + 10, value + 5])
        return text[: found.start()] + str(abs(new)) + text[found.end() :]

    def invented(self, n: int, c: Clause) -> str | None:
        """What somebody of this film does in another film."""
        other = self.random.choice(self.all)
        if other.passive or other.person != c.person:
            return None
        obj = other.object
        if other.object_person:
            objects = [o.object for o in self.told[n] if o.object_person and o.object != c.subject]
            obj = self.random.choice(objects) if objects else "her"
        return self.statement(
            replace(other, subject=c.subject, object=obj, held="", negated=False, rest=""), certain=True
        )

    def other_verb(self, n: int, c: Clause) -> str | None:
        """The same people and things, another deed."""
        if not c.object or c.passive:
            return None
        o = self.random.choice(self.all)
        if not o.object or o.passive or o.object_person != c.object_person or o.verb.lemma_ == c.verb.lemma_:
            return None
        if o.verb.lemma_ in self.words.alike.get(c.verb.lemma_, ()) or o.verb.lemma_ in (
            "have",
            "be",
            "see",
            "meet",
            "find",
            "get",
            "take",
        ):
            return None
        return self.statement(replace(c, verb=_Verb(o.verb.lemma_, c.verb), held="", negated=False))

    def caused(self, n: int, c: Clause) -> Iterator[Pair]:
        lemma, tag, _ = self.verb(c)
        v = c.verb
        why = [
            x
            for x in v.children
            if (x.dep_ == "advcl"
            and any(k.lower_ in ("because", "since", "as", "after", "when") for k in x.children))
            or (x.dep_ == "advcl" and x.tag_ == "VB")
        ]
        do = "did" if tag == "VBD" else "does"
        q = (
            f"Why {do} {_lower(c.subject)} {lemma} {c.object or c.place}?"
            if not c.passive
            else f"Why {'was' if tag == 'VBD' else 'is'} {_lower(c.subject)} {self.words.form(lemma, 'VBN')}?"
        )
        if why:
            reason = _span(why[0], short=False)
            if len(reason.split()) < 22:
                said = reason if reason.startswith(("because", "since", "as", "to ")) else f"because of this: {reason}"
                yield q, _upper(said.replace("since", "because", 1) if said.startswith("since") else said) + ".", True
        others = [o for o in self.told[n] if o.verb != v and not any(o.verb == w for w in why)]
        if others:
            o = self.random.choice(others)
            if not any(o.verb in w.subtree for w in why):
                yield (
                    q,
                    f"{self.random.choice(['Because', 'It is because'])} {_lower(o.subject)} {self.phrase(o)}.",
                    False,
                )

    def half(self, n: int, c: Clause) -> Iterator[Pair]:
        """Two clauses in one answer: both told, or one of them wrong."""
        d = self.random.choice(self.told[n])
        wrong = self.wrong(n, d)
        q = self.question(c, "all")
        one, two = self.statement(self.verb_alike(c)).rstrip("."), _lower(self.statement(d))
        if d.verb != c.verb:
            yield q, f"{one}, and {self.alike(two)}", True
            if wrong:
                both = [one, _lower(wrong).rstrip(".")]
                self.random.shuffle(both)
                yield q, f"{_upper(both[0])}, and {_lower(both[1])}.", False

    def unsaid(self, n: int, c: Clause) -> Iterator[Pair]:
        if not c.held and not c.negated and (c.object or c.place):
            yield (
                self.question(c, self.random.choice(["subject", "object" if c.object else "place"])),
                self.random.choice(_UNSAID),
                False,
            )
        o = self.random.choice(self.all)
        q = self.question(replace(o, subject=c.subject), self.random.choice(["object", "place"]))
        yield q, self.random.choice(_UNSAID), True

    def timed(self, n: int, c: Clause) -> Iterator[Pair]:
        told = self.told[n]
        at = next((i for i, o in enumerate(told) if o.verb == c.verb), 0)
        if at + 1 >= len(told):
            return
        d = told[at + 1]
        v, w = c.verb, d.verb
        link = next(
            (x for x in (w, v) if x.dep_ == "advcl" and any(k.lower_ in ("before", "after") for k in x.children)), None
        )
        if link is None:
            return
        word = next(k.lower_ for k in link.children if k.lower_ in ("before", "after"))
        main, sub = (c, d) if link == w else (d, c)
        other = "after" if word == "before" else "before"
        q = self.random.choice([f"When does {_lower(main.subject)} {main.verb.lemma_}?", "When does that happen?"])
        yield q, f"{self.statement(main).rstrip('.')} {word} {_lower(self.statement(sub))}", True
        yield q, f"{self.statement(main).rstrip('.')} {other} {_lower(self.statement(sub))}", False

    def sentence(self, n: int, c: Clause) -> Iterator[Pair]:
        """A sentence as it stands, or a part of it."""
        text = c.verb.sent.text.strip()
        q = self.question(c, self.random.choice(["subject", "all", "all"]))
        if len(text.split()) < 30:
            yield q, text, True
            changed = self.random.choice(
                [
                    opposite_words(self, text),
                    self.exchanged(n, text),
                    text.replace(c.subject, self.random.choice(self.others(n, c, "subject") or [c.subject]), 1),
                ]
            )
            if changed != text:
                yield q, changed, False

    def exchanged(self, n: int, text: str) -> str:
        words = text.split(" ")
        at = [i for i, w in enumerate(words) if w.lower().strip(".,") in self.words.kind]
        if at:
            i = self.random.choice(at)
            core = words[i].strip(".,'s")
            if core.lower() in self.words.kind:
                words[i] = words[i].replace(core, self.random.choice(self.words.kind[core.lower()]))
        return " ".join(words)


def opposite_words(maker: Maker, text: str) -> str:
    """`text` with one word turned into its contrary, unchanged if it has none."""
    words = text.split(" ")
    table = maker.words.opposite
    at = [i for i, w in enumerate(words) if w.lower().strip(".,?") in table]
    if not at:
        return text
    i = maker.random.choice(at)
    core = words[i].strip(".,?")
    words[i] = words[i].replace(core, table[core.lower()])
    return " ".join(words)


class _Verb:
    """A verb put in another's place: its lemma, and the rest of the old one."""

    def __init__(self, lemma: str, old: Any) -> None:
        self.lemma_, self._old = lemma, old

    def __getattr__(self, name: str) -> Any:
        return getattr(self._old, name)

    def __eq__(self, other: object) -> bool:
        return self._old == other or (isinstance(other, _Verb) and self._old == other._old)

    def __hash__(self) -> int:
        return hash(self._old)


_MAKERS = (
    Maker.plain,
    Maker.plain,
    Maker.plain,
    Maker.short,
    Maker.short,
    Maker.asked,
    Maker.asked,
    Maker.caused,
    Maker.half,
    Maker.half,
    Maker.unsaid,
    Maker.timed,
    Maker.sentence,
)
_WRONGS = (
    Maker.swapped,
    Maker.swapped,
    Maker.other_subject,
    Maker.other_object,
    Maker.other_place,
    Maker.negated,
    Maker.opposed,
    Maker.of_kind,
    Maker.certain,
    Maker.certain,
    Maker.renumbered,
    Maker.invented,
    Maker.invented,
    Maker.other_verb,
)
