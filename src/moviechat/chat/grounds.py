"""Whether a message and the conversation have what an intent is about: its ground."""

from __future__ import annotations

from moviechat.chat.believing import NAMED
from moviechat.chat.draft import Intent
from moviechat.chat.fields import PEOPLE
from moviechat.chat.names import calls_somebody, names_unknown, unknown_name
from moviechat.chat.questions import is_open, quotes, takes_back
from moviechat.chat.signals import Signals
from moviechat.chat.tokens import FILM

_MORE = frozenset("else another other others besides apart".split())
_WORK = frozenset(
    """act acts acted acting star starred appear appeared direct directed write wrote written make makes made
    do done play played produce produced score scored compose composed shoot shot work worked film filmed himself
    herself""".split()
)
_NAMED_BEFORE = frozenset("asked named mentioned gave said threw told".split())


def possible(intent: Intent, s: Signals) -> bool:
    """Whether a message and the conversation have what an intent is about."""
    if s.other_one() and intent not in ("fact", "plot", "compare"):
        return False
    match intent:
        case "fact":
            return not _refuses(s) and _fact(s)
        case "plot":
            return not _refuses(s)
        case "compare":
            return _compare(s)
        case "credits":
            return _credits(s)
        case "identify":
            return _identify(s)
        case "wish":
            return _wish(s)
        case "told":
            return _told(s)
        case "smalltalk":
            return not (s.want.limits or s.want.order)  # "recommend me a good mystery" wants no book
        case "unclear":
            return not (_wants(s) or s.fields or s.m.films)
        case _:
            return True


def _wants(s: Signals) -> bool:
    """Whether something of a wish is said."""
    want = s.want
    return bool(s.wants or want.limits or want.named or want.order or want.moods or want.lifted or want.freed)


def _refuses(s: Signals) -> bool:
    """Whether a film is only refused: "a film, but not Joker" asks nothing of it."""
    return not s.asks and any(s.m.denied[i] for i in s.m.at(FILM))


def _fact(s: Signals) -> bool:
    """Neither a story's time nor a change of the wish, limits for no film or somebody's films of a year are meant."""
    m, hints = s.m, s.hints
    if s.story_time or _of_person(s) or (s.wants and s.want.order and not s.fields):
        return False
    nobody = not (m.films or m.people or s.points or s.fields or hints.focus)
    changes = hints.wished and not s.asks and not m.films
    return not (s.want.limits and (nobody or changes))


def _of_person(s: Signals) -> bool:
    """Whether somebody's films of a year are asked for: "what did she put out in 2019"."""
    somebody = bool(s.m.people) or (s.hints.people and any(p.kind == "person" for p in s.points))
    year = any(a.field == "year" for a in s.m.amounts)
    return somebody and year and is_open(s.m) and not (s.m.films or s.fields)


def _compare(s: Signals) -> bool:
    """Several films are named, listed, or one beside the film under discussion."""
    m, hints = s.m, s.hints
    sorts = bool(m.orders) and "first" in m.norms and not m.films  # "longest of them first"
    if sorts or (m.films and all(m.denied[at] for at in m.at(FILM))):
        return False
    if m.has("seen") and m.has("more"):
        return False  # "they have seen X and Y. others?"
    if (s.wants and s.want.limits) or (s.like and len(m.films) == 1):
        return False  # "brazilian ones with a better score than this", "something like X with more votes"
    two = m.has("which") or {"two", "both", "one"} & set(m.norms)
    return len(m.films) > 1 or hints.listed or (hints.focus and bool(m.films or two or s.points))


def _credits(s: Signals) -> bool:
    """The films of a person are asked for, not wished for."""
    m = s.m
    more = bool(_MORE & set(m.norms))
    asks = s.asks or m.has("count") or more or any(t.value in PEOPLE for t in s.fields)
    worked = {m.norms[i] for i in s.left} <= _WORK  # not "what did he put in the drips"
    referred = s.hints.people and (more or worked)
    person = bool(m.people or referred or unknown_name(m))
    if calls_somebody(m) and not m.films:
        return True
    in_it = any(p.kind == "film" for p in s.points) and not more  # "is she in that, and who does she play"
    if (in_it and s.hints.about) or (m.films and m.has("loved", "hated", "seen")):
        return False
    return m.has("most_of") or (person and asks and not s.want.order and (more or not m.films))


def _identify(s: Signals) -> bool:
    """The message does not narrow the wish, and asks for the story of no film that it names."""
    narrows = s.hints.wished and (s.want.limits or s.want.named) and not s.m.has("recall")
    return not narrows and not (s.happens and s.asks and s.m.films[0].score > NAMED)


def _wish(s: Signals) -> bool:
    """No fact, story or unknown title is asked for instead, and the last question is not asked of another film."""
    m, want, hints = s.m, s.want, s.hints
    if m.orders and _NAMED_BEFORE & set(m.norms) and "i" in m.norms:
        return False  # "which of the films that i named is best"
    # A year or a person beside a title whose story is asked for only says which film it is.
    tells_film = s.happens and s.asks and not s.wants and not want.limits.genres_all
    freely = _wants(s) or want.relative or want.same or hints.wish or m.has("like", "more")
    asks_fact = bool(s.strong or (s.fields and not s.like)) and not freely
    leads = bool(s.strong) and s.strong[0].first <= 1  # "age rating of X, my son is 12"
    gives = bool(m.films) and s.strong and not (s.like or m.has("more"))
    gives = gives and (leads or not (want.limits or want.moods))
    repeats = s.repeats and bool(m.films) and hints.fields_or_question
    asks_named = (quotes(m) and bool(s.strong) and not s.wants) or names_unknown(m)
    asks_films = m.genres or want.moods or m.films or m.people or m.has("like", "more")
    complains = not asks_films and any(takes_back(m, t) for t in m.cues["want"])
    return not (tells_film or asks_fact or asks_named or gives or repeats or complains)


def _told(s: Signals) -> bool:
    """Something is said of a film or a person, and no film is wanted."""
    m = s.m
    said = m.has("seen", "loved", "hated", "also") or any(m.denied[i] for i in m.at(FILM))
    said = said or (s.hints.wish and not s.asks)
    return said and (bool(m.films or m.people or s.points) or s.hints.focus) and not (_wants(s) or s.happens)
