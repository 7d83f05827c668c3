"""A message -> what it does: small talk and plain questions by their words, all else by the classifier."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Protocol

from moviechat.chat.continuing import any_of_theirs, by_person, continued, continues, names_absent, names_one, theirs
from moviechat.chat.draft import Draft, Intent
from moviechat.chat.grounds import possible
from moviechat.chat.mentions import Mentions
from moviechat.chat.names import calls_film
from moviechat.chat.questions import asks_about, is_open
from moviechat.chat.signals import Hints, Signals
from moviechat.chat.tokens import FILM
from moviechat.chat.wanting import Wanting, mood_denied

Guess = Mapping[str, float]  # probabilities of the classifier's labels, such as "wish", "fact.year"
# The intents whose labels have a topic, a field or a stance.
FINER: tuple[Intent, ...] = ("smalltalk", "fact", "compare", "told", "said", "wish")
INTENTS: tuple[Intent, ...] = (
    "smalltalk",
    "fact",
    "compare",
    "credits",
    "plot",
    "identify",
    "wish",
    "told",
    "said",
    "unclear",
)
# Factor for a description where a story is told: as a wish it would lose the film that is meant. The second one is for
# stories of so many words and more.
_STORY, _TALE, _WORDS_OF_TALE = 2.0, 12.0, 21
_UNLIKELY = 0.1  # factor for an intent that has no ground in the message
_OTHER = 0.5  # factor for a fact that no catalogue has: the description of a film may tell it
_SOUGHT = 0.1  # share from which on a film is looked for by what somebody did in it
_SURE = 0.65  # share from which on the classifier's field counts more than the words that ask for another
_SURER = 0.9  # the same for what no catalogue has
_LIKELY = 0.45  # the same where no word asks for a field
_HALF = 0.5  # share from which on one field is what a wish depends on, and not several
_FELT, _MOODS = 0.25, 3  # minimum probability of a mood that no word names, and how many of them at most
_SHORT = 10  # maximum words of a message that is only thanks


class Understanding(Protocol):
    """Turns a message's mentions into a draft."""

    def draft(self, mentions: Mentions, want: Wanting, hints: Hints) -> Draft:
        """What the message does."""


class Classified:
    """`guess` is the classifier, on what a message shows; small talk and plain questions do without it.

    `moods` are the probabilities of the moods that a message asks for.
    """

    def __init__(self, guess: Callable[[Signals], Guess], moods: Callable[[Mentions], Guess]) -> None:
        self._guess, self._moods = guess, moods

    def draft(self, mentions: Mentions, want: Wanting, hints: Hints) -> Draft:
        """What the message does."""
        signals, spoken = Signals(mentions, want, hints), mentions.language
        if topic := _only_talk(mentions):
            return Draft("smalltalk", mentions, want, topic=topic, language=spoken)
        if signals.plain:
            return signals.draft("fact", spoken)
        if signals.changes or signals.starts_from or signals.sorts:
            return signals.draft("wish", spoken)
        if signals.compares:
            return signals.draft("compare", spoken)
        if signals.same_again or signals.adds_film:
            return replace(signals.draft("fact", spoken), fields=(), claims=False, again=True)
        if theirs(signals):
            return replace(signals.draft("identify", spoken), theirs=True)
        if any_of_theirs(signals):
            return signals.draft("credits", spoken)
        if mentions.described and mentions.has("recall") and not signals.fields:
            return signals.draft("fact", spoken)  # "what is the tailor one called"
        guess = self._guess(signals)
        shares = shares_of(guess)
        if continues(signals) or names_one(signals):
            shares = continued(shares, guess.get("fact.other", 0.0) * _OTHER, signals)
        if by_person(signals) and shares["identify"] + shares["credits"] > _SOUGHT:
            shares = shares | {"identify": 1.0}
        elif calls_film(mentions) or names_absent(signals):  # it is not to be found by its story
            shares = shares | {"fact": shares["fact"] + shares["identify"], "identify": 0.0}
        intent = max(INTENTS, key=lambda name: shares[name] * (1 if possible(name, signals) else _UNLIKELY))
        if intent == "wish" and signals.narrative:
            told = _TALE if signals.count >= _WORDS_OF_TALE else _STORY
            intent = "identify" if told * shares["identify"] > shares["wish"] else intent
        if intent in ("smalltalk", "said"):
            return replace(signals.draft(intent, spoken), topic=_likeliest(guess, intent)[0])
        draft = signals.draft(intent, spoken)
        match intent:
            case "wish" if signals.left:
                return replace(draft, want=_from_films(self._felt(signals), signals), unchecked=_unchecked(guess))
            case "told":
                return replace(draft, stance=_likeliest(guess, intent)[0])
            case "fact" | "compare":
                fields = _fields(draft.fields, signals, guess, intent)
                if not fields and intent == "fact" and (_asks_more(signals) or asks_about(mentions)):
                    return signals.draft("plot", spoken)  # "X, what is the yacht called", "what is X about"
                if fields in (("other",), ("trivia",)) and not draft.fields and signals.left:
                    return signals.draft("plot", spoken)  # no table has it; the description may tell it
                if fields == ("filming_places",) and not draft.fields:
                    return signals.draft("plot", spoken)  # where it is set, not where it was shot
                return replace(draft, fields=fields)
        return draft

    def _felt(self, s: Signals) -> Wanting:
        """The wish with the moods that its words do not name: "my pulse should hit 180".

        Words that tell of the person are then not looked for in films.
        """
        denied = {t.value for t in s.m.moods if mood_denied(s.m, t)}
        chances = sorted(self._moods(s.m).items(), key=lambda found: (-found[1], found[0]))
        felt = [name for name, chance in chances[:_MOODS] if chance > _FELT and name not in denied]
        moods = tuple(dict.fromkeys((*s.want.moods, *felt)))
        return replace(s.want, moods=moods, words=s.topic if felt else s.want.words)


def _from_films(want: Wanting, s: Signals) -> Wanting:
    """The wish without the words around the films that it starts from: only what follows "but" or "with" counts."""
    if not s.m.films or not want.words:
        return want
    after = [i for i, norm in enumerate(s.m.norms) if norm in ("but", "with", "about") and i > s.m.at(FILM)[0]]
    kept = {w.raw for w in s.m.words[after[0] :]} if after else set[str]()
    words = [w for w in want.words.split() if w in kept or w in s.topic.split()]
    return replace(want, words=" ".join(words))


def _asks_more(s: Signals) -> bool:
    """Whether a question asks for something that is no field: it has words of its own beside one sure title."""
    left = set(s.left) - {p.first for p in s.points}
    return names_one(s) and bool(left) and is_open(s.m) and not (s.claim or s.repeats)


def shares_of(guess: Guess) -> dict[Intent, float]:
    """The classifier's labels, summed by intent."""
    found: dict[Intent, float] = dict.fromkeys(INTENTS, 0.0)
    for label, share in guess.items():
        name = label.split(".")[0]
        found[name] += share * (_OTHER if label == "fact.other" else 1)  # type: ignore[index]
    return found


def _only_talk(m: Mentions) -> str:
    """The topic of a message that is only small talk, otherwise ""."""
    if not any(c.isalnum() for c in m.text):
        return "nothing"
    held = {i for t in m.smalltalk for i in range(t.first, t.last)}
    left = [i for i, w in enumerate(m.words) if i not in held and not w.mark]
    topics = [t.value for t in m.smalltalk]
    wanted = m.films or m.people or m.genres or m.amounts or m.fields or m.has("want", "more", "seen", "like")
    if left and not wanted and ({"identity", "help"} & set(topics) or _thanks(m)):
        return next((t for t in topics if t in ("identity", "help")), "thanks")
    if left or not held:
        return ""
    topic = next((t for t in topics if t != "assent"), "assent")
    return "" if topic == "assent" and is_open(m) else topic  # "who are they"


def _thanks(m: Mentions) -> bool:
    """Whether a short message begins with thanks or a goodbye."""
    return len(m.words) <= _SHORT and any(t.value in ("thanks", "goodbye") and t.first <= 1 for t in m.smalltalk)


def _fields(named: tuple[str, ...], s: Signals, guess: Guess, intent: Intent) -> tuple[str, ...]:
    """The fields asked for: those `named` by their words, unless the classifier is sure of another one."""
    field, share = _likeliest(guess, intent)
    least = _SURE if named and field != "other" else _SURER if named else _LIKELY
    refused = {t.value for t in s.m.fields if s.m.denied[t.first]}  # "the screenwriter, not the director"
    if s.repeats or s.other_one() or field in named or field in refused or share < least:
        return named
    return () if field == "overview" else (field,)


def _unchecked(guess: Guess) -> str:
    """What a wish depends on that no catalogue has, if it does more likely than not."""
    field, share = _likeliest(guess, "wish")
    unchecked = sum(p for name, p in guess.items() if name.startswith("wish."))
    if unchecked <= guess.get("wish", 0.0):
        return ""
    return str(field) if share > _HALF else "other"


def _likeliest(guess: Guess, intent: Intent) -> tuple[Any, float]:
    """The most likely topic, field or stance of an intent, and its share among all of them."""
    shares = {name.split(".")[1]: p for name, p in guess.items() if name.startswith(f"{intent}.")}
    likeliest = max(shares, key=lambda name: shares[name], default="")
    if not likeliest:
        return "", 0.0
    return likeliest, shares[likeliest] / (sum(shares.values()) or 1.0)
