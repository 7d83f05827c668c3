"""Decide which of the linker's candidates are names."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Protocol

from moviechat.chat import genres
from moviechat.chat.amounts import AFTER, BEFORE, amounts
from moviechat.chat.backing import Backs, unbacked
from moviechat.chat.cues import COMPARISONS, CUES, ORDERS, SMALLTALK
from moviechat.chat.fields import asking
from moviechat.chat.languages import in_english, language
from moviechat.chat.phrases import Phrases, Sized
from moviechat.chat.places import PLACES
from moviechat.chat.tokens import Word, often, words
from moviechat.chat.vague import VAGUE
from moviechat.linking import FilmMention, PersonMention, apart
from moviechat.words import STOP

Candidate = FilmMention | PersonMention
NAMED = 0.8  # minimum score of a film that is named for sure
_THRESHOLD = 0.5  # minimum score of the linker by default
_LISTED, _NEEDED = 0.25, 0.05  # minimum where the message talks of films, and where a question must be about some film
_FULL, _ALONE, _LONG = 0.15, 0.35, 0.2  # minimum for a full name of a person, one of one word, a title of three or more
_SELDOM, _RARE = 0.12, 3.3  # minimum for a title of words that rarely occur together, and what is rare (Zipf)
_EVERYDAY = 5.2  # frequency of the words of everyday talk (Zipf)
_ZIPF_OF_ALL = 8.0  # subtracted for each further word: the frequency of a phrase is about the product of its words'
_LENIENT = 0.1  # a person needs a lower score than a film: few words are names by chance
_QUESTION = 16  # maximum words of a question that must be about some film
_SENTENCE = re.compile(r"(?<![.!?:;])[.!?:;\n]+\s+")
_DECIMAL = re.compile(r"\d{1,2}[.,]\d{1,2}")
_RANGE = re.compile(r"(?:19|20)\d\d ?(?:-|–|/|,|or|and|to)? ?$")  # "2021 or 22" contains no title
_JOINTS = frozenset(", ; / + and or y e et und o ou oder".split())  # between the names of a list
_BETWEEN = frozenset("or vs versus than as".split())  # between two films that are compared
_ENDS = _JOINTS | frozenset((".", "!", "?", ")", ""))
_QUOTES = ("'", '"', "“", "‘")
_POINTING = frozenset("it its that this he she his her him they them their those these both all one ones".split())
_LISTS = frozenset(("seen", "saw", "watched", "loved", "liked", "hated", "between", ",", ":", "and", "or", ""))
CALLED = frozenset("called named titled".split())
_LEADS = frozenset("directed wrote called film is was seen watched loved about in made of".split())


class Linking(Protocol):
    """Finds the films and people that a text names (moviechat.linking.Linker)."""

    def films(self, text: str) -> list[FilmMention]:
        """Candidates for titles."""

    def people(self, text: str) -> list[PersonMention]:
        """Candidates for names of people."""


@dataclass(frozen=True, slots=True)
class _Message:
    """How much a message needs a name: it talks of films, or asks about one that nothing else names."""

    text: str
    loud: bool
    tells: bool
    wants: bool
    asks: bool
    compares: bool
    needs: bool
    ends: tuple[tuple[int, str], ...]  # of the words, with the words
    starts: tuple[tuple[int, str], ...]

    @classmethod
    def of(cls, text: str, linked: Sequence[Candidate]) -> _Message:
        """Read the message once."""
        said = words(text)
        code = language(said)
        spoken = said if code == "en" else in_english(said, code)
        surer = any(isinstance(o, FilmMention) and o.score >= _THRESHOLD for o in linked)
        wants = bool(CUES["want"].tags(spoken))
        asks = bool(asking().tags(spoken)) and not surer and not wants
        return cls(
            text=text,
            loud=text.isupper(),
            tells=any(CUES[cue].tags(spoken) for cue in ("seen", "loved", "hated", "like")),
            wants=wants,
            asks=asks,
            compares=not wants and _compares(spoken),
            needs=asks and len(said) <= _QUESTION,
            ends=tuple((w.span[1], w.norm) for w in said),
            starts=tuple((w.span[0], w.norm) for w in said),
        )

    def before(self, begin: int) -> str:
        """The word before a position in the text."""
        at = bisect_right(self.ends, (begin, "\uffff"))
        return self.ends[at - 1][1] if at else ""

    def after(self, end: int) -> str:
        """The word after a position in the text."""
        at = bisect_left(self.starts, (end, ""))
        return self.starts[at][1] if at < len(self.starts) else ""


def believed(text: str, linker: Linking, *, focus: bool, backs: Backs = unbacked) -> list[Candidate]:
    """The names in a message, without overlaps, in order; with `focus`, a question need not name a film.

    `backs` tells whether the message says more of a film than its title.
    """
    linked = _linked(text, linker)
    message = _Message.of(text, linked)
    people = [n for n in linked if isinstance(n, PersonMention) and n.score >= _THRESHOLD]

    def least(n: Candidate) -> float:
        usual = _least(message, n, focus)
        if isinstance(n, PersonMention) or not n.films or not _NEEDED <= n.score < usual:
            return usual
        called = n.how == "exact" and message.before(n.span[0]) in CALLED
        return _NEEDED if called or (not message.wants and backs(n, people)) else usual

    sure = [n for n in linked if n.score >= least(n)]
    named = [n for n in apart([*sure, *_of_list(message, linked, sure)], 0.0) if not _beside_sure(message, n, sure)]
    films = [n for n in named if isinstance(n, FilmMention) and (n.films or n.outside) and not _closed(message, n)]
    if focus:
        films = [n for n in films if not (_says_end(text[slice(*n.span)]) or _is_talk(text, n))]
    return [n for n in named if isinstance(n, PersonMention) or n in films]


def _beside_sure(message: _Message, n: Candidate, sure: Sequence[Candidate]) -> bool:
    """Whether plain words spell a film from elsewhere, in a message that names one of the catalogue's for sure."""
    raw = message.text[slice(*n.span)]
    if isinstance(n, PersonMention) or n.films or raw != raw.lower():
        return False
    films = [o for o in sure if isinstance(o, FilmMention) and o.films and o.score >= NAMED]
    return bool(films) and message.before(n.span[0]) not in _JOINTS | _LEADS | {"than", "vs", "like"}


def _of_list(message: _Message, linked: Sequence[Candidate], sure: Sequence[Candidate]) -> list[Candidate]:
    """Exact titles that are items of a list of films beside a sure one: "seen: Midsommar, X, us"."""
    exact = [n for n in linked if isinstance(n, FilmMention) and n.films and n.how == "exact"]
    found = [n for n in sure if isinstance(n, FilmMention) and n.films]
    added: list[Candidate] = []
    while more := [n for n in exact if n not in found and any(_next_to(message, n, f) for f in found)]:
        found += more
        added += more
    return added


def _next_to(message: _Message, n: FilmMention, other: FilmMention) -> bool:
    """Whether only a comma or an "and" is between two titles, and the list or the clause ends after the new one."""
    first, last = sorted((n, other), key=lambda film: film.span)
    between = words(message.text[first.span[1] : last.span[0]])
    if first.span[1] > last.span[0] or not between or not {w.norm for w in between} <= _JOINTS:
        return False
    return message.after(n.span[1]) in _ENDS if n is last else message.before(n.span[0]) in _LISTS


def _linked(text: str, linker: Linking) -> list[Candidate]:
    """Candidates of the text and, if it has several sentences, of each sentence: a story can hide a question."""
    found: list[Candidate] = [*linker.films(text), *linker.people(text)]
    pieces = _sentences(text)
    for begin, end in pieces if len(pieces) > 1 else ():
        part = text[begin:end]
        found += [replace(m, span=(m.span[0] + begin, m.span[1] + begin)) for m in linker.films(part)]
        found += [replace(m, span=(m.span[0] + begin, m.span[1] + begin)) for m in linker.people(part)]
    return [m if isinstance(m, FilmMention) else replace(m, score=min(1.0, m.score + _LENIENT)) for m in found]


def _compares(said: Sequence[Word]) -> bool:
    """Whether films are compared: "is X longer than Y", "same director as Y"."""
    norms = {w.norm for w in said}
    return bool(_BETWEEN & norms) and ("same" in norms or bool(COMPARISONS.tags(said)))


def _sentences(text: str) -> list[tuple[int, int]]:
    ends = [m.end() for m in _SENTENCE.finditer(text)]
    starts = [0, *ends]
    return [(a, b) for a, b in zip(starts, [*ends, len(text)], strict=True) if text[a:b].strip()]


def _least(message: _Message, n: Candidate, focus: bool) -> float:
    """The minimum score of a name: lower for a title of words that rarely occur together, unless "a" precedes it."""
    least = _usual(message, n, focus)
    if not _SELDOM <= n.score < least:  # rarity decides nothing, and asking for it costs a cold start .3 s
        return least
    seldom = isinstance(n, FilmMention) and n.how == "exact" and message.before(n.span[0]) not in ("a", "an")
    return _SELDOM if seldom and _rare(message.text[n.span[0] : n.span[1]]) else least


def _usual(message: _Message, n: Candidate, focus: bool) -> float:
    """The minimum score for a name: lower if the message needs a film and has no surer name."""
    raw = message.text[n.span[0] : n.span[1]]
    if isinstance(n, PersonMention):
        return _THRESHOLD if n.how != "exact" else _FULL if " " in raw else _ALONE
    if not n.films or n.how == "partial":
        return _THRESHOLD
    inside = words(raw)
    asked = {i for t in asking().tags(inside) for i in range(t.first, t.last)}
    plain = (
        w.norm in STOP or w.norm in _POINTING or (w.norm.isdigit() and not _old_year(w.norm)) or i in asked
        for i, w in enumerate(inside)
    )
    if all(plain):
        return _THRESHOLD
    if message.compares and n.how == "exact":
        return _SELDOM
    if len(inside) > 2 and n.how in ("exact", "alternative"):
        return _LONG
    telling = len(inside) > 1 or ((raw[0].isupper() or raw.isdigit()) and n.span[0] > 0)
    if message.tells and telling:
        return _LISTED
    apart = telling if not focus else len(inside) > 2 or (raw[0].isupper() and n.span[0] > 0)
    if message.needs and (apart or not focus):
        return _NEEDED
    named = raw[0].isupper() and n.span[0] > 0 and not message.loud and n.how == "exact"
    return _LISTED if message.asks and named else _THRESHOLD


def _says_end(text: str) -> bool:
    """Whether plain words only ask for the story under discussion, as "how it ends" beside a film of that name."""
    said = words(text)
    told = {i for t in CUES["story"].tags(said) for i in range(t.first, t.last)}
    return text == text.lower() and bool(told) and all(i in told or w.norm in STOP for i, w in enumerate(said))


def _is_talk(text: str, mention: FilmMention) -> bool:
    """Whether words that everybody says all the time spell a film from elsewhere: "is she in anything else"."""
    raw = text[slice(*mention.span)]
    if mention.films or not mention.outside or raw != raw.lower():
        return False  # before the frequencies of words are asked for: loading them costs a cold start .3 s
    said = words(raw)
    return len(said) > 1 and all(often(w.norm) >= _EVERYDAY for w in said)


def _only_points(text: str) -> bool:
    """Whether words that are like a title only ask or point: "the older one" is no misspelt "The Elder One"."""
    said = [w.norm for w in words(text)]
    return all(w in closed_words() or w in STOP or w in _POINTING for w in said)


def _rare(title: str) -> bool:
    """Whether the words of a title rarely occur together, by the product of their frequencies."""
    zipf = [often(w.norm) for w in words(title) if w.norm not in ("the", "a", "an")]
    return bool(zipf) and sum(zipf) - _ZIPF_OF_ALL * (len(zipf) - 1) < _RARE


def _old_year(norm: str) -> bool:
    """Whether a number is a year before today's films ("1917"), in which a story may be set."""
    return len(norm) == 4 and norm < "2000"


def _closed(message: _Message, mention: FilmMention) -> bool:
    """Whether a title is made of words that ask for films ("romcom", "7+") and is not marked as a name."""
    (begin, end), text = mention.span, message.text
    if text[max(0, begin - 1) : begin] in _QUOTES or (begin > 0 and text[begin].isupper() and not message.loud):
        return False
    if _DECIMAL.fullmatch(text[begin:end]):
        return True  # "rating: 6.5" names no film called "65"
    if text[begin:end].isdigit():
        return "+" in text[end : end + 1] or bool(_RANGE.search(text[max(0, begin - 12) : begin]))
    if mention.how != "exact" and _only_points(text[begin:end]):
        return True
    said = [w for w in words(text[begin : min(len(text), end + 1)]) if not w.mark]
    if len(said) > 1 and all(len(w.norm) == 1 and w.norm.isalpha() for w in said):
        return True  # "e o que" is no film called "EO"
    bounds, numbers = amounts(said, [False] * len(said))
    if any(n.unit == "other" and n.last + 1 >= len(said) for n in numbers):
        return True  # "15 years"
    talk = {i for t in SMALLTALK.tags(said) for i in range(t.first, t.last)}
    first = begin == 0 and len(text) > end + 1 and message.after(end) in (",", ".", "!", text[:end].casefold())
    last = begin > 0 and message.after(end) in ("", "?", "!", ".") and not text[begin].isupper()
    if (first or last) and len(talk) >= len(said) and message.before(begin) not in _LEADS:
        return True  # "nope. how high are they"
    tags: list[Sized] = [
        *genres.tags(said), *VAGUE.tags(said), *ORDERS.tags(said), *COMPARISONS.tags(said), *bounds,
        *CUES["more"].tags(said),
    ]  # fmt: skip
    covered = {i for t in tags for i in range(t.first, t.last)}
    return bool(said) and len(covered) >= len(said) and message.before(begin) not in _LEADS


@cache
def closed_words() -> frozenset[str]:
    """The first words of closed phrases; a word similar to one of them is not a misspelt title."""
    tables: list[Phrases[Any]] = [
        VAGUE, ORDERS, COMPARISONS, SMALLTALK, asking(), genres.table(), PLACES, BEFORE, AFTER, *CUES.values()
    ]  # fmt: skip
    return frozenset().union(*(t.firsts for t in tables))
