"""Hit, Source, Reply: what a search finds and the chat says. No stage that makes data or trains reads it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from moviechat.schema import Row

ReplyKind = Literal["fact", "plot", "recommend", "similar", "smalltalk", "unknown"]


@dataclass(frozen=True, slots=True)
class Hit(Row):
    """A film found by a search, best first; `score` orders hits of one search only."""

    tconst: str
    title: str
    year: int
    score: float


@dataclass(frozen=True, slots=True)
class MovieRef(Row):
    """A film as a reply names it."""

    tconst: str
    title: str
    year: int


@dataclass(frozen=True, slots=True)
class Source(Row):
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
