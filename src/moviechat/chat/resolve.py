"""Draft + State -> Turn: "it", "the second one", "but shorter", "what I asked before" become films and limits."""

from __future__ import annotations

from dataclasses import replace

from moviechat.chat.bearers import apart, asked
from moviechat.chat.comparing import compared
from moviechat.chat.draft import Draft
from moviechat.chat.fields import BY_NAME, NUMBERS, PEOPLE
from moviechat.chat.known import Known
from moviechat.chat.mentions import Mentions
from moviechat.chat.names import is_framed, quoted_name
from moviechat.chat.persons import with_people
from moviechat.chat.query import (
    AskCredits,
    AskFact,
    AskPlot,
    Claim,
    Identify,
    NotHere,
    NotKnown,
    Query,
    SmallTalk,
    Told,
    Turn,
    Unclear,
)
from moviechat.chat.questions import ends_in_who, is_open, is_verb, plays_part
from moviechat.chat.references import Meant, absent, by_word, meant, people_meant
from moviechat.chat.remembering import remembered
from moviechat.chat.state import State
from moviechat.chat.telling import told
from moviechat.chat.wishes import wished
from moviechat.limits import Limits
from moviechat.words import STOP, fold, tokens

_THEY = frozenset("he she they his".split())
_MANY = frozenset("lengths ratings runtimes scores years genres directors".split())
_FRAGMENT = 6  # words beside a title that ask the last question again


def resolve(draft: Draft, state: State, known: Known) -> Turn:
    """What a turn asks and tells in a conversation."""
    if draft.intent == "credits" and _wishes(draft):
        draft = replace(draft, intent="wish")
    absent = ""
    if draft.intent in ("wish", "credits"):
        draft, absent = with_people(draft, state, known)
    told_apart = apart(draft, state, known)
    nobody = absent and not draft.want.named
    turn = Turn(NotHere(absent, person=True)) if nobody else _resolved(told_apart.draft, state, known)
    return replace(asked(turn, told_apart), language=draft.mentions.language)


def _resolved(draft: Draft, state: State, known: Known) -> Turn:
    if draft.intent == "said":
        return Turn(remembered(draft, state, known))
    told_of = told(draft, state, known)
    if draft.intent == "smalltalk":
        return Turn(SmallTalk(draft.topic, draft.language), told_of)
    if draft.intent == "wish" or (draft.intent == "told" and (_wants(draft) or _wishes_on(state, told_of))):
        return Turn(wished(draft, state, known, told_of), told_of)
    query = _asked(draft, state, known)
    return Turn(query, told_of if draft.intent == "told" else Told())


def _wishes(draft: Draft) -> bool:
    """Whether a question for somebody's films wishes for some: "the longest with her", "by the same director"."""
    same = draft.want.same and not draft.mentions.people and not draft.claims
    return bool(draft.want.order or same) and not draft.mentions.has("most_of")


def _wants(draft: Draft) -> bool:
    """Whether who tells of films also asks for some: "I have seen X, another whodunnit please"."""
    asks = draft.want.limits or draft.want.relative or draft.want.moods or draft.want.same
    like = any(not is_verb(draft.mentions, tag) for tag in draft.mentions.cues["like"])  # "loved X, same vein"
    return bool(asks) or like or draft.mentions.has("want", "more")


def _wishes_on(state: State, told_of: Told) -> bool:
    """Whether telling of films asks for others: there is a wish on the table, and something was told."""
    return state.wish is not None and bool(told_of.seen or told_of.likes or told_of.rejected)


def _asked(draft: Draft, state: State, known: Known) -> Query:
    films = meant(draft, state, known)
    match draft.intent:
        case "compare":
            return compared(draft, state, films)
        case "credits":
            return _credits(draft, state, films, known)
        case "identify":
            return _half_remembered(draft, state, known)
        case "told":
            return SmallTalk("noted") if films.films else absent(draft, films) or Unclear("film")
        case "plot":
            return _plot(draft, state, films, known)
        case "unclear":
            return Unclear("all", draft.language) if not films.films else AskFact(films.films)
        case _:
            return _fact(draft, state, films, known)


def _half_remembered(draft: Draft, state: State, known: Known) -> Identify:
    """The film that a message describes: one of the people named, or of those under discussion, but not this film."""
    named = tuple(p.name for p in draft.mentions.people)
    theirs = bool(state.focus) and (draft.theirs or (not named and any(p.kind == "person" for p in draft.points)))
    spoken = (state.people or known.movies[state.focus[-1]].persons("directors")) if theirs else ()
    return Identify(
        draft.mentions.english,
        fields=_only_facts(draft),
        people=tuple(dict.fromkeys((*spoken, *named))),
        theirs=theirs or any(n.how for n in draft.want.named),
        without=(*state.rejected, *(state.focus[-1:] if theirs else ())),
        limits=Limits(genres_all=draft.want.limits.genres_all, genres_any=draft.want.limits.genres_any),
    )


def _only_facts(draft: Draft) -> tuple[str, ...]:
    return tuple(
        f for f in draft.fields if BY_NAME[f].kind in ("number", "people") and f not in ("role", "cast", "year")
    )


# --- facts


def _fact(draft: Draft, state: State, films: Meant, known: Known) -> Query:
    chosen = films.films or _of_focus(draft, state)
    if films.absent and not films.films:
        return absent(draft, films) or Unclear("film")
    if not films.named and not films.switched and (unknown := _unknown(draft, state, chosen, known)):
        return unknown
    if not chosen:
        return _without_film(draft, state, known)
    again = _again(draft, films, state) and not (draft.claims and draft.mentions.people)
    fields = draft.fields or (state.fields if again else ())
    if not fields and again and state.question:
        return AskPlot(chosen[:2], state.question)
    if again and fields and not draft.fields:
        return AskFact(chosen, fields, apart=films.switched or bool(draft.mentions.people))
    asked = _about(draft, state, chosen, fields, known)
    apart = films.switched or bool(draft.mentions.people) or any(a.field == "year" for a in draft.mentions.amounts)
    return replace(asked, apart=apart) if isinstance(asked, AskFact) else asked


def _about(draft: Draft, state: State, films: tuple[str, ...], fields: tuple[str, ...], known: Known) -> Query:
    m = draft.mentions
    people = people_meant(draft, state, films, known)
    genres = tuple(dict.fromkeys(g for t in m.genres for g in t.value.names))
    amounts = tuple(a for a in m.amounts if a.field in NUMBERS and not _tells_apart(draft, films, known, a.field))
    if {"opposite", "alongside"} & set(m.norms):
        return AskFact(films, ("cast",))
    opens = is_open(draft.mentions)
    claims = draft.claims or (people and fields and set(fields) <= set(PEOPLE))
    if claims and (people or genres or amounts) and not opens:
        return AskFact(films, fields, Claim(people, genres, amounts))
    part = {fold(w) for w in _part(draft).split()}
    character = any(part & {fold(w) for c in known.movies[t].characters for w in tokens(c)} for t in films)
    if "role" in fields and not (m.people or character or plays_part(m) or _who_is(m)):
        return AskPlot(films[:1], m.about_it)  # "who is giving her that" asks for somebody in the story
    if "role" in fields:
        if not m.people and not _THEY & set(m.norms):
            people = ()  # "the lady who plays the mother, i know her face"
        acts = [p for p in people if any(known.movies[t].has(p, "cast") for t in films)]
        claim = Claim(people) if people and (m.people or not opens) and (acts or not opens) else None
        return AskFact(films, fields, claim, part=_part(draft))
    if not fields and people and films == state.focus[-1:]:
        return AskFact(films, (), Claim(people))
    return AskFact(films, fields)


def _who_is(m: Mentions) -> bool:
    """Whether a question asks who somebody is: "whos the girl in the wheelchair"."""
    asked = [m.norms[i + 1 : i + 3] for i, norm in enumerate(m.norms) if norm == "who"]
    return any(len(a) == 2 and a[0] in ("is", "was") and a[1] in ("the", "that", "this", "in") for a in asked)


def _tells_apart(draft: Draft, films: tuple[str, ...], known: Known, field: str) -> bool:
    """Whether a year in the message only says which film: it is the film's own."""
    years = {int(a.value) for a in draft.mentions.amounts if a.field == "year"}
    return field == "year" and any(known.movies[t].year in years for t in films) and "year" not in draft.fields


def _of_focus(draft: Draft, state: State) -> tuple[str, ...]:
    """The film under talk, for a question that names none: "and the year?"; all of them for "the lengths"."""
    if (
        _MANY & set(draft.mentions.norms)
        and len(state.listed) > 1
        and state.focus[-1:]
        and state.focus[-1] in state.listed
    ):
        return state.listed
    return state.focus[-1:] if draft.fields or draft.claims or draft.intent in ("fact", "plot") else ()


def _again(draft: Draft, films: Meant, state: State) -> bool:
    """Whether a bare title asks the last question of another film: "and 1917?"."""
    words = draft.mentions.size
    fragment = words <= _FRAGMENT and (draft.mentions.has("again") or films.switched)
    same = draft.again or "same" in draft.mentions.norms
    pointed = ends_in_who(draft.mentions) or any(p.kind in ("ordinal", "other") for p in draft.points)
    fragment = fragment or (words <= _FRAGMENT and pointed)
    other = films.named and {"other"} & set(draft.mentions.norms)
    return bool(state.fields or state.question) and bool(fragment or same or films.switched or other)


def _part(draft: Draft) -> str:
    m = draft.mentions
    held = {i for t in (*m.fields,) for i in range(t.first, t.last)}
    skip = STOP | {
        "film",
        "films",
        "name",
        "one",
        "actor",
        "actress",
        "guy",
        "girl",
        "man",
        "woman",
        "called",
        "again",
        "please",
    }
    return " ".join(
        w.raw
        for i, w in enumerate(m.words)
        if i not in held and not w.mark and w.norm not in skip and w.norm not in "§¶" and not w.norm.isdigit()
    )


def _without_film(draft: Draft, state: State, known: Known) -> Query:
    off = tuple(f for f in draft.fields if BY_NAME[f].kind in ("off", "fact"))
    if off and not draft.points:
        return NotKnown(off)
    if draft.mentions.people:
        return _credits(draft, state, Meant(), known)
    return Unclear("film", draft.language)


# --- what is not here


def _unknown(draft: Draft, state: State, chosen: tuple[str, ...], known: Known) -> Query | None:
    """That a message names a film the catalogue does not know, if it does and points at none that it knows."""
    m = draft.mentions
    if not draft.name or not (draft.fields or draft.asks):
        return None
    quoted = quoted_name(m) == draft.name
    capital = any(w[:1].isupper() for w in draft.name.split()) and not m.text.startswith(draft.name)
    framed = is_framed(m, draft.name)
    pointed = bool(draft.points) or "role" in draft.fields  # "the mother" is a part in the film under talk
    if chosen and not (capital and framed) and (pointed or not (capital or quoted or framed)):
        return None
    if chosen and _on_record(chosen[-1], draft.name, known):
        return None  # "where is the laddie from, Omar, in the story"
    if chosen and known.person_in(chosen[-1], draft.name.split()):
        return None
    if chosen and by_word(m, state, known):  # "wait and the knight one"
        return None
    if not chosen and m.people and not quoted:
        return None
    return NotHere(draft.name)


def _on_record(tconst: str, name: str, known: Known) -> bool:
    """Whether at least half of a name's words are on a film's record."""
    said = [word for t in tokens(name) if (word := fold(t)) not in STOP]
    return bool(said) and 2 * len(known.on_record(tconst, said)) >= len(said)


# --- sets, comparisons, plots


def _credits(draft: Draft, state: State, films: Meant, known: Known) -> Query:
    m = draft.mentions
    if "personal" in draft.fields:
        return NotKnown(("personal",))
    several = len(films.films) > 1 and any(p.kind == "many" for p in draft.points)
    if several and draft.claims and m.people:  # "is she in all of them"
        return _about(draft, state, films.films, draft.fields, known)
    people = people_meant(draft, state, films.films or state.focus[-1:], known)
    people = people or tuple(n.name for n in draft.want.named)
    if not people and not m.has("most_of"):
        return NotHere(draft.name, person=True) if draft.name else Unclear("film")
    role = next((f for f in draft.fields if f in PEOPLE), None)
    role = "cast" if role is None and "role" in draft.fields else role
    besides = films.films if films.named else state.focus[-1:] if {"else", "other", "another"} & set(m.norms) else ()
    limits = replace(draft.want.limits, rating_min=None) if draft.want.vague == ("good",) else draft.want.limits
    return AskCredits(people, role, limits, count=m.has("count"), most=m.has("most_of"), without=besides)


def _plot(draft: Draft, state: State, films: Meant, known: Known) -> Query:
    if films.absent and not films.films:
        return absent(draft, films) or Unclear("film")
    chosen = films.films or _of_focus(draft, state)
    if not films.named and (unknown := _unknown(draft, state, chosen, known)):
        return unknown
    if not chosen:
        return (
            Identify(draft.mentions.english)
            if len(draft.mentions.words) > _FRAGMENT
            else Unclear("film", draft.language)
        )
    return AskPlot(chosen[:2], draft.mentions.about_it)
