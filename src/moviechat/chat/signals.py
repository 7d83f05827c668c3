"""What the words of a message, and what is on the table, speak for: scores by hand and flags for the classifier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from moviechat.chat import facts
from moviechat.chat.cues import Cue
from moviechat.chat.draft import Draft, Intent
from moviechat.chat.mentions import Mentions, pointings
from moviechat.chat.mentions import Pointing as Pointing
from moviechat.chat.names import unknown_name
from moviechat.chat.phrases import Sized, Tag, overlaps
from moviechat.chat.tokens import FILM
from moviechat.chat.wanting import Wanting

_WH = frozenset(
    """who whom whose what which when where why how quién quien cuándo cuánto qui quand combien wer wann wie was
        chi quando quanto quem kaun""".split()
)
_AUX = frozenset("is was were are did does do has have had can could isnt wasnt will would".split())
_OPENERS = frozenset(
    """and so ok okay well then now but hey hi hello please also um uh oh lol hmm right good ah btw by the way yes
        no sorry sry wait first quick q""".split()
)
# Words that ask for a field in a question on a film, and mean other things beside one.
_WEAK = frozenset(
    """long minutes mins hours music play popular liked score act won win free online rent cost camera end year
        release character lead leads location locations cast star role story voted votes rate rated ratings rating
        review reviews makes write acting voices actor actress starring stars part director directed direct
        written length made by direction prime english""".split()
)
_NAMED = 0.8  # the linker's score of a film that is surely named
_CLEAR = 0.5  # a share of the classifier that may overrule limits
_SPOKEN = 0.99  # a share of small talk that holds against limits
_NARRATIVE = 0.4  # of what limits speak for a wish, where a story is told
_SHORT = 10  # words of a message that is only thanks
_LONG = 9  # words of a message that may tell a film's story


@dataclass(frozen=True, slots=True)
class Hints:
    """What the conversation has on the table: enough to read a fragment, not to resolve it.

    `wish` is a wish, `wished` that it was answered last; `fields` were asked last, or (`question`) a plot.
    """

    wish: bool = False
    focus: bool = False
    listed: bool = False
    people: bool = False
    fields: tuple[str, ...] = ()
    question: bool = False
    wished: bool = False

    @property
    def fields_or_question(self) -> bool:
        """Whether a fact or a plot was asked about last."""
        return bool(self.fields) or self.question


INTENTS: tuple[Intent, ...] = ("smalltalk", "fact", "compare", "credits", "plot", "identify", "wish", "told", "unclear")


class Signals:
    """What the words of a message speak for."""

    def __init__(self, m: Mentions, want: Wanting, hints: Hints) -> None:
        self.m, self.want, self.hints = m, want, hints
        self.points = [p for p in pointings(m) if not _idle(m, p)]
        self.start = _start(m)
        first = m.norms[self.start] if self.start < len(m.words) else ""
        self.wh = first in _WH or any(n in ("who", "whos", "how", "when", "whom", "whose") for n in m.norms[:12])
        self.aux = first in _AUX
        self.asks = self.wh or self.aux or "?" in m.text or m.has("sure")
        self.fields = self._fields()
        self.strong = [t for t in self.fields if m.norms[t.first] not in _WEAK or t.last - t.first > 1]
        self.film = bool(m.films) or (
            hints.focus and any(p.kind in ("film", "many", "ordinal", "other") for p in self.points)
        )
        self.claim = bool(
            self.aux
            or m.has("sure")
            or ("?" in m.text and m.people and not m.genres and not m.films)
            or ("?" in m.text and m.films and m.amounts and not m.has("want", "loved", "more"))
        ) and bool(m.people or m.genres or m.amounts)
        self.bare = hints.focus and len(m.words) <= 7 and not m.films and not m.people
        self.count = sum(not w.mark for w in m.words)
        self.like = [t for t in m.cues["like"] if not _verb(m, t)]
        self.wants = [t for t in m.cues["want"] if not m.denied[t.first]]

    @property
    def narrative(self) -> bool:
        """Whether the message tells a story at length, and asks for no film."""
        return self.count > _LONG and not self.m.films and not self.wants and not self.hints.wish

    def _fields(self) -> list[Tag[str]]:
        """The words that ask for fields, apart from those that only name what a limit or an order is on."""
        m = self.m
        taken: list[Sized] = [*m.amounts, *m.orders]
        return [
            t for t in m.fields if not overlaps(t, taken) and not self._beside_amount(t) and not self._only_named(t)
        ]

    def _only_named(self, tag: Tag[str]) -> bool:
        """Whether a field is named and not asked for: "the same director", "without the music"."""
        return self.m.denied[tag.first] or self.m.norms[max(0, tag.first - 1)] == "same"

    def _beside_amount(self, tag: Tag[str]) -> bool:
        name = {"rating": "rating", "runtime": "runtime", "votes": "votes", "year": "year"}.get(tag.value)
        return any(
            a.field == name and (tag.last <= a.first <= tag.last + 4 or a.last <= tag.first <= a.last + 3)
            for a in self.m.amounts
        )

    def scores(self) -> dict[Intent, float]:
        """How much speaks for each intent."""
        return {
            "smalltalk": 0.0,
            "fact": self._fact(),
            "compare": self._compare(),
            "credits": self._credits(),
            "plot": self._plot(),
            "identify": self._identify(),
            "wish": self._wish(),
            "told": self._told(),
            "unclear": 0.0,
        }

    @property
    def _wishes(self) -> bool:
        return bool(self.wants) or bool(self.like)

    def possible(self, intent: Intent, share: float) -> bool:
        """Whether the message has what an intent needs; `share` is what the classifier gives it."""
        m, want = self.m, self.want
        tells = (
            m.has("loved", "hated", "seen", "more", "like") or bool(want.relative) or bool(self.hints.wish and m.moods)
        )
        wants = bool(self.wants or want.limits or want.named or want.order or want.moods or want.lifted or want.freed)
        if self._other_one() and intent not in ("fact", "plot", "compare"):
            return False
        match intent:
            case "fact":
                tells = tells or any(m.denied[i] for i in m.at(FILM))
                bare = bool(m.films) and not self.fields and not self.claim and self.count > 1 + len(m.films)
                return not (bare and tells) and not (want.same and (m.has("more") or want.relative))
            case "credits":
                person = bool(m.people) or any(p.kind == "person" for p in self.points)
                more = bool({"else", "another", "besides", "apart"} & set(m.norms))
                role = any(t.value in facts.PEOPLE for t in self.fields)
                asks = self.asks or m.has("count") or more or "other" in m.norms or role
                able = (
                    person
                    and not want.order
                    and (more or not m.films)
                    and asks
                    and not (self.hints.wished and not self.wh)
                )
                return able or m.has("most_of")
            case "compare":
                return bool(self._compare())
            case "plot":
                return self.film or self.bare or self.hints.focus
            case "identify":
                named = bool(m.films) and m.films[0].score > _NAMED
                pointed = bool(self.hints.focus and self.fields and self.points)
                return (
                    self.count >= 4
                    and not (named and tells)
                    and not pointed
                    and (
                        (m.has("recall") and (self.count > _LONG or not m.genres))
                        or len(want.limits.said()) + len(want.limits.genres_all) < 3
                        or share > _CLEAR
                    )
                )
            case "wish":
                changes = bool(want.relative or want.same) or m.has("more", "undo", "like", "reset")
                return wants or changes or self.hints.wish or share > _CLEAR / 2
            case "told":
                about = (
                    bool(m.films)
                    or any(p.kind in ("film", "many", "ordinal") for p in self.points)
                    or self.hints.listed
                )
                asks = bool(self.wants or want.limits or want.moods or want.same)
                asks = asks or bool(want.named and m.has("noun", "like"))
                refused = any(m.denied[i] for i in m.at(FILM))
                return about and (m.has("seen", "loved", "hated", "also") or refused) and not asks
            case "unclear":
                return not (wants or self.fields or m.films or (self.wh and self.hints.fields_or_question))
            case _:
                again = (
                    self.wh
                    and self.hints.fields_or_question
                    and self.count <= 4
                    and all(t.value == "assent" for t in m.smalltalk)
                )
                return (
                    not (self.fields and m.films) and not again and (not (want.limits or self.wants) or share > _SPOKEN)
                )

    def _fact(self) -> float:
        m = self.m
        score = 1.5 * bool(self.fields) + 1.0 * bool(self.strong) + 1.0 * bool(self.fields and self.asks)
        if (
            not score
            and not self.claim
            and not ((m.films or m.people) and self.count <= 4)
            and not self._points_apart()
            and not self._other_one()
        ):
            return 0.0
        score -= 2.0 * self.narrative
        score += 1.5 * bool(self.wh and self.strong and self.hints.focus and not self.want.limits)
        score += 2.0 * bool(m.films) + 1.5 * bool(self.film and not m.films)
        score += 1.5 * bool(self.claim and (self.film or self.bare))
        score += 1.0 * bool(self.bare and self.fields)
        score += 3.0 * bool(
            self.hints.fields
            and self.count <= 5
            and (m.films or self._points_apart())
            and not self._wishes
            and not self.fields
        )
        score += 3.0 * bool(self._other_one()) + 3.0 * bool(_quoted(m) and self.fields)
        score += 1.5 * bool(
            m.films and not self.fields and self.count <= 4 and not self._wishes and not self.want.relative
        )
        score -= 1.5 * bool(self.wants and (self.want.limits or not m.films))
        score -= 1.5 * bool(self.like and not self.strong) + 2.0 * bool(
            self.want.relative and m.films and not self.fields and not self.aux
        )
        score -= 1.0 * (not self.film and not self.bare and bool(self.want.limits) and not self.strong)
        score += 3.0 * bool(
            m.people and self.count <= 4 and self.hints.focus and not self.hints.wished and not self._wishes
        )
        score -= 2.0 * bool(self.hints.wished and not self.wh and not m.films and not self.aux)
        return score - 2.5 * bool(self.hints.wish and self.want.limits and not self.asks and not m.films)

    def _points_apart(self) -> bool:
        return any(p.kind in ("ordinal", "other") for p in self.points)

    def _other_one(self) -> bool:
        """Whether another film of the same title is meant: "the 2019 one", "the one with Udo Kier"."""
        year = any(a.field == "year" for a in self.m.amounts)
        if self.hints.fields_or_question and any(self.m.norms[i - 1 : i] == ["other"] for i in self.m.at(FILM)):
            return True
        one = {"one", "version"} & set(self.m.norms)
        return bool(
            self.hints.focus
            and self.hints.fields_or_question
            and one
            and (year or self.m.people or self.m.has("swap"))
            and not self.wants
        )

    def _compare(self) -> float:
        m = self.m
        several = len(m.films) >= 2 or (
            self.hints.listed and (m.has("which") or any(p.kind == "many" for p in self.points))
        )
        named = (
            {"named", "mentioned", "two", "those", "them", "these"} & set(m.norms)
            and m.has("which")
            and self.hints.focus
        )
        several = (
            several
            or bool(named)
            or (len(m.films) == 1 and self.hints.focus and any(p.kind in ("film", "other") for p in self.points))
        )
        latest = (
            m.has("which")
            and m.comparisons
            and self.hints.focus
            and not m.films
            and self.count <= _LONG
            and not self.wants
        )
        several = several or bool(latest)
        if self.hints.wish and m.orders and "first" in m.norms:
            return 0.0
        if not several or not (m.comparisons or m.orders or _versus(m)):
            return 0.0
        score = 3.0 + 1.5 * self.asks + 1.0 * bool(m.has("which")) + 1.0 * bool(_versus(m))
        score -= 2.5 * bool(self.wants) + 2.5 * bool(m.has("seen", "loved") and len(m.films) > 1)
        return score + 1.0 * bool(_than_film(m))

    def _credits(self) -> float:
        m = self.m
        person = bool(m.people) or (self.hints.people and any(p.kind == "person" for p in self.points))
        films = any(n in ("films", "film", "else", "other", "anything", "one") for n in m.norms)
        if m.has("most_of"):
            return 6.0
        if not person or (m.films and not films):
            return 0.0
        score = (
            2.0 * bool(m.has("count"))
            + 1.0 * bool(films)
            + 1.0 * self.asks
            + 1.0 * (not m.people)
            + 1.0 * ("else" in m.norms)
        )
        score += 1.5 * bool(any(t.value in facts.PEOPLE or t.value == "role" for t in self.fields))
        return score - 2.5 * bool(self.want.limits or self.want.order or self.want.moods)

    def _plot(self) -> float:
        m = self.m
        if not (_story(m) and (self.film or self.bare)):
            return 1.0 * bool(m.films and self.asks and not self.fields and not self.claim)
        return 3.0 + 1.0 * self.asks + 1.0 * bool(m.films) - 3.0 * bool(self.strong) - 2.0 * self._wishes

    def _identify(self) -> float:
        if self.m.films and self.m.films[0].score > 0.8 and self.count < _LONG:
            return 0.0
        told = self.count >= _LONG and not self.m.films
        score = (
            2.5 * bool(self.m.has("recall") and self.count >= 6 and not (self.want.named and self.m.genres))
            + 2.0 * told
        )
        return score - 1.5 * bool(self.want.limits and self.wants) - 1.0 * bool(self.hints.focus and self.strong)

    def _wish(self) -> float:
        m, want = self.m, self.want
        limits: float = (
            len(want.limits.said())
            + len(want.relative)
            + len(want.vague)
            + bool(want.moods)
            + bool(want.order and (m.genres or want.named or m.has("noun") or want.limits))
        )
        limits *= _NARRATIVE if self.narrative else 1.0
        score = (
            2.0 * bool(self.wants)
            + 1.2 * min(limits, 3)
            + 1.0 * bool(want.named and not self.strong and not self.narrative)
        )
        score += (
            2.0 * bool(self.like and (m.films or self.points))
            + 4.0 * bool(want.same)
            + 1.5 * bool(self.like and m.genres)
        )
        score += (
            2.5 * bool(self.hints.wish and m.has("more") and self.count <= 10)
            + 1.5 * bool(want.named and m.has("noun") and not self.asks)
            + 1.0 * bool(want.lifted or want.freed)
        )
        score += 1.5 * bool(self.hints.wish and (limits or want.lifted or want.freed or m.has("undo")))
        score += 1.5 * bool(m.has("loved", "seen", "hated") and m.films and self.wants)
        score += 3.0 * bool(self.hints.wish and "opposite" in m.norms) + 2.5 * bool(self.hints.wish and m.moods)
        if self.film and self.asks and (self.fields or self.claim) and not self.wants:
            score -= 2.5
        score += 1.5 * bool(
            want.relative and len(m.films) == 1 and not self.fields and {"but", "only", "except"} & set(m.norms)
        )
        score -= 3.0 * bool(
            m.films
            and not self.wants
            and not m.has("like", "loved", "more")
            and not want.named
            and len(want.limits.said()) == 1
            and m.amounts
        )
        return score

    def _told(self) -> float:
        m = self.m
        about = bool(m.films) or any(p.kind in ("film", "many", "ordinal") for p in self.points)
        if not about or not m.has("seen", "loved", "hated"):
            return 2.5 * bool(self.hints.wish and m.films and not self.fields and not self.asks and not self._wishes)
        return (
            3.0
            + 1.0 * bool(self.hints.wish)
            - 2.0 * bool(self.fields and self.asks)
            - 2.5 * bool(self.wants or self.want.limits)
        )

    def vector(self) -> list[float]:
        """The scores and flags as numbers of about one, in a fixed order."""
        m, want = self.m, self.want
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
        kinds = {p.kind for p in self.points}
        asked = {t.value for t in self.fields}
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
            bool(self.fields),
            bool(self.strong),
            bool(asked & {f.name for f in facts.FIELDS if f.kind == "off"}),
            self.wh,
            self.aux,
            self.asks,
            "?" in m.text,
            self.claim,
            self.bare,
            self.narrative,
            bool(self.film),
            _versus(m),
            _story(m),
            _quoted(m),
            bool(self.wants),
            any(m.denied),
            self.count <= 2,
            self.count <= 5,
            self.count > 15,
            self.hints.wish,
            self.hints.wished,
            self.hints.focus,
            self.hints.listed,
            self.hints.people,
            bool(self.hints.fields),
            self.hints.question,
            self.hints.wish and bool(want.limits),
            self.hints.wish and m.has("more"),
            self.hints.focus and bool(self.fields),
        ]
        scores = self.scores()
        return [scores[name] / 4 for name in INTENTS] + [float(f) for f in flags]

    def draft(self, intent: Intent, spoken: str) -> Draft:
        """The draft of `intent`."""
        return Draft(
            intent=intent,
            mentions=self.m,
            want=self.want,
            points=tuple(self.points),
            fields=_asked(self.m, self.fields, self.strong),
            language=spoken,
            name=unknown_name(self.m),
            asks=self.asks,
            claims=self.claim or self.aux or self.m.has("sure"),
        )


def _verb(m: Mentions, tag: Tag[Cue]) -> bool:
    """Whether "like" is a verb ("I like") or comes before a number ("like 90 minutes")."""
    before, after = m.norms[max(0, tag.first - 1) : tag.first], m.norms[tag.last : tag.last + 1]
    alone = m.norms[tag.first : tag.last] == ["like"]
    return alone and (before in (["i"], ["we"], ["you"], ["would"], ["do"]) or bool(after and after[0][:1].isdigit()))


def _idle(m: Mentions, p: Pointing) -> bool:
    """Whether a pointing word is idle: "is it possible", "that is it", "her" of "my son and her friends"."""
    return (
        p.kind == "film"
        and p.first + 1 < len(m.words)
        and m.norms[p.first] == "that"
        and m.norms[p.first + 1] == "film"
    )


def _start(m: Mentions) -> int:
    at = 0
    while at < len(m.words) and (m.words[at].mark or m.norms[at] in _OPENERS):
        at += 1
    return at


def _story(m: Mentions) -> bool:
    """Whether the story is asked for; "what about X" asks the last question again."""
    tags = [
        t
        for t in m.cues["story"]
        if not (m.norms[t.first] == "about" and m.norms[max(0, t.first - 1)] in ("what", "how"))
    ]
    return bool(tags)


def _versus(m: Mentions) -> bool:
    """Whether "or", "vs" or "and" stands between two films."""
    films = m.at(FILM)
    for a, b in pairwise(films):
        between = m.norms[a + 1 : b]
        if len(between) <= 4 and {"or", "vs", "versus", "against", "than"} & set(between):
            return True
    return False


def _than_film(m: Mentions) -> bool:
    return any(m.norms[max(0, at - 1)] == "than" for at in m.at(FILM))


def _asked(m: Mentions, fields: Sequence[Tag[str]], strong: Sequence[Tag[str]]) -> tuple[str, ...]:
    """The fields asked for; weak words count only beside no strong one, or next to one by "and" or a comma."""
    weak = [t for t in fields if t not in strong]
    chosen = [*strong, *(t for t in weak if not strong or _leads(m, t) or any(_listed_with(m, t, s) for s in strong))]
    names = [t.value for t in sorted(chosen, key=lambda t: t.first)]
    if "role" in names and not _plays_part(m):
        names = ["cast" if n == "role" else n for n in names]
    if "cinematographers" in names or "composers" in names:
        names = [n for n in names if n not in ("filming_places", "directors") or n == names[0]]
    return tuple(dict.fromkeys(names))


def _listed_with(m: Mentions, a: Tag[str], b: Tag[str]) -> bool:
    first, last = (a.last, b.first) if a.first < b.first else (b.last, a.first)
    return set(m.norms[first:last]) <= {
        "and",
        ",",
        "+",
        "or",
        "the",
        "&",
        "plus",
        "also",
        "its",
        "is",
        "what",
        "who",
        "when",
        "how",
        "it",
    }


def _leads(m: Mentions, tag: Tag[str]) -> bool:
    return tag.first > 0 and m.norms[tag.first - 1] in ("who", "how", "what", "which", "the", "when", "was")


def _plays_part(m: Mentions) -> bool:
    said = {
        "plays",
        "play",
        "played",
        "playing",
        "portrays",
        "portrayed",
        "voices",
        "voiced",
        "role",
        "character",
        "part",
        "characters",
    }
    return bool(said & set(m.norms)) or any(n in ("actress", "actor") for n in m.norms)


def _quoted(m: Mentions) -> bool:
    return bool(set(m.text) & set('"“”')) or "'" in m.text.replace("n't", "").replace("'s", "")
