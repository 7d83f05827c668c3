"""People that the linker leaves open: shortened first names ("nic cage"), and names not in the catalogue."""

from __future__ import annotations

from dataclasses import replace

from moviechat.chat.draft import Draft
from moviechat.chat.known import Known, bare
from moviechat.chat.named import Named
from moviechat.chat.names import left_over
from moviechat.chat.state import State
from moviechat.chat.tokens import PERSON, often
from moviechat.words import STOP, fold, tokens

_BEFORE = frozenset("with starring by featuring from of any feat star stars".split())
_OFTEN = 4.2  # Zipf frequency of a word that is not a rare name
_AFTER = frozenset("films film stuff movie".split())


def with_people(draft: Draft, state: State, known: Known) -> tuple[Draft, str]:
    """The draft with people named by a part of a name, and the name of an unknown person ("" if none)."""
    named, absent = list(draft.want.named), ""
    people = draft.mentions.people
    if not people and (talked := _of_talk(draft, state, known)):
        return replace(draft, want=replace(draft.want, named=(*named, Named(talked, None, False)))), ""
    for at, person in zip(draft.mentions.at(PERSON), people, strict=True):
        first = _word_before(draft, at)
        if person.how != "partial" or not first or first in {fold(t) for t in tokens(person.name)}:
            continue
        meant = known.person_called([first, tokens(person.name)[-1]])
        if meant is not None:
            named = [n for n in named if n.name != person.name]
            named += [Named(meant, "with", draft.mentions.denied[at])] if meant else []
            absent = "" if meant else f"{first} {tokens(person.name)[-1]}".title()
    if not people and not draft.mentions.films and draft.name:
        said = [w for w in draft.name.split() if fold(w) not in STOP]
        meant = known.person_called(said) if len(said) <= 3 else None
        article = fold(draft.name).split()[0] in ("a", "an", "the")  # "with the lads" names nobody
        if meant is None and 0 < len(said) <= 3 and not article and _strange(said):
            meant = _seldom_named(said, draft, known)
        if meant:
            named.append(Named(meant, "with", False))
        elif meant == "" and _framed(draft):
            absent = draft.name.title()
    return replace(draft, want=replace(draft.want, named=tuple(named))), absent


def _of_talk(draft: Draft, state: State, known: Known) -> str:
    """The person of the films under discussion whom a part of a name means: "what else has Taylor-Joy done"."""
    m = draft.mentions
    said = bare(m.norms[i] for i in left_over(m) if not m.denied[i])
    films = dict.fromkeys((*reversed(state.focus), *reversed(state.talked)))
    return next((name for t in films for name in known.person_in(t, said)), "")


def _seldom_named(said: list[str], draft: Draft, known: Known) -> str | None:
    """The person of a seldom last name; "" if the words may name somebody else, None for a plural: "with monsters"."""
    if len(said) > 1:
        return ""
    plural = said[0].islower() and said[0].endswith("s")
    return (known.surnamed(said[0]) if _framed(draft) else "") or (None if plural else "")


def _strange(said: list[str]) -> bool:
    """Whether no word of a name is common (wordfreq's Zipf frequency)."""
    return all(often(fold(w)) < _OFTEN for w in said)


def _word_before(draft: Draft, at: int) -> str:
    word = draft.mentions.words[at - 1] if at else None
    plain = word is not None and word.norm.isalpha() and word.norm not in STOP and len(word.norm) > 2
    return word.norm if word is not None and plain and word.norm not in _BEFORE | _AFTER else ""


def _framed(draft: Draft) -> bool:
    """Whether the words around a name mark it as a person's: "starring X", "X films"."""
    norms, said = draft.mentions.norms, [fold(w) for w in draft.name.split()]
    for i in range(len(norms) - len(said) + 1):
        if norms[i : i + len(said)] == said:
            before, after = norms[max(0, i - 1) : i], norms[i + len(said) : i + len(said) + 1]
            return bool(_BEFORE & set(before) or _AFTER & set(after))
    return False
