"""Movie, Passage, QAPair, Hit, Reply: the words everything else is said in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, Self

PairKind = Literal["about", "setting", "themes", "ending", "particular", "fact"]
ReplyKind = Literal["fact", "plot", "recommend", "similar", "smalltalk", "unknown"]

NOT_SAID = "The description does not say."


@dataclass(frozen=True, slots=True)
class _Row:
    """A frozen record that a parquet or JSON row turns into, and back."""

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        """Take the named fields of `row`; lists become tuples, unknown keys are left."""
        names = {f.name for f in fields(cls)}
        return cls(**{k: tuple(v) if isinstance(v, list) else v for k, v in row.items() if k in names})

    def to_row(self) -> dict[str, Any]:
        """The record as a plain dict; tuples become lists."""
        return {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(self).items()}


@dataclass(frozen=True, slots=True)
class Movie(_Row):
    """One film's row of the catalogue: the authority for every fact.

    `runtime` is in minutes; `characters` runs parallel to `cast` ("" where unknown).
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

    @property
    def label(self) -> str:
        """Title and year, as the chat names a film."""
        return f"{self.title} ({self.year})"

    def embedded(self, text: str) -> str:
        """A text about the film as it is embedded: after year and genres, which people who look for a film tell too."""
        return f"{self.year} {' '.join(self.genres).lower()} film. {text}"


@dataclass(frozen=True, slots=True)
class Passage(_Row):
    """A text about a film, with where it comes from; `passage` counts from 0 within the film."""

    tconst: str
    passage: int
    text: str
    section: str | None
    source: str
    url: str | None
    revision: str | None
    license: str | None


@dataclass(frozen=True, slots=True)
class QAPair(_Row):
    """A question, its answer, and the record (`input`) that the answer was checked against."""

    tconst: str
    kind: str
    question: str
    answer: str
    input: str
    source: str
    reasoning: str | None = None


@dataclass(frozen=True, slots=True)
class Hit(_Row):
    """A film found by a search, best first; `score` orders hits of one search only."""

    tconst: str
    title: str
    year: int
    score: float


@dataclass(frozen=True, slots=True)
class MovieRef(_Row):
    """A film as a reply names it."""

    tconst: str
    title: str
    year: int


@dataclass(frozen=True, slots=True)
class Source(_Row):
    """What a reply rests on: a field of the table, or a passage ("description")."""

    tconst: str
    field: str
    text: str
    url: str | None = None
    license: str | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer of the chat, complete: what is said, of which films, resting on what."""

    answer: str
    kind: ReplyKind
    grounded: bool
    movies: tuple[MovieRef, ...]
    sources: tuple[Source, ...]
    model: str
    seconds: float

    def to_json(self) -> dict[str, Any]:
        """The reply as the contract's JSON object."""
        plain = asdict(self)
        plain["movies"] = list(plain["movies"])
        plain["sources"] = list(plain["sources"])
        plain["seconds"] = round(self.seconds, 3)
        return plain
