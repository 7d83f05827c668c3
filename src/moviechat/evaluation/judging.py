"""Does a reply show what a turn expects? One function per check; none depends on the wording."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from moviechat.evaluation.bounds import Catalogue, normalised
from moviechat.limits import Limits
from moviechat.schema import Movie

Expect = Mapping[str, Any]  # keys of CHECKS, with the arguments of their functions
FIRST = 3  # films that `any_of` looks at, unless `within` gives another number

# "I do not know", "the catalogue has no ...", "that is not on record": a denial near its object.
_DENIED = r"(?:\bno\b|\bnot\b|n't\b|\bcannot\b|\bnothing\b|\bnone\b|\bnever\b|\bunable\b|\bwithout\b|\bneither\b)"
_KNOWING = (
    r"\b(?:know|knows|known|say|says|said|tell|tells|told|mention\w*|state[sd]?|record\w*|catalogue|catalog|list\w*"
    r"|have|has|hold|holds|find|found|cover\w*|contain\w*|includ\w*|inform\w*|data|detail\w*|descri\w*|check\w*"
    r"|answer\w*|sure|clear|available|given?|gives|reveal\w*|there|called|named|match\w*|film|films|movie|movies)\b"
)
_NOT_KNOWN = re.compile(rf"{_DENIED}.{{0,70}}{_KNOWING}|\bunknown\b|\bno idea\b", re.I)


@dataclass(frozen=True, slots=True)
class Said:
    """The reply under test: its text on one line, its films in order, and the films of earlier replies."""

    kind: str
    answer: str
    shown: tuple[str, ...]
    earlier: frozenset[str]

    @classmethod
    def of(cls, reply: Mapping[str, Any], earlier: Iterable[str] = ()) -> Said:
        """A reply from the contract's JSON; missing keys count as empty."""
        answer = " ".join(str(reply.get("answer") or "").replace("\u2019", "'").split())
        shown = tuple(str(m["tconst"]) for m in reply.get("movies") or ())
        return cls(str(reply.get("kind") or ""), answer, shown, frozenset(earlier))


def wrong(expect: Expect, said: Said, catalogue: Catalogue) -> list[str]:
    """What the reply breaks of `expect`, in words; empty if nothing."""
    return [fault for name in expect for fault in CHECKS[name](expect, said, catalogue)]


def _kind(expect: Expect, said: Said, _: Catalogue) -> list[str]:
    return [] if said.kind in expect["kind"] else [f"kind {said.kind}"]


def _limits(expect: Expect, said: Said, catalogue: Catalogue) -> list[str]:
    limits = Limits.from_json(expect["limits"])
    broken = [t for t in said.shown if not catalogue.keeps(t, limits)]
    few = ["no film"] if not said.shown and not {"least", "none"} & set(expect) else []
    return [f"limits broken by {', '.join(broken)}"] * bool(broken) + few


def _least(expect: Expect, said: Said, _: Catalogue) -> list[str]:
    return [f"{len(said.shown)} films, expected at least {expect['least']}"] * (len(said.shown) < expect["least"])


def _most(expect: Expect, said: Said, _: Catalogue) -> list[str]:
    return [f"{len(said.shown)} films, expected at most {expect['most']}"] * (len(said.shown) > expect["most"])


def _first(expect: Expect, said: Said, _: Catalogue) -> list[str]:
    return [] if said.shown[:1] == (expect["first"],) else [f"{expect['first']} is not first"]


def _any_of(expect: Expect, said: Said, _: Catalogue) -> list[str]:
    reach = expect.get("within", FIRST)
    return [] if set(said.shown[:reach]) & set(expect["any_of"]) else [f"none of {', '.join(expect['any_of'])} shown"]


def _within(_expect: Expect, _said: Said, _: Catalogue) -> list[str]:
    return []  # only sets how far `any_of` looks


def _facts(expect: Expect, said: Said, _: Catalogue) -> list[str]:
    text = normalised(said.answer)
    return [f"lacks {any_of[0]}" for any_of in expect["facts"] if not any(_stands(a, text) for a in any_of)]


def _stands(value: str, text: str) -> bool:
    # 7.5 must not match in 17.5 or 7.55, nor a name within a longer word.
    return re.search(rf"(?<![\w.]){re.escape(normalised(value))}(?!\w)(?!\.\d)", text) is not None


def _never(expect: Expect, said: Said, _: Catalogue) -> list[str]:
    return [f"says /{p}/" for p in expect["never"] if re.search(p, said.answer, re.I)]


def _says(expect: Expect, said: Said, _: Catalogue) -> list[str]:
    return [] if any(re.search(p, said.answer, re.I) for p in expect["says"]) else [f"says none of {expect['says']}"]


def _not_known(_expect: Expect, said: Said, _: Catalogue) -> list[str]:
    return [] if _NOT_KNOWN.search(said.answer) else ["does not say that it does not know"]


def _new(_expect: Expect, said: Said, _: Catalogue) -> list[str]:
    again = [t for t in said.shown if t in said.earlier]
    return [f"shown before: {', '.join(again)}"] * bool(again)


def _named(expect: Expect, said: Said, _: Catalogue) -> list[str]:
    known = [t for t in said.shown if t in expect["named"]]
    return [f"suggests {', '.join(known)}, named by the person"] * bool(known)


def _order(expect: Expect, said: Said, catalogue: Catalogue) -> list[str]:
    ranks = [ORDERS[expect["order"]](catalogue.movies[t]) for t in said.shown if t in catalogue.movies]
    return [f"not in order {expect['order']}"] * (ranks != sorted(ranks))


def _none(_expect: Expect, said: Said, _: Catalogue) -> list[str]:
    return [f"suggests {', '.join(said.shown)}"] * bool(said.shown)


def _either(expect: Expect, said: Said, catalogue: Catalogue) -> list[str]:
    tried = [wrong(one, said, catalogue) for one in expect["either"]]
    return [] if not all(tried) else [" or ".join(", ".join(faults) for faults in tried)]


Check = Callable[[Expect, Said, Catalogue], list[str]]
CHECKS: dict[str, Check] = {
    "kind": _kind,  # [kinds]: the reply is of one of them
    "limits": _limits,  # {limits}: every film meets them, and there is at least one unless `least` says otherwise
    "least": _least,  # minimum number of films
    "most": _most,  # maximum number of films
    "first": _first,  # the first film
    "any_of": _any_of,  # [films]: one is among the first three, or the first `within`
    "within": _within,
    "facts": _facts,  # [[values]]: of each inner list, one value occurs in the answer as a whole word
    "never": _never,  # [patterns]: none matches the answer
    "says": _says,  # [patterns]: one matches
    "not_known": _not_known,  # true: the answer says that it does not know
    "new": _new,  # true: no film of an earlier reply
    "named": _named,  # [films]: none is suggested
    "order": _order,  # a key of ORDERS: the films are in this order
    "none": _none,  # true: no film is suggested
    "either": _either,  # [expectations]: one of them holds too
}

ORDERS: dict[str, Callable[[Movie], float]] = {
    "rating": lambda m: -(m.rating or 0.0),
    "votes": lambda m: -m.votes,
    "newest": lambda m: -m.year,
    "oldest": lambda m: m.year,
    "shortest": lambda m: float("inf") if m.runtime is None else m.runtime,
    "longest": lambda m: -(m.runtime or 0),
}
