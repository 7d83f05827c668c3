"""Films that IMDb lists under several ids. This is the only place that decides it; all else reads `Movie.same_as`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import polars as pl

from moviechat.words import NUMBER_WORDS, fold

Name = frozenset[str]  # the words of a person's name: their order and initials differ from entry to entry

_FIELDS = ("tconst", "title", "year", "runtime", "genres", "directors", "cast")
_ADDITION = re.compile(r"(?<=\S)\s*[(\[][^()\[\]]*[)\]]\s*$")  # "(4K UHD)", "[Telugu]"
_WORD = re.compile(r"[^\W_]+")
_ROMAN = {"ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9"}
_DIGITS = {word: str(number) for word, number in NUMBER_WORDS.items()} | _ROMAN
_NEAR = 2  # minutes between two records of one film
_CUT, _ROUGH = 4, 10  # a longer cut of a film has at most a quarter more; a tenth if little else is in common
_SELDOM = 3  # words of a title that two films of one year and length do not share by chance


@dataclass(frozen=True, slots=True)
class _People:
    """Names, and the words of them all."""

    names: tuple[Name, ...]
    words: Name

    def __len__(self) -> int:
        return len(self.names)

    def shared(self, others: _People) -> int:
        """How many are also there: "Beyoncé" is "Beyoncé Knowles-Carter", "Kim Dong-kyu" is "Dong-kyu Kim"."""
        if self.words.isdisjoint(others.words):
            return 0
        return sum(any(name <= other or other <= name for other in others.names) for name in self.names)


@dataclass(frozen=True, slots=True)
class _Entry:
    """What is compared of an entry."""

    tconst: str
    year: int
    runtime: int | None
    genres: frozenset[str]
    directors: _People
    cast: _People
    is_seldom: bool


def same_as(films: pl.DataFrame) -> dict[str, str]:
    """The id of each double -> the id that stands for the film: the one with most votes."""
    keys = {title: _key(title) for title in films["title"].unique().to_list()}
    keyed = films.with_columns(pl.col("title").replace_strict(keys, return_dtype=pl.String).alias("key"))
    alike = keyed.filter(pl.len().over("key") > 1).sort("key", -pl.col("votes"), "tconst")
    found: dict[str, str] = {}
    for _, rows in groupby(alike.select("key", *_FIELDS).iter_rows(), lambda row: row[0]):
        for first, *others in _films([_entry(*row[1:]) for row in rows]):
            found |= {other.tconst: first.tconst for other in others}
    return dict(sorted(found.items()))


def _films(entries: Sequence[_Entry]) -> Iterator[list[_Entry]]:
    """Entries of one title by film: each joins the first film of which an entry is the same and none is another."""
    films: list[list[_Entry]] = []
    for entry in entries:
        own = next((film for film in films if _is_of(entry, film)), None)
        if own is None:
            films.append([entry])
        else:
            own.append(entry)
    return iter(films)


def _is_of(entry: _Entry, film: Sequence[_Entry]) -> bool:
    is_same = False
    for other in film:
        told = _is_same(entry, other)
        if told is False:
            return False
        is_same = is_same or told is True
    return is_same


def _is_same(one: _Entry, other: _Entry) -> bool | None:
    """Whether two entries of one title are one film; None if nothing tells."""
    apart, minutes = abs(one.year - other.year), _difference(one, other)
    if apart > 1 or not _is_within(_CUT, one, other):
        return False
    is_near = minutes is not None and minutes <= _NEAR
    directed, played = one.directors.shared(other.directors), one.cast.shared(other.cast)
    if apart:
        return directed > 0 and is_near
    directors, casts = bool(one.directors and other.directors), bool(one.cast and other.cast)
    is_half = played > 0 and 2 * played >= min(len(one.cast), len(other.cast))
    if directed and (is_half or not casts or (minutes is not None and _is_within(_ROUGH, one, other))):
        return True
    if is_half and (not directors or (is_near and played > 1)):
        return True
    if directors or casts:  # people who differ, or whose names do
        return minutes == 0 and one.is_seldom
    return _is_same_unsigned(one, other, minutes)


def _is_same_unsigned(one: _Entry, other: _Entry, minutes: int | None) -> bool | None:
    """The same for entries of one year whose people cannot be compared."""
    if minutes is None:
        return None
    if not any((one.directors, one.cast, other.directors, other.cast)):
        return minutes == 0 or None
    is_alike = len(one.genres & other.genres) > 1 and _is_within(_ROUGH, one, other)
    return minutes <= _NEAR or is_alike or None


def _is_within(part: int, one: _Entry, other: _Entry) -> bool:
    """Whether the lengths differ by at most one `part` of the longer, or one of them is unknown."""
    minutes = _difference(one, other)
    return minutes is None or minutes * part <= max(one.runtime or 0, other.runtime or 0)


def _difference(one: _Entry, other: _Entry) -> int | None:
    return None if one.runtime is None or other.runtime is None else abs(one.runtime - other.runtime)


def _entry(
    tconst: str,
    title: str,
    year: int,
    runtime: int | None,
    genres: Sequence[str],
    directors: Sequence[str],
    cast: Sequence[str],
) -> _Entry:
    is_seldom = len(_words(title)) >= _SELDOM
    return _Entry(tconst, year, runtime, frozenset(genres), _people(directors), _people(cast), is_seldom)


def _people(names: Sequence[str]) -> _People:
    told = tuple(name for person in names if (name := frozenset(_WORD.findall(fold(person)))))
    return _People(told, frozenset().union(*told))


def _key(title: str) -> str:
    """What titles of one film have in common: "Frozen II", "FROZEN 2 (4K UHD)"."""
    return "".join(_words(title)) or title


def _words(title: str) -> list[str]:
    while (bare := _ADDITION.sub("", title)) != title:
        title = bare
    return [_DIGITS.get(word, word) for word in _WORD.findall(fold(title))]
