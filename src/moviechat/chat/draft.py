"""A message understood by itself, before the conversation says what "it" is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from moviechat.chat.mentions import Mentions
from moviechat.chat.pointing import Pointing
from moviechat.chat.wanting import Wanting

Intent = Literal["smalltalk", "fact", "compare", "credits", "plot", "identify", "wish", "told", "said", "unclear"]
Stance = Literal["seen", "loved", "hated", "rejected", "like"]


@dataclass(frozen=True, slots=True)
class Draft:
    """What a message does: `fields` are the fields that it asks for, in order; `topic` is that of small talk, or
    which part of the conversation is asked for.

    `stance` is what it tells of films by its sense, where no word says so.
    `unchecked` is the field that a wish depends on and that no limit can hold.
    `again` says that the last question is asked of other films, `theirs` that a film of somebody under discussion is
    looked for.
    `name` is a title or name in the message that the catalogue does not have; `asks` says that it is a question.
    """

    intent: Intent
    mentions: Mentions
    want: Wanting
    points: tuple[Pointing, ...] = ()
    fields: tuple[str, ...] = ()
    topic: str = ""
    language: str = "en"
    name: str = ""
    asks: bool = False
    claims: bool = False
    again: bool = False
    theirs: bool = False
    stance: Stance | None = None
    unchecked: str = ""
