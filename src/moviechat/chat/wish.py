"""A wish for films, as the ranking gets it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from moviechat.limits import Limits

Order = Literal["fit", "rating", "worst", "votes", "least_votes", "newest", "oldest", "shortest", "longest"]
# What an order sorts by, and whether the most of it comes first.
ORDERED: dict[Order, tuple[str, bool]] = {
    "rating": ("rating", True), "worst": ("rating", False), "votes": ("votes", True), "least_votes": ("votes", False),
    "newest": ("year", True), "oldest": ("year", False), "longest": ("runtime", True), "shortest": ("runtime", False),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Like:
    """A film that the wish starts from: liked (weight above 0) or disliked (below 0)."""

    tconst: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Wish:
    """What to recommend.

    `limits` are hard. `words` is the open rest of the wish, for words and meaning. `moods` are names of rows of
    `chat.moods` in params.yaml, which weigh genres and words. `like` are anchors. An `order` other than "fit" sorts by
    that value. `count` is the requested number of films, None for the default. `leaning` are genres that are welcome,
    not required.
    """

    limits: Limits = field(default_factory=Limits)
    words: str = ""
    moods: tuple[str, ...] = ()
    like: tuple[Like, ...] = ()
    order: Order = "fit"
    count: int | None = None
    leaning: tuple[str, ...] = ()
