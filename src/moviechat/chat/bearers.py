"""Which of several people of one name a message means, and whom of them the next message picks."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from moviechat.chat.draft import Draft
from moviechat.chat.fields import BY_NAME, PEOPLE
from moviechat.chat.known import Known
from moviechat.chat.mentions import Mentions
from moviechat.chat.named import How, Named
from moviechat.chat.pointing import LATTER, pointings
from moviechat.chat.query import AskCredits, Query, Recommend, Turn
from moviechat.chat.state import State
from moviechat.chat.tokens import PERSON
from moviechat.chat.which import Which

_FAR = 10  # times the votes of the next: so much better known is who is taken without a question
_FIELDS: dict[How | None, tuple[str, ...]] = {
    "director": ("directors",),
    "writer": ("writers",),
    "composer": ("composers",),
    "cast": ("cast",),
    "with": ("cast",),
    "by": ("directors", "writers"),
}
_ACTS = frozenset("starring stars star acted acting actor actress acts plays played playing featuring".split())
_SHORT = 10  # maximum words of a message that only says who was meant
_ASKS = frozenset("who whos what which when where how why did does do is was are can could show find".split())
_EITHER = frozenset("both either any all whichever whoever matter".split())
_NUMBERS = {"1": 0, "one": 0, "2": 1, "two": 1, "3": 2, "three": 2}
_CORRECTS = frozenset("mean meant no nope not wrong other another one guy".split())
_OTHER = frozenset(("other", "another"))
_PERSONAL = frozenset("mean meant no nope not wrong guy person".split())  # "the other one" of a list is a film


@dataclass(frozen=True, slots=True)
class Apart:
    """A draft that names people by id where their name is that of several; `settled`: those ids, or a name if any of
    them is meant; `which`: what the message leaves open.
    """

    draft: Draft
    settled: tuple[str, ...] = ()
    which: Which | None = None


def apart(draft: Draft, state: State, known: Known) -> Apart:
    """The people of a draft told apart by role, by the conversation, by a film, or by how well they are known."""
    said = dict.fromkeys((*(p.name for p in draft.mentions.people), *(n.name for n in draft.want.named)))
    ids = {name: _told(name, draft, state, known) for name in said if known.bearers(name)}
    if not ids:
        return Apart(draft)
    left = [_by_renown(name, draft, known) for name, person in ids.items() if not person]
    ids = {name: person for name, person in ids.items() if person} | {w.name: w.taken for w in left if w.taken}
    people = tuple(replace(p, name=ids.get(p.name, p.name)) for p in draft.mentions.people)
    named = tuple(_by_id(n, ids[n.name], known) if n.name in ids else n for n in draft.want.named)
    changed = replace(draft, mentions=replace(draft.mentions, people=people), want=replace(draft.want, named=named))
    return Apart(changed, tuple(ids.values()), min(left, key=lambda w: bool(w.taken), default=None))


def _by_id(named: Named, person: str, known: Known) -> Named:
    """A person of a wish by id, without a part that they have in no film: "with" a director."""
    fields = _FIELDS.get(named.how, ())
    fits = not fields or any(known.films_of([person], field) for field in fields)
    return replace(named, name=person, how=named.how if fits else None)


def _told(name: str, draft: Draft, state: State, known: Known) -> str:
    """Who of that name is meant, by the message and the conversation: an id, the name for any of them, "" if open."""
    among = known.bearers(name)
    before = [p for p in (*state.people, *reversed(state.settled)) if known.name(p) == name]
    if _is_other(name, draft.mentions) and before:
        return _only([p for p in among if p != before[0]])
    fields, sure = _part_said(name, draft)
    fits = fitting(among, fields, known) or among
    named = [t for mention in draft.mentions.films for t in mention.films]
    theirs = _only([p for p in among if any(known.worked_on(t, p) for t in named)])
    return (
        (theirs if draft.intent not in ("wish", "credits") else "")  # "did he direct it" may be wrong about the part
        or (_only(fits) if sure else "")
        or next((p for p in before if p in fits or not sure or p == name), "")
        or theirs
        or _only([p for p in fits if any(known.worked_on(t, p) for t in state.focus)])
    )


def _is_other(name: str, m: Mentions) -> bool:
    """Whether a message says "the other" before a name."""
    return any(p.name == name and m.norms[at - 1] in _OTHER for at, p in zip(m.at(PERSON), m.people, strict=True) if at)


def _part_said(name: str, draft: Draft) -> tuple[tuple[str, ...], bool]:
    """The fields that a message says a person is of ("directed by ...", "what did ... write"), and whether it is sure:
    "films with her" may also be said of a director.
    """
    how = next((n.how for n in draft.want.named if n.name == name), None)
    norms = set(draft.mentions.norms)
    told = tuple(f for f in draft.fields if f in PEOPLE)
    if how == "by" and how not in norms:  # "the films of"
        how = None
    if how == "cast" and not told and not norms & _ACTS:
        return (_FIELDS[how], False) if "with" in norms else ((), False)
    return _FIELDS.get(how, ()) or told, True


def _by_renown(name: str, draft: Draft, known: Known) -> Which:
    """Who is far better known than the others of that name, or the question who is meant."""
    among = known.bearers(name)
    fits = fitting(among, _part_said(name, draft)[0], known) or among
    first, second = known.renown(fits[0]), max(map(known.renown, fits[1:]), default=0)
    return Which(draft.mentions.text, name, among, fits[0] if first >= _FAR * second else "")


def fitting(people: Sequence[str], fields: Collection[str], known: Known) -> tuple[str, ...]:
    """Those whose main part in their films is one of the fields; else those who have such a part at all."""
    main = tuple(p for p in people if known.part(p) in fields)
    return main or tuple(p for p in people if any(known.films_of([p], field) for field in fields))


def asked(turn: Turn, told: Apart) -> Turn:
    """The turn with what it settled; instead of an answer on people who may be others, the question who is meant."""
    turn, which = replace(turn, settled=told.settled), told.which
    if which is None:
        return turn
    people = _people(turn.query)
    if which.taken:
        return replace(turn, which=which) if which.taken in people else turn
    return replace(turn, query=which) if which.name in people else turn


def _people(query: Query) -> tuple[str, ...]:
    """The people whose films a query asks for."""
    match query:
        case AskCredits():
            return query.people
        case Recommend():
            return tuple(credit.person for credit in query.wish.limits.people)
        case _:
            return ()


def in_words(person: str, known: Known) -> str:
    """One of several people of a name: "the director of Fright Night (1985)"."""
    field = known.part(person)
    label = "actor" if field == "cast" else BY_NAME[field].label
    return f"the {label} of {known.known_for(person).label}"


# --- the next message


def chosen(m: Mentions, which: Which, known: Known) -> str:
    """Who a message says was meant: an id, the name itself for "both"; "" if the message is about something else."""
    norms = set(m.norms)
    if m.size > _SHORT or set(m.norms[:1]) & _ASKS or any(p.name != which.name for p in m.people):
        return ""
    if which.taken and not norms & _CORRECTS:
        return ""
    told = _of_film(m, which.people, known) or _of_part(m, which.people, known)
    if told or which.taken:
        return told or _other(m, which, personal=bool(m.people or norms & _PERSONAL))
    if norms & _EITHER and m.size <= _SHORT // 2 and not (m.genres or m.amounts or m.films):
        return which.name
    return _placed(m, which) or _other(m, which, personal=True)


def _of_film(m: Mentions, people: Sequence[str], known: Known) -> str:
    """The one who worked on a film that is named: "the one of Cherry"."""
    films = [t for mention in m.films for t in mention.films]
    return _only([p for p in people if any(known.worked_on(t, p) for t in films)])


def _of_part(m: Mentions, people: Sequence[str], known: Known) -> str:
    """The one whose part is named: "the director", "not the actor"."""
    said = [t for t in m.fields if t.value in PEOPLE]
    denied = {t.value for t in said if m.denied[t.first]}
    wanted = {t.value for t in said} - denied
    if wanted:
        return _only(fitting(people, wanted, known))
    return _only([p for p in people if known.part(p) not in denied]) if denied else ""


def _placed(m: Mentions, which: Which) -> str:
    """The one of a place in the question: "the second", "2", "the latter"."""
    places = [p.number for p in pointings(m) if p.kind == "ordinal"]
    places += [_NUMBERS[norm] for norm in m.norms[:1] if m.size == 1 and norm in _NUMBERS]
    places += [-1] if "latter" in LATTER & set(m.norms) else []
    return which.people[places[0]] if places and places[0] < len(which.people) else ""


def _other(m: Mentions, which: Which, *, personal: bool) -> str:
    """The other of two: not who was taken, else not the better known."""
    said = personal and _OTHER & set(m.norms)
    return _only([p for p in which.people if p != (which.taken or which.people[0])]) if said else ""


def _only(people: Sequence[str]) -> str:
    return people[0] if len(people) == 1 else ""
