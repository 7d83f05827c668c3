"""Which films and people a message means: named in it, referred to, or identified by a word."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from moviechat.chat.draft import Draft
from moviechat.chat.known import Known
from moviechat.chat.mentions import Mentions
from moviechat.chat.phrases import Sized
from moviechat.chat.pointing import ORDINALS, pointed_at
from moviechat.chat.query import NotHere
from moviechat.chat.questions import is_open
from moviechat.chat.state import State
from moviechat.linking import FilmMention
from moviechat.words import STOP, fold, tokens

_LONG = 4  # minimum letters of a word that identifies one film of a list
_PLACED = frozenset((*ORDINALS, *"other another next same better newer older longer shorter".split()))
_APART = frozenset(("ordinal", "start", "other", "most"))
_ONES = frozenset(("one", "version", "film", "ones"))


@dataclass(frozen=True, slots=True)
class Meant:
    """The films that a message means, in order; `absent` are names that are not in the catalogue.

    `named`: they are named in the message; `switched`: another film with the title of the one discussed is meant.
    """

    films: tuple[str, ...] = ()
    absent: tuple[FilmMention, ...] = ()
    named: bool = False
    switched: bool = False


def meant(draft: Draft, state: State, known: Known) -> Meant:
    """The films of a message: those it names, otherwise those it refers to."""
    named, absent = _named(draft, state, known)
    if named:
        both = [t for t in _pointed_too(draft, state) if t not in named]
        return Meant((*both, *named), tuple(absent), named=True)
    if absent:
        return Meant(absent=tuple(absent), named=True)
    if other := namesake(draft, state, known):
        return Meant((other,), switched=True)
    apart = [p for p in draft.points if p.kind in _APART]  # "the second one, who directed it?"
    points = apart if apart and not _beside(draft) else draft.points
    pointed = tuple(dict.fromkeys(t for p in points for t in pointed_at(p, state, known)))
    told = by_word(draft.mentions, state, known)
    if told and (not pointed or len(told) == 1):
        several = [p for p in draft.points if p.kind == "other"]
        return Meant((*told, *(t for p in several for t in pointed_at(p, state, known) if t not in told)))
    return Meant(pointed)


def _beside(draft: Draft) -> bool:
    """Whether several films are meant beside one of them; "the first of them" means one."""
    return any(p.kind == "many" and draft.mentions.norms[p.first - 1 : p.first] != ["of"] for p in draft.points)


def _pointed_too(draft: Draft, state: State) -> tuple[str, ...]:
    """ "The score of it, and of Wrath of Man": the film under discussion beside a named one."""
    norms = draft.mentions.norms
    both = draft.intent == "fact" and any(n in ("and", "or") for n in norms) and norms[-1] != "it"
    it = [p for p in draft.points if p.kind == "film" and norms[p.first - 1 : p.first] in (["of"], ["for"])]
    return state.focus[-1:] if both and it else ()


def _named(draft: Draft, state: State, known: Known) -> tuple[list[str], list[FilmMention]]:
    films: list[str] = []
    absent: list[FilmMention] = []
    for mention in draft.mentions.films:
        if not mention.films or _of_another_year(mention, draft, known):
            absent.append(replace(mention, films=(), near=mention.films or mention.near))
        elif (chosen := chosen_of(mention, draft, state, known)) not in films:
            films.append(chosen)
    return films, absent


def _of_another_year(mention: FilmMention, draft: Draft, known: Known) -> bool:
    """Whether a question is about a film of this title from a year of which there is none: "the Dune from 1984"."""
    claims = draft.claims and not is_open(draft.mentions)
    if draft.intent not in ("fact", "plot") or claims or "year" in draft.fields or len(draft.mentions.films) > 1:
        return False
    years = [int(a.value) for a in draft.mentions.amounts if a.field == "year" and not a.bounded]
    return bool(years) and not any(abs(known.movies[t].year - y) <= 1 for t in mention.films for y in years)


def chosen_of(mention: FilmMention, draft: Draft, state: State, known: Known) -> str:
    """Which of the films of one title: "the other" one, the one discussed, otherwise the most likely."""
    several = [t for t in mention.films if known.movies[t].title == known.movies[mention.films[0]].title]
    if len(several) < 2:
        people = [p.name for p in draft.mentions.people if not known.worked_on(mention.films[0], p.name)]
        longer = known.longer(mention.films[0]) if people and draft.intent != "wish" else []
        theirs = (t for t in longer if any(known.worked_on(t, name) for name in people))
        return next(theirs, known.fuller(mention.films[0]))  # "Margot Robbie's Birds of Prey" has a longer title
    focus = state.focus[-1] if state.focus else ""
    if focus in several and ({"other", "another"} & set(draft.mentions.norms)):
        return next(t for t in several if t != focus)
    by_words = known.told_apart(several, _said(draft.mentions))  # "garrone's Pinocchio"
    if len(by_words) == 1:
        return by_words[0]
    told = [t for t in reversed(state.talked) if t in several]
    apart = bool(draft.mentions.people) or any(a.field == "year" for a in draft.mentions.amounts)
    return told[0] if told and not apart else mention.films[0]


def _said(m: Mentions) -> list[str]:
    return [w.norm for w in m.words if w.norm not in STOP]


def namesake(draft: Draft, state: State, known: Known) -> str:
    """Another film with the title of the one under discussion: "I meant the 2019 one", "the other one"."""
    m = draft.mentions
    if not state.focus or not (_ONES & set(m.norms) or draft.points):
        return ""
    focus = state.focus[-1]
    others = known.namesakes(focus)
    said = _said(m)
    if _ONES & set(m.norms):
        told = known.told_apart((*known.longer(focus), *others, focus), said)
        if len(told) == 1 and told[0] != focus and told[0] not in others:
            return told[0]
    if not others:
        return ""
    years = {int(a.value) for a in m.amounts if a.field == "year"}
    if years:
        return next((t for t in (*others, focus) if known.movies[t].year in years), "")
    people = {p.name for p in m.people}
    if people:
        return next((t for t in (*others, focus) if _has(known, t, people)), "")
    if any(p.kind == "other" for p in draft.points) and draft.intent not in ("wish", "compare"):
        return others[0]
    told = known.told_apart((*others, focus), said)
    return told[0] if len(told) == 1 and _ONES & set(m.norms) else ""


def _has(known: Known, tconst: str, people: Iterable[str]) -> bool:
    """Whether one of `people` directed a film, acted in it or wrote it."""
    return any(known.movies[tconst].has(person, "directors", "cast", "writers") for person in people)


def by_word(m: Mentions, state: State, known: Known) -> list[str]:
    """Films of the conversation that a word identifies: of the title, or a person ("the Ali one")."""
    among = tuple(dict.fromkeys((*reversed(state.talked), *state.listed)))
    if not among or m.films:
        return []
    tags: list[Sized] = [*m.fields, *m.orders, *m.comparisons]  # "its running time" names no film called "Full Time"
    asked = {i for t in tags for i in range(t.first, t.last)}
    said = [w.norm for i, w in enumerate(m.words) if i not in asked and len(w.norm) >= _LONG]
    said = [norm for norm in said if norm not in STOP and norm.isalpha()]
    by_title = [t for t in among if set(said) & _title_words(known, t)]
    if by_title:
        return _unique(by_title, known, said)
    if not _ONES & set(m.norms):
        return []
    if m.people:
        people = {p.name for p in m.people}
        return [t for t in among if _has(known, t, people)][:1]
    genres = {g for t in m.genres if _tells_one(m, t) for g in t.value.names}
    countries = {c for t in m.places if _tells_one(m, t) for c in t.value.countries}
    return [t for t in among if _is_of(known, t, genres, countries)][:1]


def _tells_one(m: Mentions, tag: Sized) -> bool:
    """Whether words tell which film is meant: "the French one", but not "the little ones"."""
    return m.norms[tag.first - 1 : tag.first] == ["the"] and not _ONES & set(m.norms[tag.first : tag.last])


def _is_of(known: Known, tconst: str, genres: set[str], countries: set[str]) -> bool:
    """Whether a film has one of `genres` or comes from one of `countries`: "the French one"."""
    return bool(genres & set(known.movies[tconst].genres) or (countries and countries & set(known.countries(tconst))))


def _title_words(known: Known, tconst: str) -> set[str]:
    return {w for t in tokens(known.movies[tconst].title) if len(w := fold(t)) >= _LONG and w not in STOP}


def _unique(found: list[str], known: Known, said: list[str]) -> list[str]:
    best = max(len(set(said) & _title_words(known, t)) for t in found)
    return [t for t in found if len(set(said) & _title_words(known, t)) == best][:1]


def people_meant(draft: Draft, state: State, films: Iterable[str], known: Known) -> tuple[str, ...]:
    """The people that a message names, fully or by a part of a name of the films' people, or refers to."""
    m = draft.mentions
    named = [p.name for p in m.people if len(tokens(m.text[p.span[0] : p.span[1]])) >= len(tokens(p.name))]
    held: list[Sized] = [*m.fields, *m.genres]
    explained = {i for t in held for i in range(t.first, t.last)}
    left = _together(m, explained)
    films = tuple(films)
    for tconst in films:
        named += [n for n in known.person_in(tconst, left) if n not in named]
    named = named or [p.name for p in m.people]
    if not named and draft.claims and (name := next((w for w in left if " " in w and _like_name(m, w)), "")):
        named = [name.title()]  # a claim may also be about somebody who is not in the catalogue
    if not named and any(p.kind == "person" for p in draft.points):
        named = list(state.people)
    return tuple(dict.fromkeys(named))


def _together(m: Mentions, explained: set[int]) -> list[str]:
    """The unexplained words, adjacent ones joined."""
    runs: list[list[int]] = []
    for i, word in enumerate(m.words):
        if i in explained or word.norm in STOP or not word.norm.isalpha():
            continue
        if runs and runs[-1][-1] == i - 1:
            runs[-1].append(i)
        else:
            runs.append([i])
    return [" ".join(m.norms[i] for i in run) for run in runs]


def _like_name(m: Mentions, run: str) -> bool:
    """Whether adjacent words are capitalised."""
    said = [w for w in m.words if w.norm in run.split()]
    return len(said) > 1 and all(w.raw[0].isupper() for w in said)


def absent(draft: Draft, films: Meant) -> NotHere | None:
    """That a turn names a film which is not in the catalogue, if it does."""
    if not films.absent:
        return None
    first = films.absent[0]
    name = draft.mentions.text[first.span[0] : first.span[1]]
    near = tuple(t for mention in films.absent for t in mention.near)
    return NotHere(name, first.outside[:1], near)
