"""The data of every film as columns: for exact limits, and for ranking."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from moviechat import arrays
from moviechat.arrays import Array, Strings
from moviechat.limits import AGE_RATINGS, NUMBERS, Credit, Limits
from moviechat.linking.spelling import key
from moviechat.schema import PEOPLE, Movie

Facts = Mapping[str, Mapping[str, Sequence[str]]]  # by tconst, then by field: the facts that IMDb's tables lack

_ROLES = {
    "any": PEOPLE,
    "director": ("directors",),
    "cast": ("cast",),
    "writer": ("writers",),
    "composer": ("composers",),
}
# Kinds of names, with the lists of films per name; the first list has all of its names.
_KINDS = {name: (name,) for name in ("genres", "countries", "languages")} | {"people": tuple(_ROLES)}
# TV Parental Guidelines, with the film ratings for the same ages.
_AS_STRICT = {"TV-Y": "G", "TV-G": "G", "TV-Y7": "PG", "TV-PG": "PG", "TV-14": "PG-13", "TV-MA": "R"}
_NEAR, _ALIKE = 3, 75  # maximum number of near names, and their minimum similarity (0-100)
_FEW = 30  # if none is near, all names are listed up to this number


class Names:
    """Names, found however they are spelled; a name's number is its position among the sorted keys."""

    def __init__(self, keys: Strings, names: Strings) -> None:
        self._keys, self._names = keys, names

    @classmethod
    def of(cls, names: Iterable[str]) -> tuple[Names, dict[str, int]]:
        """The names, and the number of each; of equal keys the first name is kept, one without a key gets none."""
        keyed = {name: key(name) for name in dict.fromkeys(names)}
        first: dict[str, str] = {}
        for name, folded in keyed.items():
            first.setdefault(folded, name)
        keys = sorted(k for k in first if k)
        places = {folded: i for i, folded in enumerate(keys)}
        found = cls(Strings.of(keys), Strings.of([first[k] for k in keys]))
        return found, {name: places[folded] for name, folded in keyed.items() if folded}

    @classmethod
    def load(cls, folder: Path) -> Names:
        """The names in `folder`, memory-mapped."""
        return cls(Strings.load(folder / "keys"), Strings.load(folder / "names"))

    def save(self, folder: Path) -> None:
        """Write into `folder`."""
        self._keys.save(folder / "keys")
        self._names.save(folder / "names")

    def __len__(self) -> int:
        return len(self._keys)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def number(self, name: str) -> int | None:
        """The number of `name`, or None if it is unknown."""
        wanted = key(name)
        at = bisect_left(range(len(self)), wanted, key=self._keys.__getitem__)
        return at if at < len(self) and wanted and self._keys[at] == wanted else None

    def near(self, name: str) -> tuple[str, ...]:
        """At most three names spelled like `name`, nearest first; if there is none, all names if they are few."""
        from rapidfuzz import fuzz, process

        found = process.extract(key(name), list(self._keys), scorer=fuzz.WRatio, limit=_NEAR, score_cutoff=_ALIKE)
        return tuple(self._names[at] for _, _, at in found) or tuple(self if len(self) <= _FEW else ())


class Columns:
    """The columns of a catalogue; rows are in the table's order."""

    def __init__(self, columns: dict[str, Array], names: dict[str, Names]) -> None:
        self._columns, self._names = columns, names
        self._on_record: dict[str, Array] = {}

    @classmethod
    def build(cls, movies: Sequence[Movie], facts: Facts | None = None) -> Columns:
        """The columns of `movies`, with the countries, languages and age ratings of `facts`."""
        known, names = facts or {}, dict[str, Names]()
        columns = {name: _numbers([getattr(m, name) for m in movies]) for name in NUMBERS}
        columns["age_rating"] = np.array([_strictness(known.get(m.tconst, {})) for m in movies], np.uint8)
        for kind, lists in _KINDS.items():
            told = {name: _told(name, movies, known) for name in lists}
            names[kind], numbers = Names.of(value for film in told[lists[0]] for value in film)
            for name, films in told.items():
                columns[f"{name}_starts"], columns[f"{name}_films"] = _films(films, numbers, len(names[kind]))
        return cls(columns, names)

    @classmethod
    def load(cls, folder: Path) -> Columns:
        """The columns in `folder`, memory-mapped."""
        lists = [f"{name}_{part}" for of in _KINDS.values() for name in of for part in ("starts", "films")]
        columns = {name: arrays.load(folder, name) for name in (*NUMBERS, "age_rating", *lists)}
        return cls(columns, {kind: Names.load(folder / kind) for kind in _KINDS})

    def save(self, folder: Path) -> None:
        """Write into `folder`; equal columns give equal bytes."""
        arrays.save(folder, **self._columns)
        for kind, names in self._names.items():
            names.save(folder / kind)

    def column(self, name: str) -> Array:
        """Year, runtime (minutes), rating or votes of every film, float64 [films]; NaN where unknown."""
        return self._columns[name]

    def names(self, kind: str) -> Names:
        """The catalogue's genres, countries, languages or people."""
        return self._names[kind]

    @cached_property
    def genres(self) -> Array:
        """Which film has which genre, bool [films, genres]; genres in the order of `names("genres")`."""
        found = [self._marked(self._list("genres", number)) for number in range(len(self._names["genres"]))]
        return np.stack(found, axis=1) if found else np.zeros((len(self), 0), np.bool_)

    def films(self, kind: str, name: str) -> Array:
        """The rows, ascending, of the films of a genre, country or language, or of a person by role (limits.Role).

        A person is given by name, or by id where several have the name: a name has the films of all of them.
        """
        number = self._names["people" if kind in _ROLES else kind].number(name)
        return np.zeros(0, np.int32) if number is None else self._list(kind, number)

    def on_record(self, kind: str) -> Array:
        """Which films have any genre, country or language ("any": person), a number or an age rating; bool [films]."""
        if kind not in self._on_record:
            self._on_record[kind] = self._known(kind)
        return self._on_record[kind]

    def keeps(self, limits: Limits) -> Array:
        """Which films meet all of `limits`, bool [films]."""
        kept = np.ones(len(self), np.bool_)
        for name in limits.said():
            kept &= self._keeping(name, getattr(limits, name))
        return kept

    def lacking(self, limits: Limits) -> dict[str, int]:
        """How many films meet all limits except those of one kind, where they have no value; by kind, without zeros."""
        kinds: dict[str, list[str]] = {}
        for limit in limits.said():
            kinds.setdefault(_kind(limit), []).append(limit)
        counts = {
            kind: int(np.count_nonzero(self.keeps(limits.without(*of)) & ~self.on_record(kind)))
            for kind, of in kinds.items()
        }
        return {kind: count for kind, count in counts.items() if count}

    def unknown(self, limits: Limits) -> dict[str, dict[str, tuple[str, ...]]]:
        """By limit: the values that no film has, each with names of similar spelling."""
        found: dict[str, dict[str, tuple[str, ...]]] = {}
        for limit in limits.said():
            if (names := self._names.get(limit.partition("_")[0])) is not None:
                values = [v.name if isinstance(v, Credit) else v for v in getattr(limits, limit)]
                strange = {v: names.near(v) for v in values if names.number(v) is None}
                found |= {limit: strange} if strange else {}
        return found

    def __len__(self) -> int:
        return len(self._columns["year"])

    def _keeping(self, limit: str, value: Any) -> Array:
        """Which films meet one limit; a film without a value does not."""
        if limit == "people":
            return self._every([self._credited(credit) for credit in value])
        kind, way = _kind(limit), limit.rpartition("_")[2]
        if kind in NUMBERS:
            return np.asarray(self._columns[kind] >= value if way == "min" else self._columns[kind] <= value)
        if kind == "age_rating":
            return self.on_record(kind) & (self._columns[kind] <= AGE_RATINGS.index(value) + 1)
        lists = [self.films(kind, name) for name in value]
        if way == "all":
            return self._every(lists)
        return self._marked(*lists) if way == "any" else self.on_record(kind) & ~self._marked(*lists)

    def _credited(self, credit: Credit) -> Array:
        """The films of a limit's person; an id that tells nobody apart here leaves the name."""
        known = credit.id and self._names["people"].number(credit.id) is not None
        return self.films(credit.role, credit.id if known else credit.name)

    def _known(self, kind: str) -> Array:
        if kind in NUMBERS:
            return ~np.isnan(self._columns[kind])
        if kind == "age_rating":
            return np.asarray(self._columns[kind] > 0)
        return self._marked(self._columns[f"{kind}_films"])

    def _every(self, lists: Sequence[Array]) -> Array:
        """The films that are in each of the lists."""
        return np.asarray(np.all([self._marked(rows) for rows in lists], axis=0))

    def _marked(self, *lists: Array) -> Array:
        """The films that are in any of the lists."""
        found = np.zeros(len(self), np.bool_)
        for rows in lists:
            found[rows] = True
        return found

    def _list(self, kind: str, number: int) -> Array:
        begin, end = self._columns[f"{kind}_starts"][number : number + 2].tolist()
        return self._columns[f"{kind}_films"][begin:end]


def _kind(limit: str) -> str:
    """What a limit is about: a number, "age_rating", or a list of films such as "genres" and "any" (people)."""
    return "any" if limit.startswith("people") else limit.rpartition("_")[0]


def _numbers(values: Sequence[float | None]) -> Array:
    return np.array([np.nan if v is None else v for v in values], np.float64)


def _strictness(facts: Mapping[str, Sequence[str]]) -> int:
    """1 for the mildest of AGE_RATINGS, and so on; 0 for none."""
    rating = next(iter(facts.get("age_rating", ())), "")
    rating = _AS_STRICT.get(rating, rating)
    return AGE_RATINGS.index(rating) + 1 if rating in AGE_RATINGS else 0


def _told(name: str, movies: Sequence[Movie], facts: Facts) -> list[Sequence[str]]:
    """The names of each film in the list `name`."""
    if name in _ROLES:
        return [[p for field, *of in m.credits if field in _ROLES[name] for p in of if p] for m in movies]
    return [m.genres if name == "genres" else facts.get(m.tconst, {}).get(name, ()) for m in movies]


def _films(told: Sequence[Sequence[str]], numbers: Mapping[str, int], names: int) -> tuple[Array, Array]:
    """The rows of each name's films end to end: the offsets (where each name's begin, then the end), and the rows."""
    size = max(len(told), 1)
    pairs = (numbers[v] * size + row for row, film in enumerate(told) for v in film if v in numbers)
    found = np.unique(np.fromiter(pairs, np.int64))
    return np.searchsorted(found, np.arange(names + 1) * size), (found % size).astype(np.int32)
