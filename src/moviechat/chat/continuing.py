"""A message that goes on about the film under discussion: what it tells of is in that film, not in one to be found."""

from __future__ import annotations

from collections.abc import Mapping

from moviechat.chat.believing import NAMED
from moviechat.chat.draft import Intent
from moviechat.chat.fields import NUMBERS
from moviechat.chat.known import Known
from moviechat.chat.mentions import Mentions
from moviechat.chat.names import telling
from moviechat.chat.questions import asks_story
from moviechat.chat.signals import Signals
from moviechat.chat.state import State
from moviechat.linking import FilmMention

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
    they = s.hints.people and any(p.kind == "person" and norms[p.first] in ("he", "she") for p in s.points)
    this = any(norms[i : i + 2] == ["in", "it"] for i in range(len(norms)))
    return (bool(s.m.people) or they) and s.m.has("recall") and not (s.m.films or this) and bool(telling(s.m))


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
