"""What a client sends, read: OpenAI's messages become the turns of a conversation."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from moviechat.serve.web.faults import RequestError

MODEL = "moviechat"
TURNS = 64
CHARACTERS = 2_000  # of one user turn
SYSTEM_CHARACTERS = 8_000
TASK = "### Task:"  # how Open WebUI begins what it asks for itself
Tconst = Annotated[str, Field(pattern=r"^tt[0-9]{1,12}$")]


class _Open(BaseModel):
    model_config = ConfigDict(extra="allow", strict=True)  # clients send more than we read


class Part(_Open):
    """A part of a message's content; only text can be read, and others are told by their type."""

    type: Annotated[str, WithJsonSchema({"const": "text"})]
    text: Annotated[str | None, WithJsonSchema({"type": "string"})] = None


def _publish(schema: dict[str, Any]) -> None:
    """Tell in the schema what `_text` and `_measure` refuse: long texts, by role, and parts without a text."""
    schema["anyOf"] = [
        {"properties": {"role": {"enum": list(roles)}, **({"content": _content(most)} if most else {})}}
        for roles, most in (
            (("user",), CHARACTERS),
            (("system", "developer"), SYSTEM_CHARACTERS),
            (("assistant", "tool", "function"), None),
        )
    ]


def _content(most: int) -> dict[str, Any]:
    part = {"type": "object", "required": ["type", "text"], "properties": {"text": {"maxLength": most}}}
    task = {"type": "string", "pattern": f"^{TASK}"}
    whole = {"type": "string", "maxLength": most}
    return {"anyOf": [whole, task, {"type": "array", "items": part}, {"type": "null"}]}


class Message(_Open):
    """A message; `lift` (ours) names limits that the turn takes away, `like` (ours) a film that it goes on from.

    With one of them the turn is a click: its words are shown, and not read.
    """

    model_config = ConfigDict(json_schema_extra=_publish)
    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[Part] | None = None
    lift: list[str] = Field(default=[], max_length=32)
    like: Tconst | None = None


class Marks(BaseModel):
    """What the person said of films outside the conversation (ours): tconsts."""

    model_config = ConfigDict(extra="forbid", strict=True)
    seen: list[Tconst] = Field(default=[], max_length=50_000)
    loved: list[Tconst] = Field(default=[], max_length=50_000)
    hated: list[Tconst] = Field(default=[], max_length=50_000)


class StreamOptions(_Open):
    """OpenAI's `stream_options`."""

    include_usage: bool | None = None


_ASKING: dict[str, Any] = {"type": "object", "required": ["role"], "properties": {"role": {"const": "user"}}}


class ChatRequest(_Open):
    """The body of POST /v1/chat/completions."""

    model: Annotated[str, WithJsonSchema({"const": MODEL})] = MODEL
    messages: list[Message] = Field(min_length=1, json_schema_extra={"contains": _ASKING, "maxContains": TURNS})
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    n: Annotated[int | None, WithJsonSchema({"enum": [None, 1]})] = None
    max_tokens: int | None = Field(default=None, ge=1)
    max_completion_tokens: int | None = Field(default=None, ge=1)
    moviechat: Marks = Marks()


@dataclass(frozen=True, slots=True)
class Turn:
    """What a person said, what it lifts and goes on from, and what was answered ("" for the turn to be answered)."""

    said: str
    lift: tuple[str, ...] = ()
    like: str | None = None
    answered: str = ""

    def plain(self) -> str:
        """The turn as one string, white space folded: equal for clients that trim."""
        return json.dumps([" ".join(self.said.split()), self.lift, self.like, " ".join(self.answered.split())])


@dataclass(frozen=True, slots=True)
class Conversation:
    """The turns, the last of them to be answered; what system messages say; what is marked."""

    turns: tuple[Turn, ...]
    system: str
    marks: Marks

    @property
    def last(self) -> Turn:
        """The turn to be answered."""
        return self.turns[-1]


def conversation(request: ChatRequest) -> Conversation:
    """The conversation of a request; raises RequestError that names the message."""
    if request.model != MODEL:
        raise RequestError(
            404,
            f"There is no model {request.model[:80]!r} here: ask for {MODEL!r}.",
            param="model",
            code="model_not_found",
        )
    if request.n not in (None, 1):
        raise RequestError(400, f"n is {request.n}: there is one answer to a question, leave n at 1.", param="n")
    spoken = list(_spoken(request.messages))
    system = "\n".join(words.said for role, words in spoken if role == "system")
    return Conversation(_turns(spoken), system, request.moviechat)


def _spoken(messages: Sequence[Message]) -> Iterator[tuple[str, Turn]]:
    """The role and the words of each message that is read."""
    for at, message in enumerate(messages):
        role = "system" if message.role == "developer" else message.role
        if role in ("system", "user", "assistant"):
            text = _text(message.content, f"messages.{at}.content")
            _measure(role, text, f"messages.{at}.content")
            yield role, Turn(text, tuple(message.lift), message.like)


def _turns(spoken: Sequence[tuple[str, Turn]]) -> tuple[Turn, ...]:
    turns: list[Turn] = []
    for role, words in spoken:
        if role == "user":
            turns.append(words)
        elif role == "assistant" and turns:
            turns[-1] = replace(turns[-1], answered=f"{turns[-1].answered}\n{words.said}".strip())
    if not turns or turns[-1].answered:
        raise RequestError(
            400, 'The last message must be of role "user": there is nothing to answer.', param="messages"
        )
    if len(turns) > TURNS:
        raise RequestError(
            400,
            f"The conversation has {len(turns)} turns, {TURNS} can be kept: begin a new one.",
            param="messages",
            code="context_length_exceeded",
        )
    return tuple(turns)


def _text(content: str | list[Part] | None, place: str) -> str:
    if isinstance(content, list):
        for at, part in enumerate(content):
            if part.type != "text" or part.text is None:
                kind = re.sub(r"[^\w-]", "", part.type)[:40] or "unnamed"
                raise RequestError(
                    400, f"A part of type {kind!r} cannot be read: this model reads text only.", param=f"{place}.{at}"
                )
        content = "\n".join(part.text or "" for part in content)
    return (content or "").encode("utf-8", "replace").decode()  # half a character becomes "?"


def _measure(role: str, text: str, place: str) -> None:
    most = {"user": CHARACTERS, "system": SYSTEM_CHARACTERS}.get(role)
    if most and len(text) > most and not text.startswith(TASK):
        raise RequestError(
            400,
            f"That message has {len(text):,} characters, {most:,} are read: shorten it.",
            param=place,
            code="context_length_exceeded",
        )
