"""What the server sends, as its OpenAPI tells it: OpenAI's completion with our reply in it, and what the page reads."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from moviechat.reply import ReplyKind
from moviechat.serve.web.messages import Tconst

EVENT = {  # a server-sent event: a chunk as JSON, at the end [DONE]
    "type": "object",
    "required": ["data"],
    "properties": {"data": {"type": "string", "pattern": r"^(\{.*\}|\[DONE\])$"}},
}


class _Told(BaseModel):
    model_config = ConfigDict(extra="forbid")  # what is sent is told whole


class MovieNamed(_Told):
    """A film as a reply names it; `reason` is why it is suggested, where it is."""

    tconst: Tconst
    title: str
    year: int
    reason: str | None


class SourceNamed(_Told):
    """What a reply rests on: a field of the table, or a passage ("description")."""

    tconst: Tconst
    field: str
    text: str
    url: str | None
    license: str | None


class Understanding(_Told):
    """How the turn was understood; `limits` are those in force, `like` the films that the wish starts from."""

    intent: str
    limits: dict[str, Any]
    like: list[Tconst]
    not_checked: list[str]


class ReplySent(_Told):
    """The chat's reply: what the field `moviechat` of a completion holds."""

    answer: str
    kind: ReplyKind
    grounded: bool | None
    movies: list[MovieNamed]
    sources: list[SourceNamed]
    model: str
    seconds: float
    understood: Understanding
    suggestions: list[str]


class Said(_Told):
    """OpenAI's message."""

    role: Literal["assistant"]
    content: str


class Choice(_Told):
    """OpenAI's choice; there is one."""

    index: Literal[0]
    message: Said
    logprobs: None
    finish_reason: Literal["stop", "length"]


class Usage(_Told):
    """Words and marks."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class Completion(_Told):
    """OpenAI's completion; `moviechat` is ours, and not sent for a client's own task."""

    id: str
    object: Literal["chat.completion"]
    created: int
    model: Literal["moviechat"]
    choices: Annotated[list[Choice], Field(min_length=1, max_length=1)]
    usage: Usage
    moviechat: ReplySent | None = None


class Model(_Told):
    """OpenAI's model."""

    id: Literal["moviechat"]
    object: Literal["model"]
    created: int
    owned_by: Literal["moviechat"]


class Models(_Told):
    """OpenAI's list of models."""

    object: Literal["list"]
    data: list[Model]


class Card(_Told):
    """What the page shows of a film."""

    tconst: Tconst
    title: str
    original_title: str
    year: int
    runtime: int | None
    genres: list[str]
    rating: float | None
    votes: int
    directors: list[str]
    cast: list[str]


class About(_Told):
    """The catalogue in short and the limits of a conversation."""

    version: str
    films: int
    years: Annotated[list[int], Field(max_length=2)]
    model: str
    turns: int
    characters: int
    courtesy: str
    famous: list[Card]


class Missed(_Told):
    """A row of a person's list that is no film of the catalogue, or may be several."""

    file: str
    line: int
    title: str
    year: int | None
    reason: str


class Brought(_Told):
    """What was read in a person's list."""

    seen: list[Tconst]
    loved: list[Tconst]
    hated: list[Tconst]
    wished: list[Tconst]
    rows: int
    matched: int
    unmatched: list[Missed]
    files: list[str]
    ignored: list[str]
    told: str


class Fault(_Told):
    """OpenAI's error."""

    message: str
    type: str
    param: str | None
    code: str | None


class Failure(_Told):
    """OpenAI's error object."""

    error: Fault


class Status(_Told):
    """Whether the process answers, or is ready."""

    status: Literal["ok", "ready"]
