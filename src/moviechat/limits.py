"""The hard limits of a wish: one record for search, conversation and every face."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, Self, get_args

from moviechat.errors import DataError

Role = Literal["any", "director", "cast", "writer", "composer"]
AGE_RATINGS = ("G", "PG", "PG-13", "R", "NC-17")  # US ratings, mildest first
NUMBERS = ("year", "runtime", "rating", "votes")  # each has a `_min` and a `_max`, both inclusive


@dataclass(frozen=True, slots=True)
class Credit:
    """A person who must have worked on the film, in `role` or in any role.

    Of several people of that name the one with `id` is meant; without an id, any of them.
    """

    name: str
    role: Role = "any"
    id: str = ""

    @property
    def person(self) -> str:
        """The person as look-ups take one: by id if there is one, else by name."""
        return self.id or self.name

    def to_json(self) -> dict[str, str]:
        """The credit as JSON, without an empty id."""
        return {"name": self.name, "role": self.role} | ({"id": self.id} if self.id else {})


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits that must all hold; a film without a value does not meet a limit on it.

    A film must have all of `genres_all`, one of `genres_any` and none of `genres_not`; each of `people` and none of
    `people_not` worked on it. Years, minutes, ratings (0-10) and votes include both ends. Countries and languages
    are English names; `age_rating_max` is one of AGE_RATINGS.
    """

    genres_all: tuple[str, ...] = ()
    genres_any: tuple[str, ...] = ()
    genres_not: tuple[str, ...] = ()
    year_min: int | None = None
    year_max: int | None = None
    runtime_min: int | None = None
    runtime_max: int | None = None
    rating_min: float | None = None
    rating_max: float | None = None
    votes_min: int | None = None
    votes_max: int | None = None
    people: tuple[Credit, ...] = ()
    people_not: tuple[str, ...] = ()
    countries_any: tuple[str, ...] = ()
    countries_not: tuple[str, ...] = ()
    languages_any: tuple[str, ...] = ()
    languages_not: tuple[str, ...] = ()
    age_rating_max: str | None = None

    def __bool__(self) -> bool:
        return self != Limits()

    def said(self) -> tuple[str, ...]:
        """The names of the limits that are set, in order."""
        return tuple(f.name for f in fields(self) if getattr(self, f.name) not in (None, ()))

    def changed(self, **values: Any) -> Limits:
        """A copy with other values, by name."""
        return replace(self, **values)

    def without(self, *names: str) -> Limits:
        """A copy without the limits in `names`."""
        empty = Limits()
        return replace(self, **{name: getattr(empty, name) for name in names})

    def to_json(self) -> dict[str, Any]:
        """The limits that are set, as JSON."""
        plain = {n: list(v) if isinstance(v := getattr(self, n), tuple) else v for n in self.said()}
        return plain | ({"people": [credit.to_json() for credit in self.people]} if self.people else {})

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Self:
        """The limits of a JSON object; raises DataError, with the key, for an unknown name or an invalid value."""
        if not isinstance(said, Mapping):
            raise DataError(f"limits cannot be {said!r}: give a JSON object, such as {{'year_min': 2020}}")
        return cls(**{name: _value(name, value) for name, value in said.items()})


def _value(name: str, value: Any) -> Any:
    if name == "people" and isinstance(value, list):
        return tuple(_credit(v) for v in value)
    if name == "age_rating_max" and value in AGE_RATINGS:
        return value
    if name in _ENDS and _is_number(value) and (name in _FRACTIONS or value == int(value)):
        return float(value) if name in _FRACTIONS else int(value)
    if name in _NAMES and isinstance(value, list) and all(_is_name(v) for v in value):
        return tuple(value)
    known = ", ".join(f.name for f in fields(Limits))
    raise DataError(f"limit {name!r} cannot be {value!r}: the limits are {known}")


_LARGEST = 10**12  # largest number that is compared exactly with a float64 column
_ENDS = frozenset(f"{number}_{end}" for number in NUMBERS for end in ("min", "max"))
_FRACTIONS = frozenset(("rating_min", "rating_max"))  # the others are whole numbers
_NAMES = frozenset(
    "genres_all genres_any genres_not people_not countries_any countries_not languages_any languages_not".split()
)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and -_LARGEST <= value <= _LARGEST


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _credit(value: Any) -> Credit:
    known = isinstance(value, Mapping) and set(value) <= {"name", "role", "id"}
    named = known and _is_name(value.get("name")) and isinstance(value.get("id", ""), str)
    if named and value.get("role", "any") in get_args(Role):
        return Credit(value["name"], value.get("role", "any"), value.get("id", ""))
    raise DataError(
        f'limit "people" cannot hold {value!r}: give {{"name", "role": {" | ".join(get_args(Role))}, "id"}}'
    )
