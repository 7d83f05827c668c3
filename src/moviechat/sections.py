"""What sections of params.yaml are made of: the language model that writes pairs, moods and weights of a wish."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

Positive = Annotated[int, Field(ge=1)]
Price = Annotated[float, Field(ge=0)]
Rate = Annotated[float, Field(gt=0)]
Stars = Annotated[float, Field(ge=0, le=10)]


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


def _listed(value: Any) -> Any:
    return [part.strip() for part in value.split(",")] if isinstance(value, str) else value


Listed = Annotated[list[Annotated[str, Field(min_length=1)]], BeforeValidator(_listed), Field(min_length=1)]


class Mood(Section):
    """A mood or an occasion, as it weighs films."""

    words: Listed
    """Words by which people ask for it, parted by commas."""
    genres: dict[str, Annotated[float, Field(ge=-5, le=5)]]
    """What each genre of a film adds or takes."""
    meaning: Annotated[str, Field(min_length=1)]
    """What the stories of such films tell of, for meaning and words."""


class Weights(Section):
    """What each part of a recommendation's score weighs."""

    words: Price
    """Words of the wish in a film's texts, genres and titles: this much for the best film."""
    meaning: Price
    """Meaning of the wish near that of a passage, a standard deviation."""
    mood_genres: Price
    """Genre weights of the moods."""
    mood_words: Price
    """Words of the moods in a film's texts: this much for the best film."""
    mood_meaning: Price
    """Meaning of the moods near that of a passage, a standard deviation."""
    like_meaning: Price
    """A passage near those of the film that the wish starts from, a standard deviation."""
    like_genres: Price
    """Genres shared with that film, the rare ones most: this much for the same genres."""
    like_people: Price
    """People shared with that film: this much for the same director."""
    like_era: Price
    """Years near that film's: this much for the same year."""
    like_band: Price
    """As well known as that film: this much for as many votes."""
    disliked: Price
    """How much of its likeness to a disliked film a film loses."""
    quality: Price
    """A point of the votes-weighted rating."""
    known: Price
    """How well known a film is: this much for a million votes."""
    variety: Price
    """What a film loses that is the same as one already picked (maximal marginal relevance)."""
    chance: Price
    """How far a seed other than 0 moves scores."""


class Chat(Section):
    """What vague words of a wish mean, and how films are recommended."""

    count: Positive
    """Films that are recommended when no number is asked for."""
    short_max: Positive
    """Minutes of a short film at most."""
    not_long_max: Positive
    """Minutes of a film that is "not too long" at most."""
    long_min: Positive
    """Minutes of a long film at least."""
    recent_years: Positive
    """Last years of the catalogue that are recent."""
    good_min: Stars
    """Rating from which a film is good."""
    known_votes: Positive
    """Votes from which a film is well known."""
    gem_votes: Positive
    """Votes of a hidden gem at most."""
    gem_rating: Stars
    """Rating of a hidden gem at least."""
    kids_any: Annotated[list[str], Field(min_length=1)]
    """Genres of which a film for children has one."""
    kids_not: list[str]
    """Genres of which a film for children has none."""
    prior_votes: Positive
    """Votes of an average rating that every film is given besides its own (Bayesian average)."""
    weights: Weights
    """What each part of a score weighs."""
    moods: dict[str, Mood]
    """Moods and occasions by name."""
