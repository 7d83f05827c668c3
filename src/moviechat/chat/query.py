"""What can be asked: one record a kind of question, each with only what it needs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from moviechat.chat.amounts import Amount
from moviechat.chat.wish import Like, Wish
from moviechat.limits import Limits
from moviechat.linking import Outside

Change = Literal["new", "changed", "corrected", "more", "undone"]


@dataclass(frozen=True, slots=True)
class Claim:
    """What somebody says of a film, to be confirmed or corrected."""

    people: tuple[str, ...] = ()
    genres: tuple[str, ...] = ()
    amounts: tuple[Amount, ...] = ()


@dataclass(frozen=True, slots=True)
class AskFact:
    """`fields` of `films` (none asks for an overview); `part` is a character that is asked for, `apart` that
    the message tells namesakes apart."""

    films: tuple[str, ...]
    fields: tuple[str, ...] = ()
    claim: Claim | None = None
    part: str = ""
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Compare:
    """Which of `films` has more (or less) of `field`; `claimed` is the one that somebody says it is."""

    films: tuple[str, ...]
    field: str
    up: bool = True
    claimed: str = ""


@dataclass(frozen=True, slots=True)
class AskPlot:
    """A question for a film's texts; `question` names the film."""

    films: tuple[str, ...]
    question: str


@dataclass(frozen=True, slots=True)
class AskCredits:
    """The films of `people` in `role` (a field, or any); `most` asks who has most of them instead."""

    people: tuple[str, ...]
    role: str | None = None
    limits: Limits = field(default_factory=Limits)
    count: bool = False
    most: bool = False
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Identify:
    """A film half remembered; what is asked about it when it is found."""

    text: str
    fields: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recommend:
    """Films by a wish; `not_checked` are wishes that no field of the catalogue can check.

    `alone` is what the last message wants by itself, where it can stand alone.
    """

    wish: Wish
    change: Change = "new"
    not_checked: tuple[str, ...] = ()
    director_of: str = ""  # the film whose people the wish asks for: "by the same director"
    alone: Wish | None = None


@dataclass(frozen=True, slots=True)
class NotHere:
    """A film or person that the catalogue does not have, as it was called, with what comes near."""

    name: str
    outside: tuple[Outside, ...] = ()
    near: tuple[str, ...] = ()
    person: bool = False


@dataclass(frozen=True, slots=True)
class NotKnown:
    """A question that no field answers: awards, budgets, streaming ... of no film in particular."""

    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SmallTalk:
    """Something besides films; `topic` says what, `language` in which."""

    topic: str
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Unclear:
    """Too little to go on: `which` says what is missing, `language` what the message is in."""

    which: Literal["film", "all", "list"]
    language: str = "en"


Query = AskFact | Compare | AskPlot | AskCredits | Identify | Recommend | NotHere | NotKnown | SmallTalk | Unclear


@dataclass(frozen=True, slots=True)
class Told:
    """What a turn tells of films besides asking: seen, liked, disliked, not wanted (tconsts)."""

    seen: tuple[str, ...] = ()
    likes: tuple[Like, ...] = ()
    rejected: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn understood: the question, and what it tells."""

    query: Query
    told: Told = field(default_factory=Told)
