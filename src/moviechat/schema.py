"""Movie, Outside, Passage, Fact, QAPair: the records that stages read and write. The chat's records are in reply.py."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, Self

PairKind = Literal["about", "setting", "themes", "ending", "particular", "fact"]

PEOPLE = ("directors", "writers", "cast", "producers", "composers", "cinematographers", "editors")  # of a Movie
NOT_SAID = "The description does not say."


@dataclass(frozen=True, slots=True)
class Row:
    """A frozen record that converts from and to a parquet or JSON row."""

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        """The record of `row`; lists become tuples, unknown keys are ignored."""
        names = {f.name for f in fields(cls)}
        return cls(**{k: tuple(v) if isinstance(v, list) else v for k, v in row.items() if k in names})

    def to_row(self) -> dict[str, Any]:
        """The record as a plain dict; tuples become lists."""
        return {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(self).items()}


@dataclass(frozen=True, slots=True)
class Movie(Row):
    """A film's row of the catalogue; all facts come from it.

    `runtime` is in minutes; `characters` is parallel to `cast` ("" where unknown). `people_ids` is parallel to the
    lists of PEOPLE end to end: the id of everyone whose name somebody else in the catalogue has, too, "" for all
    others; it is empty if the film has nobody like that. `same_as`, set where this is another entry of a film
    (imdb/doubles.py tells), is the id of the one that stands for it.
    """

    tconst: str
    title: str
    original_title: str
    year: int
    runtime: int | None
    genres: tuple[str, ...]
    rating: float | None
    votes: int
    directors: tuple[str, ...] = ()
    writers: tuple[str, ...] = ()
    cast: tuple[str, ...] = ()
    characters: tuple[str, ...] = ()
    producers: tuple[str, ...] = ()
    composers: tuple[str, ...] = ()
    cinematographers: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()
    alternative_titles: tuple[str, ...] = ()
    people_ids: tuple[str, ...] = ()
    same_as: str | None = None

    @property
    def film(self) -> str:
        """What entries of one film have in common: the id of the one that stands for it."""
        return self.same_as or self.tconst

    @property
    def label(self) -> str:
        """Title and year, as the chat names a film."""
        return f"{self.title} ({self.year})"

    @property
    def credits(self) -> Iterator[tuple[str, str, str]]:
        """Everyone credited, in the order of PEOPLE: field, name, id ("" where the name stands for the person)."""
        named = [(field, name) for field in PEOPLE for name in getattr(self, field)]
        ids = self.people_ids or ("",) * len(named)
        return ((field, name, id_) for (field, name), id_ in zip(named, ids, strict=True))

    def persons(self, *fields: str) -> tuple[str, ...]:
        """Who is in some fields of people, in order: each by id where several people have the name, else by name."""
        if not self.people_ids:
            return tuple(name for field in fields for name in getattr(self, field))
        return tuple(id_ or name for field in fields for of, name, id_ in self.credits if of == field)

    def has(self, person: str, *fields: str) -> bool:
        """Whether `person` is in some of the fields (of all, if none is given): an id means one person, a name anybody
        who has it.
        """
        for field in fields or PEOPLE:
            if person in getattr(self, field):
                return True
        return person in self.people_ids and person in self.persons(*(fields or PEOPLE))

    def embedded(self, text: str) -> str:
        """A text about the film as it is embedded: after year and genres, which queries mention too."""
        return f"{self.year} {' '.join(self.genres).lower()} film. {text}"


@dataclass(frozen=True, slots=True)
class Outside(Row):
    """A well-known film that is not in the catalogue; only its name is known."""

    title: str
    year: int
    votes: int


@dataclass(frozen=True, slots=True)
class Passage(Row):
    """A text about a film with its source; `passage` counts from 0 within the film."""

    tconst: str
    passage: int
    text: str
    section: str | None
    source: str
    url: str | None
    revision: str | None
    license: str | None


@dataclass(frozen=True, slots=True)
class Fact(Row):
    """One value of a field that IMDb's tables lack (facts.FIELDS), with its source."""

    tconst: str
    field: str
    value: str
    source: str
    url: str | None


@dataclass(frozen=True, slots=True)
class QAPair(Row):
    """A question, its answer, and the record (`input`) that the answer was checked against."""

    tconst: str
    kind: str
    question: str
    answer: str
    input: str
    source: str
    reasoning: str | None = None
