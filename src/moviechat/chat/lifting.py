"""What a message no longer wants: limits that are lifted, genres that are freed, values that are given up."""

from __future__ import annotations

from collections.abc import Sequence

from moviechat.chat.amounts import Amount
from moviechat.chat.cues import Cue
from moviechat.chat.genres import GenreSet
from moviechat.chat.mentions import Mentions
from moviechat.chat.phrases import Phrases, Tag, overlaps
from moviechat.chat.places import Place
from moviechat.chat.tokens import PERSON, norm_at

_FREE: Phrases[str] = Phrases(
    {
        "countries": "any country|anywhere|country|countries",
        "runtime": "length|runtime|running time|long|short|duration|minutes|any length|how long|the time|hours|lengths",
        "year": "year|years|old|older|new|newer|recent|release|age|any year|decade|era",
        "rating": "rating|ratings|score|scores|stars|rated|any rating|imdb|grade|good|bar",
        "votes": "votes|popularity|popular|famous|known|obscure|voters|how many people",
        "genres": "genre|genres|any genre|kind|type",
        "people": "actor|actors|actress|director|him|her|them|he|she|person|any actor|cast|who|anyone|anybody",
        "languages": "language|languages|subtitles|english",
        "age_rating": "age rating|certificate",
    }
)
LIFTED = {
    "runtime": ("runtime_min", "runtime_max"),
    "year": ("year_min", "year_max"),
    "rating": ("rating_min", "rating_max"),
    "votes": ("votes_min", "votes_max"),
    "people": ("people",),
    "genres": ("genres_all", "genres_any", "genres_not"),
    "countries": ("countries_any", "countries_not"),
    "languages": ("languages_any", "languages_not"),
    "age_rating": ("age_rating_max",),
}
_REMOVES = frozenset("drop scrap ditch lose remove take get leave skip".split())  # first words of what removes
_REACH = 5  # words between "forget" and what is forgotten


def freed(m: Mentions) -> tuple[tuple[str, ...], list[Tag[GenreSet]]]:
    """The limits that no longer matter, and the genres' words that say so."""
    lifted: list[str] = []
    held: list[Tag[GenreSet]] = []
    for cue in drops(m):
        around = clause(m, cue.first, cue.last)
        loosened = [t for t in m.comparisons if t.first in around]
        lifted += [f"{t.value.field}_{'max' if t.value.up else 'min'}" for t in loosened]
        fields = [t for t in _FREE.tags(m.words) if t.first in around and not overlaps(t, loosened)]
        lifted += [name for t in fields for name in LIFTED[t.value]]
        held += [t for t in m.genres if t.first in around and t not in held]
        if any(at in around for at in m.at(PERSON)):
            lifted.append("people")
    if held:
        lifted = [name for name in lifted if not name.startswith("genres")]
    return tuple(dict.fromkeys(lifted)), held


def removed(m: Mentions, held: Sequence[Tag[GenreSet]]) -> tuple[str, ...]:
    """The genres among `held` that are to go: "drop anything tagged action", but not "action is fine"."""
    cues = [cue for cue in drops(m) if m.norms[cue.first] in _REMOVES]
    reach = {i for cue in cues for i in clause(m, cue.first, cue.last)}
    return tuple(dict.fromkeys(name for t in held if t.first in reach for name in t.value.names))


def given_up(m: Mentions) -> list[Amount | Tag[Place]]:
    """The values that no longer matter: "forget the 2h thing", "scrap the uk"."""
    said: list[Amount | Tag[Place]] = [*m.amounts, *m.places]
    ends = [t.last for t in drops(m)]
    return [v for v in said if any(m.norms[end : v.first] in (["the"], ["that"], ["my"]) for end in ends)]


def drops(m: Mentions) -> list[Tag[Cue]]:
    """The words that say that something no longer matters; "ok for the family" says what a film is fit for."""
    return [cue for cue in m.cues["drop"] if norm_at(m.words, cue.last) != "for"]


def kind(value: Amount | Tag[Place]) -> str:
    """The limit that a value is of, as in LIFTED."""
    return value.field if isinstance(value, Amount) else "countries"


def clause(m: Mentions, first: int, last: int) -> range:
    """The positions of the clause around the words [first, last)."""
    begin, end = first, last
    while begin > 0 and not (m.stops[begin - 1] and m.words[begin - 1].norm != ",") and first - begin < _REACH + 2:
        if m.words[begin - 1].norm == ",":
            break
        begin -= 1
    while end < len(m.words) and not m.stops[end] and end - last < _REACH:
        end += 1
    return range(begin, end)
