"""A message that goes on about the film under discussion: what it tells of is in that film, not in one to be found."""

from __future__ import annotations

from collections.abc import Mapping

from moviechat.chat.believing import NAMED
from moviechat.chat.draft import Intent
from moviechat.chat.fields import NUMBERS
from moviechat.chat.known import Known
from moviechat.chat.mentions import Mentions
from moviechat.chat.names import telling
from moviechat.chat.pointing import ORDINALS
from moviechat.chat.questions import asks_story
from moviechat.chat.signals import Signals
from moviechat.chat.state import State
from moviechat.linking import FilmMention
from moviechat.words import STOP

_WORKED = frozenset(
    """do did does done make made makes direct directed directs act acted star starred write wrote written in appear
    appeared""".split()
)
_WORKS = frozenset("act acted star starred appear appeared direct directed write wrote written".split())
_SOMETHING = frozenset("thing something anything smth one".split())
_ASKS = frozenset("who how else other another".split())  # ask for a film's own facts, or for all films
_THEY = frozenset(("he", "she"))
_ROLES = frozenset("director actor actress writer lead star".split())
_WHERE = frozenset("where with about that who in when which".split())
_ELSEWHERE: tuple[Intent, ...] = ("smalltalk", "unclear", "wish", "identify")


def tells_of(m: Mentions, state: State, known: Known) -> bool:
    """Whether a message has a word that the record of the film under discussion has, too."""
    return bool(state.focus) and bool((said := telling(m)) and known.on_record(state.focus[-1], said))


def continues(s: Signals) -> bool:
    """Whether a message after an answer about one film names no film and asks for none: it is about that film."""
    m, want = s.m, s.want
    asks_films = s.wants or s.like or want.order or want.lifted or want.freed or m.has("more", "same", "undo", "reset")
    limits = bool(want.limits) and not s.asks
    return s.hints.about and not (m.films or asks_films or limits or _says_film(m))


def by_person(s: Signals) -> bool:
    """Whether a film is looked for by what somebody did in it: "he did that thing with the moon, name of it"."""
    norms = s.m.norms
    this = any(norms[i : i + 2] == ["in", "it"] for i in range(len(norms)))
    return (bool(s.m.people) or _they(s)) and s.m.has("recall") and not (s.m.films or this) and bool(telling(s.m))


def theirs(s: Signals) -> bool:
    """Whether another film of somebody under discussion is asked about: "did the director do a marvel one as well"."""
    m, norms = s.m, set(s.m.norms)
    if m.films or _ASKS & norms or not _WORKED & norms or not (_they(s) or _by_role(s)):
        return False
    described = bool(s.left or telling(m) or m.people or m.genres)
    return described and any(_described(m, i) for i, norm in enumerate(m.norms) if norm in _SOMETHING)


def any_of_theirs(s: Signals) -> bool:
    """Whether films of somebody under discussion are asked for: "does he act in anything himself"."""
    norms = set(s.m.norms)
    return _they(s) and bool(_WORKS & norms and {"anything", "something"} & norms) and not (s.m.films or s.left)


def _they(s: Signals) -> bool:
    return s.hints.people and any(p.kind == "person" and s.m.norms[p.first] in _THEY for p in s.points)


def _by_role(s: Signals) -> bool:
    """Whether the director or another person of the film under discussion is meant: "the same director"."""
    norms = s.m.norms
    said = (i for i, norm in enumerate(norms) if norm in _ROLES and {"the", "same"} & set(norms[max(0, i - 2) : i]))
    return s.hints.focus and any(said)


def _described(m: Mentions, at: int) -> bool:
    """Whether "one" or "thing" at a position stands for a film with words that tell which: "that boxing one"."""
    before = m.norms[max(0, at - 1)]
    told = m.norms[at + 1 : at + 2] in (["with"], ["where"], ["about"])
    return told or (m.norms[at] in ("one", "thing") and not (before in STOP or before in ORDINALS))


def names_absent(s: Signals) -> bool:
    """Whether a question names a film for sure that the catalogue does not have, and asks for none like it."""
    return bool(s.m.films) and all(_is_absent(f) for f in s.m.films) and s.asks and not (s.like or s.wants)


def _is_absent(film: FilmMention) -> bool:
    return not film.films and film.score > NAMED


def names_one(s: Signals) -> bool:
    """Whether a question names one film for sure and asks for none like it: "that film Finch, who is the dog"."""
    m = s.m
    return len(m.films) == 1 and m.films[0].score > NAMED and bool(m.films[0].films) and s.asks and not s.like


def _says_film(m: Mentions) -> bool:
    """Whether a film is spoken of that is not "this" one: "a film where", "the one with"."""
    films = [t for t in m.cues["noun"] if m.norms[t.first] not in ("one", "ones")]
    others = [t for t in films if m.norms[max(0, t.first - 1)] not in ("this", "that", "the")]
    return bool(others) or any(m.norms[t.last : t.last + 1] and m.norms[t.last] in _WHERE for t in m.cues["noun"])


def continued(shares: Mapping[Intent, float], other: float, s: Signals) -> dict[Intent, float]:
    """The shares of the intents of such a message: a story told is of this film, and so is what its record has.

    `other` is the share of facts that no table has: the film's text may tell them.
    """
    found = dict(shares) | {"fact": shares["fact"] - other}
    gone = _ELSEWHERE if s.hints.told or asks_story(s.m) else ("identify",)
    about: Intent = "fact" if s.strong else "plot"
    found[about] += sum(found[name] for name in gone)
    story = not s.strong or (s.of_somebody() and any(t.value in NUMBERS for t in s.strong))
    found["plot" if story else "fact"] += other
    return found | dict.fromkeys(gone, 0.0)
