"""What backs a title which the linker leaves open: that it was told before, its year, its people, its story."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from functools import lru_cache

from moviechat.chat.known import Known
from moviechat.chat.tokens import words
from moviechat.linking import FilmMention, PersonMention
from moviechat.reply import Hit
from moviechat.words import STOP

Backs = Callable[[FilmMention, Sequence[PersonMention]], bool]

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_BY = re.compile(r"\s(?:of|by|from|with)\s(\w{4,})")
_NEAR = 24  # characters between a title and its year
_STORY = 6  # minimum words of a message whose story a search can compare


def unbacked(film: FilmMention, people: Sequence[PersonMention]) -> bool:
    """Nothing backs any title."""
    return False


def backing(
    text: str, known: Known, search: Callable[[str, int], list[Hit]], *, focus: bool, told: Collection[str] = ()
) -> Backs:
    """Whether a message names a film's people or its year, or the search for all of it finds that film first.

    With `focus` a film is under discussion: "who is the kid in it" names no film called "The Kid". Films `told` of in
    the conversation need no more than a capital: "one thing about Run".
    """

    @lru_cache(1)
    def found() -> str:
        hits = search(text, 1) if len(words(text)) >= _STORY else []
        return hits[0].tconst if hits else ""

    def backs(film: FilmMention, people: Sequence[PersonMention]) -> bool:
        title = text[film.span[0] : film.span[1]]
        if film.how == "exact":
            if title[0].isupper() and any(t in told for t in film.films):
                return True
            if any(known.worked_on(t, person.name) for t in film.films for person in people):
                return True
            near = text[film.span[1] : film.span[1] + _NEAR]
            if (by := _BY.match(near)) and any(known.person_in(t, [by[1]]) for t in film.films):
                return True  # "The Traitor of Bellocchio"
            said = {int(year) for year in _YEAR.findall(near)}
            if any(known.movies[t].year in said for t in film.films):
                return True
        telling = sum(w.norm not in STOP for w in words(title)) > 1 or (film.span[0] > 0 and title[0].isupper())
        return (telling or not focus) and found() in film.films

    return backs
