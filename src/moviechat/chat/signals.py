"""What a message and the conversation before it show: the flags that the classifier reads, and the draft."""

from __future__ import annotations

from dataclasses import dataclass

from moviechat.chat.cues import Cue
from moviechat.chat.draft import Draft, Intent
from moviechat.chat.fields import BY_NAME, FIELDS, NUMBERS, PEOPLE
from moviechat.chat.mentions import Mentions
from moviechat.chat.names import left_over, unknown_name
from moviechat.chat.phrases import Sized, Tag, overlaps
from moviechat.chat.pointing import pointings
from moviechat.chat.questions import (
    AUX,
    WEAK,
    WH,
    asked_fields,
    asks_story,
    ends_in_who,
    is_idle,
    is_open,
    is_verb,
    leads_in,
    opening_end,
    quotes,
    takes_back,
    than_film,
    versus,
)
from moviechat.chat.tokens import FILM, norm_at
from moviechat.chat.wanting import Wanting

_TELLING = 2  # content words beside a title from which on its story is asked for
_FRAGMENT, _STORY = 5, 15  # words of a message at most, and at least
_LONG = 9  # minimum words of a message that may describe a film's story


@dataclass(frozen=True, slots=True)
class Hints:
    """The situation of the conversation: enough to read a fragment, not to resolve it.

    `wish`: there is a wish; `wished`: it was answered last; `fields` were asked last, or (`question`) a plot.
    `about`: a question about one film was answered last; `told`: the message has words that the film's record has.
    """

    wish: bool = False
    focus: bool = False
    listed: bool = False
    people: bool = False
    fields: tuple[str, ...] = ()
    question: bool = False
    wished: bool = False
    about: bool = False
    told: bool = False

    @property
    def fields_or_question(self) -> bool:
        """Whether a field or a plot was asked about last."""
        return bool(self.fields) or self.question


_CUES: tuple[Cue, ...] = (
    "want", "more", "seen", "loved", "hated", "drop", "only", "undo", "reset", "again", "swap", "count", "sure",
    "story", "recall", "which", "also", "most_of", "same", "correct",
)  # fmt: skip
_KINDS = ("film", "person", "many", "ordinal", "other")
# Cues of something else than a question for a fact.
_ELSE: tuple[Cue, ...] = (
    "want", "like", "more", "seen", "loved", "hated", "drop", "undo", "reset", "swap", "count", "story", "same"
)  # fmt: skip
_TALKED = frozenset("named mentioned two those them these".split())
_BESIDE = frozenset("compared versus vs".split())
_THEY = frozenset("he she they".split())
_LEADING = frozenset("the a its their his her me us to know of quick full".split())
_SETTING = frozenset(("year", "filming_places"))
_SHOT = frozenset("shot filmed shoot film filming location locations".split())
_SOMEBODY = frozenset((*PEOPLE, "countries"))
_OFF = frozenset(f.name for f in FIELDS if f.kind == "off")


class Signals:
    """What a message shows, of itself and beside the conversation."""

    def __init__(self, m: Mentions, want: Wanting, hints: Hints) -> None:
        self.m, self.want, self.hints = m, want, hints
        self.points = [p for p in pointings(m) if not is_idle(m, p)]
        self.start = opening_end(m)
        first = m.norms[self.start] if self.start < len(m.words) else ""
        self.wh = first in WH or any(n in ("who", "whos", "how", "when", "whom", "whose") for n in m.norms[:12])
        self.aux = first in AUX
        self.asks = self.wh or self.aux or "?" in m.text or m.has("sure") or is_open(m)
        self.fields = self._fields()
        self.wants = [t for t in m.cues["want"] if not (m.denied[t.first] or self._to_know(t) or takes_back(m, t))]
        self.strong = [t for t in self.fields if m.norms[t.first] not in WEAK or t.last - t.first > 1]
        self.film = bool(m.films) or (
            hints.focus and any(p.kind in ("film", "many", "ordinal", "other") for p in self.points)
        )
        self.claim = bool(
            self.aux
            or m.has("sure")
            or ("?" in m.text and m.people and not m.genres and not m.films)
            or ("?" in m.text and m.films and m.amounts and not m.has("want", "loved", "more"))
        ) and bool(m.people or m.genres or m.amounts or self._in_film())
        self.bare = hints.focus and len(m.words) <= 7 and not m.films and not m.people
        self.count = m.size
        self.left = left_over(m)
        self.rest = len(self.left) if m.films else 0  # content words beside a title
        self.like = [t for t in m.cues["like"] if not is_verb(m, t)]

    @property
    def narrative(self) -> bool:
        """Whether the message tells a story at length and asks for no film."""
        return self.count > _LONG and not self.m.films and not self.wants and not self.hints.wish

    def _fields(self) -> list[Tag[str]]:
        """The words that ask for fields, without those that only name the subject of a limit or an order."""
        m = self.m
        taken: list[Sized] = [*m.amounts, *m.orders, *m.comparisons]
        found = [
            t for t in m.fields if not overlaps(t, taken) and not self._beside_amount(t) and not self._only_named(t)
        ]
        spoken = [Tag("languages", t.first, t.last) for t in m.places if t.value.languages and self._is_spoken(t)]
        return sorted([*found, *(t for t in spoken if not overlaps(t, found))], key=lambda t: t.first)

    def _is_spoken(self, place: Sized) -> bool:
        """Whether a question is for a language: "is it in icelandic", "do they speak french"."""
        m = self.m
        film = bool(m.films) or any(p.kind in ("film", "many") for p in self.points)
        said = m.norms[max(0, place.first - 1)] in ("in", "speak", "speaking")
        return said and film and bool(AUX & set(m.norms)) and not m.has("want", "noun")

    def _in_film(self) -> bool:
        """Whether somebody under discussion is said to be in a named film: "is she in Last Night in Soho"."""
        before = {n for at in self.m.at(FILM) for n in self.m.norms[max(0, at - 2) : at]}
        return self.hints.people and "in" in before and any(p.kind == "person" for p in self.points)

    def _to_know(self, want: Sized) -> bool:
        """Whether what is wanted is a fact or a story, not a film: "i need the running time", "gimme the premise"."""
        after = want.last
        while norm_at(self.m.words, after) in _LEADING:
            after += 1
        asked: list[Sized] = [*self.fields, *self.m.cues["story"]]
        return any(t.first == after for t in asked)

    def _only_named(self, tag: Tag[str]) -> bool:
        """Whether a field is named but not asked for: "the same director", "without the music", "a writer"."""
        before = self.m.norms[max(0, tag.first - 1)]
        somebody = before in ("a", "an") and tag.value in _SOMEBODY  # "there is a country singer in it"
        called = self.m.norms[tag.first : tag.last] == ["called", "in"]
        abroad = any(p.first == tag.last for p in self.m.places)  # "what is it called in german"
        return self.m.denied[tag.first] or before == "same" or somebody or self._age(tag) or (called and not abroad)

    def _age(self, tag: Tag[str]) -> bool:
        """Whether "how old is" asks for the age of somebody in the story."""
        norms = self.m.norms
        after = norms[tag.last : tag.last + 1]
        named = not after or after[0] in (FILM, "it", "this", "that", "film") or self.m.words[tag.last].mark
        film = after == ["the"] and norms[tag.last + 1 : tag.last + 2] in (["film"], [FILM], ["first"], ["second"])
        return norms[tag.first : tag.last] == ["how", "old", "is"] and not named and not film

    def _beside_amount(self, tag: Tag[str]) -> bool:
        name = {"rating": "rating", "runtime": "runtime", "votes": "votes", "year": "year"}.get(tag.value)
        return any(
            a.field == name and (tag.last <= a.first <= tag.last + 4 or a.last <= tag.first <= a.last + 3)
            for a in self.m.amounts
        )

    def flags(self) -> list[float]:
        """What the classifier reads besides the embedding, each 0 or 1, in a fixed order."""
        m, want, hints = self.m, self.want, self.hints
        kinds = {p.kind for p in self.points}
        asked = {t.value for t in self.fields}
        found = [*(m.has(cue) for cue in _CUES), bool(self.like), *(kind in kinds for kind in _KINDS)]
        found += [bool(m.films), len(m.films) > 1, bool(m.people), bool(m.genres), bool(m.amounts), bool(m.places)]
        found += [bool(m.moods), bool(m.orders), bool(m.comparisons), bool(m.numbers), any(m.denied)]
        found += [bool(want.vague), bool(want.limits), len(want.limits.said()) > 1, bool(want.relative)]
        found += [bool(want.lifted or want.freed), bool(want.same), want.count is not None]
        found += [bool(self.fields), bool(self.strong), bool(asked & _OFF), bool(asked & set(PEOPLE))]
        found += [self.wh, self.aux, self.asks, "?" in m.text, self.claim, self.bare, self.narrative, self.film]
        found += [versus(m), than_film(m), asks_story(m), quotes(m), bool(self.wants)]
        found += [self.several, self.happens, self.other_one(), self.rest > 0, self.rest >= _TELLING]
        found += [self.count <= 2, self.count <= _FRAGMENT, self.count > _STORY]
        found += [hints.wish, hints.wished, hints.focus, hints.listed, hints.people, bool(hints.fields), hints.question]
        found += [hints.wish and bool(want.limits), hints.wish and m.has("more"), hints.focus and bool(self.fields)]
        return [float(flag) for flag in found]

    @property
    def plain(self) -> bool:
        """Whether this is a plain question for facts: about one film, and each of its words is known to ask for one."""
        m = self.m
        if not self.fields or not self.asks or self.left or m.has(*_ELSE) or len(m.films) > 1:
            return False
        other = m.genres or m.amounts or m.moods or m.comparisons or m.orders or m.people or m.places or m.numbers
        pointed = any(point.kind == "film" for point in self.points)
        return not other and (bool(m.films) or pointed or (self.hints.focus and self.count <= _FRAGMENT))

    @property
    def changes(self) -> bool:
        """Whether this only changes the wish on the table: each of its words sets, frees or undoes something."""
        m, want = self.m, self.want
        asks = self.fields or self.wh or self.aux or is_open(m)
        if not self.hints.wish or m.films or asks or self.left:
            return False
        kept = bool(want.limits or want.relative or want.lifted or want.freed or want.named)
        return (kept and self.hints.wished) or m.has("undo", "reset")

    @property
    def repeats(self) -> bool:
        """Whether a fragment only names or points at films, to ask the last question of them: "and 1917?", or asks it
        again: "so who did", "together with who".
        """
        m = self.m
        if ends_in_who(m) and self.count < _FRAGMENT:
            return True
        left = set(self.left) - {p.first for p in self.points}
        what_about = any(t.last - t.first > 1 for t in m.cues["again"])
        asks = left or self.fields or (self.wh and not what_about) or self.aux or m.has("same", "sure")
        amounts = [a for a in m.amounts if a.field != "year" or not m.films]  # "and Vikram 2022?"
        names = m.people or m.places or m.genres or amounts or any(p.kind == "person" for p in self.points)
        return self.count <= _FRAGMENT and not asks and not names

    @property
    def adds_film(self) -> bool:
        """Whether the last question is asked of one more film, which is described: "and Relic, the dementia one"."""
        m = self.m
        leads = m.norms[self.start - 1 : self.start + 1]
        adds = "and" in leads[:1] or (m.films and any(t.last == m.at(FILM)[0] for t in m.cues["again"]))
        asks = bool(self.fields or self.wants or self.like) or self.wh or bool(AUX & set(m.norms))
        asks = asks or bool(m.comparisons) or m.has("seen", "loved", "hated", "more")
        return bool(adds) and len(m.films) == 1 and self.hints.fields_or_question and not asks

    @property
    def topic(self) -> str:
        """The open words that tell of the films that are wanted: "a heist film", "films with robots", "about grief"."""
        m, left = self.m, set(self.left)
        if m.has("story"):
            return self.want.words
        nouns = {t.first for t in m.cues["noun"]} | {i for t in m.genres for i in range(t.first, t.last)}
        kept: list[str] = []
        for i in self.left:
            end = next(j for j in range(i, len(m.words) + 1) if j not in left)
            start = next(j for j in range(i, -2, -1) if j not in left)
            inside = start > 0 and m.norms[start] in ("with", "of", "on", "where") and start - 1 in nouns
            if (end in nouns or inside) and not m.denied[i]:
                kept.append(m.words[i].raw)
        return " ".join(dict.fromkeys(kept))

    @property
    def compares(self) -> bool:
        """Whether a number of a film is asked for beside that of another: "how long is it compared to X"."""
        numbers = any(t.value in NUMBERS for t in self.fields)
        norms = self.m.norms
        by = self.hints.listed and any(norms[i : i + 2] == ["by", "how"] for i in range(len(norms)))
        return (bool(_BESIDE & set(self.m.norms)) and numbers and self.several) or by

    @property
    def starts_from(self) -> bool:
        """Whether films like a named one are wanted, with more or less of something: "X but older"."""
        m = self.m
        but = len(m.films) == 1 and m.norms[m.at(FILM)[0] + 1 :][:1] == ["but"]
        return but and bool(m.comparisons or m.genres) and not (self.wh or self.aux or self.fields)

    @property
    def sorts(self) -> bool:
        """Whether the films of a wish are to be put in order: "longest of them first"."""
        m = self.m
        return bool(m.orders) and "first" in m.norms and not (m.films or self.wh or self.aux)

    @property
    def same_again(self) -> bool:
        """Whether the last question is asked of another film in so many words: "X, same question"."""
        norms = self.m.norms
        same = any(norms[i : i + 2] in (["same", "question"], ["same", "thing"]) for i in range(len(norms)))
        return same and bool(self.m.films) and self.hints.fields_or_question

    @property
    def story_time(self) -> bool:
        """Whether time or place of the story are asked for, not of the film: "what year is it set in"."""
        norms = set(self.m.norms)
        told = [t for t in self.m.cues["story"] if self.m.norms[t.first] not in ("about", "end", "ends", "message")]
        told_of = bool(told) or "set" in norms or (bool(norms & _THEY) and self.asks and bool(self.m.films))
        return told_of and not norms & _SHOT and {t.value for t in self.fields} <= _SETTING

    @property
    def _wishes(self) -> bool:
        return bool(self.wants) or bool(self.like)

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

    @property
    def several(self) -> bool:
        """Whether the message is about several films: named, listed before, or one named beside the one under talk."""
        m, hints = self.m, self.hints
        listed = hints.listed and (m.has("which") or any(p.kind == "many" for p in self.points))
        talked = hints.focus and m.has("which") and bool(_TALKED & set(m.norms) or m.comparisons)
        it = any(p.kind in ("film", "other") for p in self.points) or "compared" in m.norms
        beside = len(m.films) == 1 and hints.focus and it
        return len(m.films) > 1 or listed or talked or beside

    @property
    def happens(self) -> bool:
        """Whether the plot of a named film is asked for: the message says more of it than a field covers."""
        cued = self.m.has("loved", "hated", "more", "seen")
        told = cued and (self.hints.wish or bool(self.m.genres) or not self.asks)
        led = any(leads_in(self.m, t) for t in self.fields)  # "who is the director"
        plain = bool(self.strong or led) and not self.of_somebody()
        told = told or any(self.m.denied[i] for i in self.m.at(FILM))
        english = self.m.language == "en"  # not all words of other languages are known
        return (
            english
            and bool(self.m.films)
            and self.rest >= (1 if self.wh else _TELLING)
            and not self._wishes
            and not told
            and not plain
        )

    def of_somebody(self) -> bool:
        """Whether a field's words ask about a person of the story ("how long was he banned") or a prize in it."""
        m = self.m
        people = any(set(m.norms[t.last : t.last + 3]) & {"he", "she", "they", "his", "her"} for t in self.strong)
        beside = all(BY_NAME[t.value].kind in ("fact", "off") for t in self.strong)
        return people or (beside and self.rest > _TELLING)

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
