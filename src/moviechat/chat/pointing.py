"""The words of a message that refer back, and the films that they mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from moviechat.chat.facts import number
from moviechat.chat.fields import NUMBERS
from moviechat.chat.known import Known
from moviechat.chat.mentions import Mentions
from moviechat.chat.phrases import Sized
from moviechat.chat.state import State
from moviechat.chat.tokens import norm_at
from moviechat.chat.wish import ORDERED

_POINTERS: dict[str, str] = {
    "it": "film", "its": "film", "that": "film", "this": "film", "he": "person", "she": "person", "his": "person",
    "her": "person", "him": "person", "hers": "person", "they": "many", "them": "many", "their": "many",
    "those": "many", "these": "many", "both": "many", "each": "many", "all": "all",
}  # fmt: skip
ORDINALS = {
    "first": 0,
    "1st": 0,
    "second": 1,
    "2nd": 1,
    "third": 2,
    "3rd": 2,
    "fourth": 3,
    "4th": 3,
    "fifth": 4,
    "last": -1,
}
_ORDINAL_NEXT = frozenset("one ones film two three four of it i is and you that those them".split())
_SEVERAL = {"two": 2, "2": 2, "pair": 2, "three": 3, "3": 3, "four": 4, "4": 4}
LATTER = frozenset(("latter", "former"))
_NUMBERED = {"one": 0, "1": 0, "two": 1, "2": 1, "three": 2, "3": 2, "four": 3, "4": 3, "five": 4, "5": 4}


@dataclass(frozen=True, slots=True)
class Pointing:
    """A word that refers back: to a film, a person, several films, the start, one of a list, the other, the longest."""

    kind: Literal["film", "person", "many", "ordinal", "start", "other", "most"]
    first: int
    number: int = 0  # of an ordinal: 0 is the first, -1 the last
    count: int = 1  # "the first two"; of several, how many: 0 if it is not said
    field: str = ""  # of "the longer one": what the most of it, or the least, is meant by
    up: bool = True


def pointings(m: Mentions) -> list[Pointing]:
    """The words of a message that refer back."""
    found: list[Pointing] = []
    norms = m.norms
    for i, norm in enumerate(norms):
        after = norms[i + 1] if i + 1 < len(norms) else ""
        before = norms[i - 1] if i else ""
        if norm in LATTER and before == "the":
            found.append(Pointing("ordinal" if norm == "former" else "film", i))
        elif norm in ("number", "no", "#") and after in _NUMBERED:
            found.append(Pointing("ordinal", i, _NUMBERED[after]))
        elif norm in ORDINALS and (after in _ORDINAL_NEXT or not after or m.words[i + 1].mark or before == "the"):
            counts = {"two": 2, "2": 2, "three": 3, "3": 3, "four": 4, "4": 4}
            found.append(Pointing("ordinal", i, ORDINALS[norm], counts.get(after, 1)))
        elif (norm == "other" and before == "the") or (norm == "other" and after == "one"):
            found.append(Pointing("other", i))
        elif norm in ("start", "beginning") and {"at", "from", "in"} & set(norms[max(0, i - 3) : i]):
            found.append(Pointing("start", i))
        elif norm in _SEVERAL and before in ("the", "of", "that", "those", "these", "them", "both"):
            found.append(Pointing("many", i, count=_SEVERAL[norm]))
        elif norm in _POINTERS and not _relative(norms, i):
            kind = _POINTERS[norm]
            count = 2 if norm == "both" else 0 if norm in ("them", "those", "these", "each", "all") else 1
            found.append(Pointing("many" if kind == "all" else kind, i, count=count))  # type: ignore[arg-type]
    return found + _superlatives(m)


def _superlatives(m: Mentions) -> list[Pointing]:
    """ "The longer one", "the newest": the film of those under discussion that has most of it."""
    said: list[tuple[Sized, str, bool]] = [(t, t.value.field, t.value.up) for t in m.comparisons]
    said += [(t, *ORDERED[t.value]) for t in m.orders]
    found = []
    for tag, name, up in said:
        after = norm_at(m.words, tag.last)
        ends = after in ("", "one", "is", "of") or m.words[tag.last].mark
        ordinal = m.norms[tag.first] in ORDINALS  # "the last one" of a list
        the = "the" in m.norms[max(0, tag.first - 1) : tag.first + 1]  # some orders are said with it: "the longest"
        if name in NUMBERS and not ordinal and the and ends:
            found.append(Pointing("most", tag.first, field=name, up=up))
    return found


def pointed_at(p: Pointing, state: State, known: Known) -> tuple[str, ...]:
    """The films that a pronoun, an ordinal or "the longer one" means."""
    match p.kind:
        case "film":
            return state.focus[-1:]
        case "many":
            return several(state, p.count)
        case "ordinal":
            lists = (films for films in (state.listed, state.talked) if len(films) > 1)
            among = next(lists, state.listed or state.talked or state.focus)
            at = p.number if p.number >= 0 else len(among) + p.number
            return among[at : at + p.count] if 0 <= at < len(among) else ()
        case "start":
            return state.asked[:1]
        case "other":
            among = state.listed if 1 < len(state.listed) <= 3 else state.talked[-2:]
            return tuple(t for t in among if t not in state.focus[-1:])[:1]
        case "most":
            return _most(several(state, 0), p, known)
        case _:
            return ()


def several(state: State, count: int) -> tuple[str, ...]:
    """The films that "them" (`count` 0), "both" (2) or "they" (1) mean: those of the last answer, else of the last run
    of questions or the last list.
    """
    if count > 1:
        whole = next((films for films in (state.focus, state.listed) if len(films) == count), ())
        return whole or (state.run if len(state.run) >= count else state.talked)[-count:]
    if len(state.focus) > 1:
        return state.focus
    if count == 0 and len(state.run) > 1:
        return state.run
    return state.listed or state.focus


def _most(among: Sequence[str], p: Pointing, known: Known) -> tuple[str, ...]:
    valued = [(value, t) for t in among if (value := number(known.movies[t], p.field)) is not None]
    return (max(valued, key=lambda found: found[0] if p.up else -found[0])[1],) if valued else ()


def _relative(norms: Sequence[str], at: int) -> bool:
    """Whether "that" or "it" here refers to nothing: "a film that ...", "that year", "is it true", "all of 2022"."""
    norm, after = norms[at], norms[at + 1] if at + 1 < len(norms) else ""
    before = norms[at - 1] if at else ""
    if norm == "that":
        return before in (
            "film",
            "films",
            "something",
            "anything",
            "one",
            "ones",
            "so",
            "comedy",
            "stuff",
            "things",
        ) or after in ("is" if before in ("films", "something") else "-",)
    if norm == "all":
        return after not in ("of", "three", "seen", "those", "them", "") and before not in ("them", "seen", "know")
    return norm == "it" and after in ("possible", "matter", "true")
