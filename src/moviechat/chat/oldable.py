"""What an intent needs to be possible, and the signals as numbers for the classifier."""

from __future__ import annotations

from moviechat.chat.draft import Intent
from moviechat.chat.fields import FIELDS, PEOPLE
from moviechat.chat.questions import asks_story, quotes, versus
from moviechat.chat.oldsignals import INTENTS, Signals
from moviechat.chat.tokens import FILM

_LONG = 9  # words of a message that may tell a film's story
_NAMED = 0.8  # the linker's score of a film that is surely named
_SURELY = 0.9  # one that is named beyond doubt
_CLEAR = 0.5  # a share of the classifier that may overrule limits
_SPOKEN = 0.99  # a share of small talk that holds against limits


def possible(s: Signals, intent: Intent, share: float) -> bool:
    """Whether the message has what an intent needs; `share` is what the classifier gives it."""
    m, want = s.m, s.want
    tells = m.has("loved", "hated", "seen", "more", "like") or bool(want.relative) or bool(s.hints.wish and m.moods)
    wants = bool(s.wants or want.limits or want.named or want.order or want.moods or want.lifted or want.freed)
    if s.other_one() and intent not in ("fact", "plot", "compare"):
        return False
    match intent:
        case "fact":
            tells = tells or any(m.denied[i] for i in m.at(FILM))
            bare = bool(m.films) and not s.fields and not s.claim and s.count > 1 + len(m.films)
            return (
                not (bare and tells)
                and not (bare and s.happens)
                and not (want.same and (m.has("more") or want.relative))
            )
        case "credits":
            person = bool(m.people) or any(p.kind == "person" for p in s.points)
            more = bool({"else", "another", "besides", "apart"} & set(m.norms))
            role = any(t.value in PEOPLE for t in s.fields)
            asks = s.asks or m.has("count") or more or "other" in m.norms or role
            able = person and not want.order and (more or not m.films) and asks and not (s.hints.wished and not s.wh)
            return able or m.has("most_of")
        case "compare":
            return bool(s.compare())
        case "plot":
            return s.film or s.bare or s.hints.focus
        case "identify":
            named = bool(m.films) and m.films[0].score > _NAMED
            pointed = bool(s.hints.focus and s.fields and s.points)
            return (
                s.count >= 4
                and not (named and (tells or (s.happens and m.films[0].score > _SURELY)))
                and not pointed
                and (
                    (m.has("recall") and (s.count > _LONG or not m.genres))
                    or len(want.limits.said()) + len(want.limits.genres_all) < 3
                    or share > _CLEAR
                )
            )
        case "wish":
            changes = bool(want.relative or want.same) or m.has("more", "undo", "like", "reset")
            # A year or a person beside a title whose story is asked for only says which film it is.
            tells_film = s.happens and s.asks and not s.wants and not want.limits.genres_all
            return not tells_film and (wants or changes or s.hints.wish or share > _CLEAR / 2)
        case "told":
            about = bool(m.films) or any(p.kind in ("film", "many", "ordinal") for p in s.points) or s.hints.listed
            asks = (s.happens and s.asks) or bool(s.wants or want.limits or want.moods or want.same)
            asks = asks or bool(want.named and m.has("noun", "like"))
            refused = any(m.denied[i] for i in m.at(FILM))
            return about and (m.has("seen", "loved", "hated", "also") or refused) and not asks
        case "unclear":
            return not (wants or s.fields or m.films or (s.wh and s.hints.fields_or_question))
        case _:
            again = (
                s.wh and s.hints.fields_or_question and s.count <= 4 and all(t.value == "assent" for t in m.smalltalk)
            )
            return (
                not (s.fields and m.films)
                and not s.happens
                and not again
                and (not (want.limits or s.wants) or share > _SPOKEN)
            )


def vector(s: Signals) -> list[float]:
    """The scores and flags as numbers of about one, in a fixed order."""
    m, want = s.m, s.want
    cues = (
        "want",
        "like",
        "more",
        "seen",
        "loved",
        "hated",
        "drop",
        "undo",
        "reset",
        "again",
        "swap",
        "count",
        "sure",
        "story",
        "recall",
        "which",
        "same",
    )
    kinds = {p.kind for p in s.points}
    asked = {t.value for t in s.fields}
    flags = [
        *(m.has(c) for c in cues),  # type: ignore[arg-type]
        *(k in kinds for k in ("film", "person", "many", "ordinal", "other")),
        bool(m.films),
        len(m.films) > 1,
        bool(m.people),
        bool(m.genres),
        bool(m.amounts),
        bool(m.places),
        bool(m.moods),
        bool(m.orders),
        bool(m.comparisons),
        bool(want.vague),
        bool(want.limits),
        len(want.limits.said()) > 1,
        bool(s.fields),
        bool(s.strong),
        bool(asked & {f.name for f in FIELDS if f.kind == "off"}),
        s.wh,
        s.aux,
        s.asks,
        "?" in m.text,
        s.claim,
        s.bare,
        s.narrative,
        bool(s.film),
        versus(m),
        asks_story(m),
        quotes(m),
        bool(s.wants),
        any(m.denied),
        s.count <= 2,
        s.count <= 5,
        s.count > 15,
        s.hints.wish,
        s.hints.wished,
        s.hints.focus,
        s.hints.listed,
        s.hints.people,
        bool(s.hints.fields),
        s.hints.question,
        s.hints.wish and bool(want.limits),
        s.hints.wish and m.has("more"),
        s.hints.focus and bool(s.fields),
    ]
    scores = s.scores()
    return [scores[name] / 4 for name in INTENTS] + [float(f) for f in flags]
