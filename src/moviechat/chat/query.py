"""What can be asked: one record per kind of question, with only what it needs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from moviechat.chat.amounts import Amount
from moviechat.chat.which import Which
from moviechat.chat.wish import Like, Wish
from moviechat.limits import Limits
from moviechat.linking import Outside

Change = Literal["new", "changed", "corrected", "more", "undone"]


@dataclass(frozen=True, slots=True)
class Claim:
    """What somebody claims about a film, to be confirmed or corrected; people by name or by id, as in all queries."""

    people: tuple[str, ...] = ()
    genres: tuple[str, ...] = ()
    amounts: tuple[Amount, ...] = ()


@dataclass(frozen=True, slots=True)
class AskFact:
    """`fields` of `films` (none asks for an overview); `part` is the character asked for; `apart`: the message tells
    namesakes apart.
    """

    films: tuple[str, ...]
    fields: tuple[str, ...] = ()
    claim: Claim | None = None
    part: str = ""
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Compare:
    """Which of `films` has more (or less) of `field`; `claimed` is the film that somebody says it is."""

    films: tuple[str, ...]
    field: str
    up: bool = True
    claimed: str = ""


@dataclass(frozen=True, slots=True)
class AskPlot:
    """A question about a film's plot; `question` is the text, with "it" for the film's name."""

    films: tuple[str, ...]
    question: str


@dataclass(frozen=True, slots=True)
class AskCredits:
    """The films of `people` in `role` (a field, or any); `most` asks who has the most films instead."""

    people: tuple[str, ...]
    role: str | None = None
    limits: Limits = field(default_factory=Limits)
    count: bool = False
    most: bool = False
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Identify:
    """A half remembered film, and the fields that are asked about it.

    `theirs`: it is one of the films of `people`, if any of these keeps `limits`.
    """

    text: str
    fields: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    theirs: bool = False
    without: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True)
class Recommend:
    """Films for a wish; `not_checked` are wishes that no field of the catalogue can check.

    `alone` is the wish of the last message by itself, if it has one; `others`: films not shown before are asked for.
    """

    wish: Wish
    change: Change = "new"
    not_checked: tuple[str, ...] = ()
    director_of: str = ""  # the film whose people the wish asks for: "by the same director"
    alone: Wish | None = None
    others: bool = False


@dataclass(frozen=True, slots=True)
class AskSaid:
    """What was said before: `what` is films, shown, seen, loved, hated, limits or other; `wish` has the limits.

    `among` are all films of that kind, `films` the ones that are asked for.
    """

    what: str
    films: tuple[str, ...] = ()
    among: tuple[str, ...] = ()
    wish: Wish | None = None


@dataclass(frozen=True, slots=True)
class NotHere:
    """A film or person that is not in the catalogue, as it was called, with near matches."""

    name: str
    outside: tuple[Outside, ...] = ()
    near: tuple[str, ...] = ()
    person: bool = False


@dataclass(frozen=True, slots=True)
class NotKnown:
    """A question about something that is not on record (awards, budgets, streaming ...), without a film."""

    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SmallTalk:
    """Anything other than films; `topic` says what, `language` in which language."""

    topic: str
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Unclear:
    """Too little to answer; `which` says what is missing, `language` the message's language."""

    which: Literal["film", "all", "list"]
    language: str = "en"


Query = (
    AskFact
    | Compare
    | AskPlot
    | AskCredits
    | Identify
    | Recommend
    | AskSaid
    | NotHere
    | NotKnown
    | SmallTalk
    | Which
    | Unclear
)


@dataclass(frozen=True, slots=True)
class Told:
    """What a turn tells about films: seen, liked, disliked, not wanted (tconsts)."""

    seen: tuple[str, ...] = ()
    likes: tuple[Like, ...] = ()
    rejected: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """An understood turn: the question, what it tells, and the language that it is in.

    `settled` are the people whom it tells from others of their name: ids, or a name if any of them is meant. `which`:
    one of several people was taken for the best known.
    """

    query: Query
    told: Told = field(default_factory=Told)
    language: str = "en"
    settled: tuple[str, ...] = ()
    which: Which | None = None
