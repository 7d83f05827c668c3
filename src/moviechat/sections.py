"""What sections of params.yaml are made of, and the section of the language model that writes pairs."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Positive = Annotated[int, Field(ge=1)]
Price = Annotated[float, Field(ge=0)]
Rate = Annotated[float, Field(gt=0)]


class Section(BaseModel):
    """One section: frozen, strict, and without a parameter that it does not name."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, allow_inf_nan=False, use_attribute_docstrings=True
    )


class Mix(Section):
    """How the questions on a film are shared out over their kinds: weights, of which at least one is not 0."""

    about: Price
    """What the film is about."""
    setting: Price
    """Where or when it is set."""
    themes: Price
    """Its tone, themes and genres."""
    ending: Price
    """How it ends."""
    particular: Price
    """Who, what, why, when or how in the description."""
    fact: Price
    """Two figures of the table in one question."""
    not_said: Price
    """Questions whose answer is not in the record."""

    @model_validator(mode="after")
    def _something_to_ask(self) -> Mix:
        if not any(self.model_dump().values()):
            raise ValueError("every weight is 0: nothing would be asked")
        return self


class Api(Section):
    """The language model that writes pairs (`provider: api`): what is asked of it, how fast, and for how much."""

    endpoint: Literal["openai", "gemini", "cohere", "vllm", "llama.cpp", "ollama", "other"]
    """Whose server it is; its address and key are environment (.env.example)."""
    model: Annotated[str, Field(min_length=1)]
    """The model's name there."""
    style: Literal["chat", "instruct"]
    """/v1/chat/completions with a JSON schema, or /v1/completions with lines."""
    structured: Literal["json_schema", "json_object", "none"] | None = None
    """How a chat reply's form is asked for; null takes what the endpoint knows."""
    temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    """Temperature of sampling; null leaves it to the server."""
    max_tokens: Annotated[int, Field(ge=16)]
    """Tokens of a reply at most."""
    reasoning: bool
    """Whether a sentence of reasoning comes before each answer; it is stored apart."""
    one_by_one: bool
    """Whether each pair has a request of its own, with its question begun for the model: small models need it."""
    attempts: Positive
    """A reply without one readable pair is asked for again, until so many were had."""
    options: dict[str, Any] | None = None
    """More options, sent as they are, such as reasoning_effort: low."""
    mix: Mix
    """How the questions are shared out over their kinds."""
    batch: bool
    """Whether the batch API is used: hours instead of minutes, for batch_discount of the price."""
    in_flight: Positive
    """Requests at the same time."""
    requests_per_minute: Rate | None = None
    """Requests a minute at most; null for no limit."""
    tokens_per_minute: Rate | None = None
    """Tokens a minute at most, asked and answered; null for no limit."""
    timeout: Rate
    """Seconds for a whole reply."""
    tries: Positive
    """Tries at a request that the server cannot answer just now."""
    unanswered: Literal["stop", "reject"]
    """Films without a reply after all tries: an error at the end, or rejected lines of the ledger."""
    input_price: Price | None
    """Price of a million tokens asked, in the money that max_cost is in; 0 for a model of one's own."""
    output_price: Price | None
    """Price of a million tokens answered; null stands for a price that was not looked up, and nothing is asked."""
    batch_discount: Annotated[float, Field(ge=0, le=1)]
    """Share of the prices that a batch costs."""
    max_cost: Price
    """What all replies to this work may cost, earlier runs' included: not one request is sent beyond it."""
