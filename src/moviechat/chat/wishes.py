"""A turn that wants films: the wish on the table, changed; and what the turn tells of films."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from moviechat.chat.draft import Draft
from moviechat.chat.known import Known
from moviechat.chat.mentions import Mentions
from moviechat.chat.merge import merged
from moviechat.chat.named import Named
from moviechat.chat.numbered import alone, compared_with
from moviechat.chat.query import Change, Recommend, Told
from moviechat.chat.references import chosen_of
from moviechat.chat.stances import stances
from moviechat.chat.state import State
from moviechat.chat.wanting import Wanting, mood_denied
from moviechat.chat.wish import Like, Wish
from moviechat.limits import Credit, Limits, Role
from moviechat.schema import Movie
from moviechat.words import fold

_TOO = frozenset("too also both still keep with maybe plus as and".split())
_SOME = frozenset("some others ones".split())  # "and some from 2020" asks for those alone
_OFF = {
    "streaming": "where films can be watched",
    "critics": "critics' scores",
    "awards": "awards",
    "budget": "budgets",
    "box_office": "the box office",
    "based_on": "what films are based on",
    "filming_places": "where films were shot",
    "companies": "studios",
    "age_rating": "age ratings",
    "languages": "languages",
    "countries": "countries",
    "sequel": "sequels",
    "trivia": "trivia",
    "technical": "how films look and sound",
    "personal": "people's ages and lives",
    "other": "all that you ask for",
}


def wished(draft: Draft, state: State, known: Known, told_of: Told) -> Recommend:
    """The wish after a turn."""
    seeds = _seeds(draft, state, known, told_of)
    base, change = _base(draft, state, known, seeds)
    want = draft.want
    limits = merged(
        base.limits,
        want,
        instead=_instead(draft),
        too=_too(draft.mentions),
    )
    limits = _people(limits, draft, state, known)
    if change != "new" and not want.relative and want.count is None:
        limits = alone(limits, draft)
    limits = compared_with(limits, draft, state, known, seeds)
    limits, director_of = _same(limits, draft, _first_film(draft, state, known) or seeds or _focus(state), known)
    likes = tuple(dict.fromkeys((*(base.like if change != "new" else ()), *(Like(t) for t in seeds), *told_of.likes)))
    wish = Wish(
        limits=limits,
        words=want.words or (base.words if change != "new" else ""),
        moods=_moods(base, want, draft, change),
        like=likes,
        order=want.order or (base.order if change != "new" else "fit"),
        count=want.count or (base.count if change == "more" and base.count != 1 else None),
    )
    by_itself = _by_itself(draft, state, known, told_of, change)
    return Recommend(wish, change, _not_checked(draft), director_of, by_itself, draft.mentions.has("more"))


def _by_itself(draft: Draft, state: State, known: Known, told_of: Told, change: Change) -> Wish | None:
    """What a message wants without the wish on the table: "no, something cheerful, a comedy"."""
    want = draft.want
    stands = want.limits.genres_all or want.limits.genres_any or want.moods or any(not n.denied for n in want.named)
    if change != "changed" or not stands:
        return None
    return wished(draft, replace(state, wish=None, people=()), known, told_of).wish


def _too(m: Mentions) -> bool:
    """Whether a limit joins the one on the table: "2020 too"."""
    return bool(_TOO & set(m.norms[:3] + m.norms[-3:])) and not _SOME & set(m.norms)


def _first_film(draft: Draft, state: State, known: Known) -> list[str]:
    """The film that "the same director" is of: the first one named."""
    return [chosen_of(f, draft, state, known) for f in draft.mentions.films if f.films][:1] if draft.want.same else []


def _focus(state: State) -> list[str]:
    return list(state.focus[-1:])


def _base(draft: Draft, state: State, known: Known, seeds: Sequence[str]) -> tuple[Wish, Change]:
    """The wish that a turn starts from: none, the one on the table, or an earlier one."""
    m = draft.mentions
    if state.last == "AskCredits" and state.people and any(p.kind == "many" for p in draft.points):
        theirs = Limits(people=(known.credit(state.people[0], "any"),))
        return Wish(theirs), "changed"  # "one of those that is a comedy"
    if state.wish is None:
        return Wish(), "new"
    if m.has("reset"):
        return Wish(), "new"
    whole = draft.want.order and draft.want.limits.genres_all and not draft.points and not m.has("also", "only", "undo")
    if whole and "first" not in m.norms:
        return Wish(), "new"
    if m.has("undo"):
        return _earlier(draft, state), "undone"
    if seeds and m.has("like") and (m.films or not m.has("more")):
        return Wish(), "new"
    if m.has("correct"):
        return state.wish, "corrected"
    goes_on = draft.intent == "told" or m.has("more", "seen", "loved", "hated")
    return state.wish, "more" if goes_on and not _changes(draft.want) else "changed"


def _changes(want: Wanting) -> bool:
    """Whether a message changes the wish on the table, and does not only go on with it."""
    limits = want.limits or want.named or want.relative or want.lifted or want.freed
    return bool(limits or want.moods or want.order)


def _earlier(draft: Draft, state: State) -> Wish:
    """The wish that "go back" means: the first, one of the genre that is named, else the one before this."""
    every = [*state.wishes, *([state.wish] if state.wish else [])]
    said = {g for t in draft.mentions.genres for g in t.value.names}
    if said:
        fitting = [w for w in every if said & {*w.limits.genres_all, *w.limits.genres_any}]
        return fitting[-1] if fitting else every[-1]
    if "first" in draft.mentions.norms:
        return every[0]
    return every[-2] if len(every) > 1 and "thing" not in draft.mentions.norms else every[-1]


def _instead(draft: Draft) -> bool:
    """Whether genres replace those on the table: "crime then", "animation instead"."""
    m = draft.mentions
    said = {m.norms[i] for t in m.genres for i in _clause_of(m, t.first)}
    kept = {"too", "also", "still", "keep", "both", "as", "maybe", "plus"} & said
    return m.has("swap") and not kept and not m.has("more")


def _clause_of(m: Mentions, at: int) -> range:
    begin, end = at, at
    while begin > 0 and not m.stops[begin - 1]:
        begin -= 1
    while end < len(m.words) and not m.stops[end]:
        end += 1
    return range(begin, end)


def _seeds(draft: Draft, state: State, known: Known, told_of: Told) -> list[str]:
    """The films that a wish starts from: those it is to be like, and those that were loved in the same breath."""
    said = stances(draft)
    m = draft.mentions
    chosen = [
        chosen_of(mention, draft, state, known)
        for mention, stance in zip(m.films, said, strict=True)
        if mention.films and (stance in ("like", "loved") or (stance is None and draft.intent == "wish"))
    ]
    if not m.films and m.has("like") and any(p.kind == "film" for p in draft.points):
        chosen = _focus(state)
    if not m.films and m.has("like") and not chosen and not draft.want.relative:
        chosen = _focus(state) if state.wish is None else []
    return chosen


def _moods(base: Wish, want: Wanting, draft: Draft, change: Change) -> tuple[str, ...]:
    denied = {t.value for t in draft.mentions.moods if mood_denied(draft.mentions, t)}
    kept = base.moods if change != "new" else ()
    return tuple(dict.fromkeys(m for m in (*kept, *want.moods) if m not in denied))


def _people(limits: Limits, draft: Draft, state: State, known: Known) -> Limits:
    """The people of a wish: new ones join (or, after "no, ...", replace) those on the table; denied ones leave."""
    wanted = [known.credit(n.name, _role(n, known)) for n in draft.want.named if not n.denied]
    refused = [known.name(n.name) for n in draft.want.named if n.denied]
    people, no = list(limits.people), list(limits.people_not)
    if any(p.kind == "person" and draft.mentions.denied[p.first] for p in draft.points):
        refused += [c.name for c in people] or _talked(state, known)
    others = not draft.want.same and {"other", "another", "different"} & set(draft.mentions.norms)
    if others and {
        "people",
        "someone",
        "director",
        "person",
    } & set(draft.mentions.norms):
        refused += [c.name for c in people] or _talked(state, known)
    if _with_them(draft) and not refused and not people and not wanted and "people" not in draft.want.lifted:
        wanted += [known.credit(person, known.role(person)) for person in state.people[:1]]
    if wanted and people and _instead(draft):
        people = []
    refused += [c.name for c in people if _denies_part(draft, c.name)]
    wanted += [
        replace(c, role=role) for c in people if (role := _new_role(draft)) and c.role != role and not draft.want.named
    ]
    names = {c.name for c in wanted}
    kept = [c for c in people if c.name not in refused and c.name not in names]
    no = [n for n in dict.fromkeys((*no, *refused)) if n not in names]
    return replace(limits, people=tuple(dict.fromkeys((*kept, *wanted))), people_not=tuple(no))


def _talked(state: State, known: Known) -> list[str]:
    """The name of the person under discussion."""
    return [known.name(person) for person in state.people[:1]]


_ROLE_FIELDS: dict[str, Role] = {"directors": "director", "writers": "writer", "cast": "cast", "composers": "composer"}


def _new_role(draft: Draft) -> Role | None:
    """The role that a turn asks the people on the table to have: "the ones she directed"."""
    pointed = any(p.kind == "person" for p in draft.points)
    roles = [_ROLE_FIELDS[f] for f in draft.fields if f in _ROLE_FIELDS]
    return roles[0] if pointed and roles else None


def _denies_part(draft: Draft, name: str) -> bool:
    """Whether a denied word is a part of a name, or a first name cut short: "no cage", "without sam"."""
    m = draft.mentions
    said = [w.norm for i, w in enumerate(m.words) if m.denied[i] and len(w.norm) > 2]
    return any(fold(part).startswith(w) for w in said for part in name.split())


def _with_them(draft: Draft) -> bool:
    """Whether the person under talk is wanted: "with her", "by him"."""
    m = draft.mentions
    near = [m.norms[max(0, p.first - 1)] for p in draft.points if p.kind == "person" and not m.denied[p.first]]
    does = any(
        m.norms[p.first + 1 : p.first + 2] in (["directed"], ["made"], ["wrote"])
        or m.norms[p.first + 1 : p.first + 3] == ["is", "in"]
        for p in draft.points
        if p.kind == "person"
    )
    return does or bool({"with", "by", "of", "from", "starring"} & set(near))


def _role(named: Named, known: Known) -> Role:
    match named.how:
        case "director" | "writer" | "composer" | "cast":
            return named.how
        case "with":
            return "cast"
        case "by":
            role = known.role(named.name)
            return "director" if role == "cast" and known.films_of([named.name], "directors") else role
        case _:
            return known.role(named.name)


def _same(limits: Limits, draft: Draft, seeds: Sequence[str], known: Known) -> tuple[Limits, str]:
    """ "from the same year", "by the same director": limits from the film that the wish starts from."""
    if not draft.want.same or not seeds:
        return limits, ""
    movie, director_of = known.movies[seeds[0]], ""
    for what in draft.want.same:
        if what == "year":
            limits = replace(limits, year_min=movie.year, year_max=movie.year)
        elif what == "genre":
            limits = replace(limits, genres_all=movie.genres)
        elif what == "not director":
            limits = replace(limits, people_not=(*limits.people_not, *movie.directors))
        elif people := _crew(movie, what, known):
            limits, director_of = replace(limits, people=(*limits.people, *people)), movie.tconst
    return limits, director_of


def _crew(movie: Movie, what: str, known: Known) -> tuple[Credit, ...]:
    parts: dict[str, tuple[str, Role]] = {
        "director": ("directors", "director"),
        "writer": ("writers", "writer"),
        "composer": ("composers", "composer"),
        "cast": ("cast", "cast"),
    }
    field, role = parts[what]
    return tuple(known.credit(person, role) for person in movie.persons(field)[:1])


def _not_checked(draft: Draft) -> tuple[str, ...]:
    """Wishes that no limit can hold, as the field that they are on."""
    limits = draft.want.limits
    held = {
        "languages": limits.languages_any or limits.languages_not,
        "countries": limits.countries_any or limits.countries_not,
        "age_rating": limits.age_rating_max,
    }
    m = draft.mentions
    said = [t.value for t in m.fields if t.value in _OFF and not held.get(t.value) and not m.denied[t.first]]
    said += [draft.unchecked] if draft.unchecked else []
    return tuple(dict.fromkeys(_OFF[name] for name in said))
