"""Hit, Source, Reply: results of a search and of the chat. No stage that makes data or trains imports it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from moviechat.schema import Row

ReplyKind = Literal["fact", "plot", "recommend", "similar", "smalltalk", "unknown"]


@dataclass(frozen=True, slots=True)
class Hit(Row):
    """A film found by a search; `score` is comparable only within that search."""

    tconst: str
    title: str
    year: int
    score: float


@dataclass(frozen=True, slots=True)
class MovieRef(Row):
    """A film in a reply; `reason` says why it is recommended, if it is."""

    tconst: str
    title: str
    year: int
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Source(Row):
    """The source of a reply: a field of the table, or a passage ("description")."""

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
    """One complete answer of the chat, with its films and sources.

    `grounded` is None where nothing is claimed; `suggestions` are possible next messages.
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
        """The reply as the JSON object of the contract."""
        plain = asdict(self)
        plain["understood"] = {n: list(v) if isinstance(v, tuple) else v for n, v in plain["understood"].items()}
        for name in ("movies", "sources", "suggestions"):
            plain[name] = list(plain[name])
        plain["seconds"] = round(self.seconds, 3)
        return plain
