"""The form of a question: its first words, what it compares, which fields it asks for."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from moviechat.chat.cues import Cue
from moviechat.chat.mentions import Mentions
from moviechat.chat.phrases import Tag
from moviechat.chat.pointing import Pointing
from moviechat.chat.tokens import FILM, PERSON

WH = frozenset("who whom whose what which when where why how".split())
AUX = frozenset("is was were are did does do has have had can could isnt wasnt will would".split())
OPENERS = frozenset(
    """and so ok okay well then now but hey hi hello please also um uh oh lol hmm right good ah btw by the way yes
        no sorry sry wait first quick q k kk cool cheers ta""".split()
)
_ASKED = frozenset("me us know tell remember wondering wonder recall see ask".split())  # "can you tell me who"
# Words that ask for a field in a question about a film, and mean something else beside one.
WEAK = frozenset(
    """long minutes mins hours music play popular liked score act won win free online rent cost camera end year
        release character lead leads location locations cast star role story voted votes rate rated ratings rating
        review reviews makes write writing acting voices actor actress starring stars part director directed direct
        written length made by direction prime english""".split()
)
_A_FILM = frozenset((FILM, "it", "this", "that", "film"))
_OWN = 7  # words after "i want" that say what


def is_verb(m: Mentions, tag: Tag[Cue]) -> bool:
    """Whether "like" is a verb ("I like") or stands before a number ("like 90 minutes")."""
    before, after = m.norms[max(0, tag.first - 1) : tag.first], m.norms[tag.last : tag.last + 1]
    alone = m.norms[tag.first : tag.last] == ["like"]
    asks = m.norms[:1] in (["what"], ["how"]) and FILM not in m.norms[tag.last :]  # "what is the weather like?"
    return alone and (
        asks or before in (["i"], ["we"], ["you"], ["would"], ["do"]) or bool(after and after[0][:1].isdigit())
    )


def takes_back(m: Mentions, want: Tag[Cue]) -> bool:
    """Whether somebody wants something of their own again, and no film: "give me my two hours back"."""
    after = m.norms[want.last : want.last + _OWN]
    return bool({"my", "our"} & set(after[:2])) and "back" in after


def is_idle(m: Mentions, p: Pointing) -> bool:
    """Whether a pronoun refers to no film: "is it possible", "that is it", "her" in "my son and her friends"."""
    return (
        p.kind == "film"
        and p.first + 1 < len(m.words)
        and m.norms[p.first] == "that"
        and m.norms[p.first + 1] == "film"
    )


def opening_end(m: Mentions) -> int:
    """The position of the first word after greetings and fillers."""
    at = 0
    while at < len(m.words) and (m.words[at].mark or m.norms[at] in OPENERS):
        at += 1
    return at


def is_open(m: Mentions) -> bool:
    """Whether a question asks who or what, and a yes or no answers nothing: "was it X or Y, who was that"."""
    starts = (i for i, norm in enumerate(m.norms) if norm in WH)
    return any(i == 0 or m.words[i - 1].mark or m.norms[i - 1] in OPENERS | _ASKED | {FILM, PERSON} for i in starts)


def asks_story(m: Mentions) -> bool:
    """Whether the story is asked for; "what about X" repeats the last question."""
    tags = [
        t
        for t in m.cues["story"]
        if not (m.norms[t.first] == "about" and m.norms[max(0, t.first - 1)] in ("what", "how"))
    ]
    return bool(tags)


def asks_about(m: Mentions) -> bool:
    """Whether a question asks what a film is about: "whats X about", not "what about X"."""
    ends = [i for i, n in enumerate(m.norms) if n == "about" and i and m.norms[i - 1] in _A_FILM]
    return any(n.startswith("what") for n in m.norms[: ends[-1]]) if ends else False


def versus(m: Mentions) -> bool:
    """Whether "or", "vs" or "and" is between two films."""
    films = m.at(FILM)
    for a, b in pairwise(films):
        between = m.norms[a + 1 : b]
        if len(between) <= 4 and {"or", "vs", "versus", "against", "than"} & set(between):
            return True
    return False


def than_film(m: Mentions) -> bool:
    """Whether a comparison is with a named film."""
    return any(m.norms[max(0, at - 1)] == "than" for at in m.at(FILM))


def asked_fields(m: Mentions, fields: Sequence[Tag[str]], strong: Sequence[Tag[str]]) -> tuple[str, ...]:
    """The fields asked for; weak words count only without a strong one, or joined to one by "and" or a comma."""
    weak = [t for t in fields if t not in strong]
    chosen = [*strong, *(t for t in weak if not strong or leads_in(m, t))]
    for tag in weak:  # in their order: each may join the one before it
        if tag not in chosen and any(listed_with(m, tag, other) for other in chosen):
            chosen.append(tag)
    names = [t.value for t in sorted(chosen, key=lambda t: t.first)]
    if "role" in names and not plays_part(m):
        names = ["cast" if n == "role" else n for n in names]
    if "cinematographers" in names or "composers" in names:
        names = [n for n in names if n not in ("filming_places", "directors") or n == names[0]]
    return tuple(dict.fromkeys(names))


def listed_with(m: Mentions, a: Tag[str], b: Tag[str]) -> bool:
    """Whether only "and", commas and the like are between two words that ask for fields."""
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
        "name",
    }


def leads_in(m: Mentions, tag: Tag[str]) -> bool:
    """Whether the word before asks: "how long", "the cast"."""
    return tag.first > 0 and m.norms[tag.first - 1] in ("who", "how", "what", "which", "the", "when", "was")


def plays_part(m: Mentions) -> bool:
    """Whether somebody's character in a film is asked for."""
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


def quotes(m: Mentions) -> bool:
    """Whether the message has a quotation."""
    return bool(set(m.text) & set('"“”')) or "'" in m.text.replace("n't", "").replace("'s", "")


def ends_in_who(m: Mentions) -> bool:
    """Whether a message ends by asking who, for what was talked about: "so who did?", "together with who"."""
    said = [w.norm for w in m.words if not w.mark][-2:]
    return said in (["who", "did"], ["with", "who"], ["with", "whom"])
