"""What the words of a message, and what is on the table, speak for: scores by hand and flags for the classifier."""

from __future__ import annotations

from dataclasses import dataclass

from moviechat.chat.draft import Draft, Intent
from moviechat.chat.fields import BY_NAME, PEOPLE
from moviechat.chat.languages import language
from moviechat.chat.mentions import Mentions, pointings
from moviechat.chat.mentions import Pointing as Pointing
from moviechat.chat.names import left_over, unknown_name
from moviechat.chat.phrases import Sized, Tag, overlaps
from moviechat.chat.questions import (
    AUX,
    WEAK,
    WH,
    asked_fields,
    asks_story,
    is_idle,
    is_verb,
    leads_in,
    opening_end,
    quotes,
    than_film,
    versus,
)
from moviechat.chat.tokens import FILM
from moviechat.chat.wanting import Wanting

_TELLING = 2  # content words beside a title that ask for its story
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
        self.points = [p for p in pointings(m) if not is_idle(m, p)]
        self.start = opening_end(m)
        first = m.norms[self.start] if self.start < len(m.words) else ""
        self.wh = first in WH or any(n in ("who", "whos", "how", "when", "whom", "whose") for n in m.norms[:12])
        self.aux = first in AUX
        self.asks = self.wh or self.aux or "?" in m.text or m.has("sure")
        self.fields = self._fields()
        self.strong = [t for t in self.fields if m.norms[t.first] not in WEAK or t.last - t.first > 1]
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
        self.rest = len(left_over(m)) if m.films else 0  # content words beside a title
        self.like = [t for t in m.cues["like"] if not is_verb(m, t)]
        self.wants = [t for t in m.cues["want"] if not m.denied[t.first]]

    @property
    def narrative(self) -> bool:
        """Whether the message tells a story at length, and asks for no film."""
        return self.count > _LONG and not self.m.films and not self.wants and not self.hints.wish

    def _fields(self) -> list[Tag[str]]:
        """The words that ask for fields, apart from those that only name what a limit or an order is on."""
        m = self.m
        taken: list[Sized] = [*m.amounts, *m.orders, *m.comparisons]
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
            "compare": self.compare(),
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

    def _fact(self) -> float:
        m = self.m
        score = 1.5 * bool(self.fields) + 1.0 * bool(self.strong) + 1.0 * bool(self.fields and self.asks)
        if (
            not score
            and not self.claim
            and not ((m.films or m.people) and self.count <= 4)
            and not self._points_apart()
            and not self.other_one()
        ):
            return 0.0
        score -= 2.0 * self.narrative + 2.5 * self.happens
        score += 1.5 * bool(self.wh and self.strong and self.hints.focus and not self.want.limits)
        score += 2.0 * bool(m.films) + 1.5 * bool(self.film and not m.films)
        score += 1.5 * bool(self.claim and (self.film or self.bare)) + 1.5 * bool(self.claim and m.films and m.amounts)
        score += 1.0 * bool(self.bare and self.fields)
        score += 3.0 * bool(
            self.hints.fields
            and self.count <= 5
            and (m.films or self._points_apart())
            and not self._wishes
            and not self.fields
        )
        score += 3.0 * bool(self.other_one()) + 3.0 * bool(quotes(m) and self.fields)
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

    def other_one(self) -> bool:
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

    def compare(self) -> float:
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
        if not several or not (m.comparisons or m.orders or versus(m)):
            return 0.0
        score = 3.0 + 1.5 * self.asks + 1.0 * bool(m.has("which")) + 1.0 * bool(versus(m))
        score -= 1.5 * bool(self.wants) + 2.5 * bool(m.has("seen", "loved") and len(m.films) > 1)
        return score + 1.0 * bool(than_film(m))

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
        score += 1.5 * bool(any(t.value in PEOPLE or t.value == "role" for t in self.fields))
        return score - 2.5 * bool(self.want.limits or self.want.order or self.want.moods)

    @property
    def happens(self) -> bool:
        """Whether something is asked of what happens in a film that is named: more is said of it than a field holds."""
        cued = self.m.has("loved", "hated", "more", "seen")
        told = cued and (self.hints.wish or bool(self.m.genres) or not self.asks)
        led = any(leads_in(self.m, t) for t in self.fields)  # "who is the director"
        plain = bool(self.strong or led) and not self._of_somebody()
        told = told or any(self.m.denied[i] for i in self.m.at(FILM))
        english = language(self.m.norms) == "en"  # the words of another language are not all known
        return (
            english
            and bool(self.m.films)
            and self.rest >= (1 if self.wh else _TELLING)
            and not self._wishes
            and not told
            and not plain
        )

    def _of_somebody(self) -> bool:
        """Whether a field's words ask of a person of the story: "how long was he banned", or of a prize in it."""
        m = self.m
        people = any(set(m.norms[t.last : t.last + 3]) & {"he", "she", "they", "his", "her"} for t in self.strong)
        beside = all(BY_NAME[t.value].kind in ("fact", "off") for t in self.strong)
        return people or (beside and self.rest > _TELLING)

    def _plot(self) -> float:
        m = self.m
        happens = 3.0 * self.happens + 1.0 * (self.happens and self.asks)
        if not (asks_story(m) and (self.film or self.bare)):
            return happens or 1.0 * bool(m.films and self.asks and not self.fields and not self.claim)
        return max(happens, 3.0 + 1.0 * self.asks + 1.0 * bool(m.films) - 3.0 * bool(self.strong) - 2.0 * self._wishes)

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

    def draft(self, intent: Intent, spoken: str) -> Draft:
        """The draft of `intent`."""
        return Draft(
            intent=intent,
            mentions=self.m,
            want=self.want,
            points=tuple(self.points),
            fields=asked_fields(self.m, self.fields, self.strong),
            language=spoken,
            name=unknown_name(self.m),
            asks=self.asks,
            claims=self.claim or self.aux or self.m.has("sure"),
        )
