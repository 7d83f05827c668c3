"""Hit, Source, Reply: what a search finds and the chat says. No stage that makes data or trains reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
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
    """A film as a reply names it; `reason` is why it is suggested, where it is."""

    tconst: str
    title: str
    year: int
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Source(Row):
    """What a reply rests on: a field of the table, or a passage ("description")."""

    tconst: str
    field: str
    text: str
    url: str | None = None
    license: str | None = None


@dataclass(frozen=True, slots=True)
class Understood:
    """How a message was understood: `limits` as JSON, `like` the films (tconsts) that a wish starts from."""

    intent: str = ""
    limits: Mapping[str, Any] = field(default_factory=dict)
    like: tuple[str, ...] = ()
    not_checked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer of the chat, complete: what is said, of which films, resting on what.

    `grounded` is None where nothing is claimed; `suggestions` are messages that may come next.
    """

    answer: str
    kind: ReplyKind
    grounded: bool | None
    movies: tuple[MovieRef, ...]
    sources: tuple[Source, ...]
    model: str
    seconds: float
    understood: Understood = field(default_factory=Understood)
    suggestions: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The reply as the contract's JSON object."""
        plain = asdict(self)
        plain["understood"] = {n: list(v) if isinstance(v, tuple) else v for n, v in plain["understood"].items()}
        for name in ("movies", "sources", "suggestions"):
            plain[name] = list(plain[name])
        plain["seconds"] = round(self.seconds, 3)
        return plain
