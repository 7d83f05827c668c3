"""Parts of params.yaml: the language model that writes pairs, the search, and the chat with its moods and weights."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

Positive = Annotated[int, Field(ge=1)]
Price = Annotated[float, Field(ge=0)]
Rate = Annotated[float, Field(gt=0)]
Stars = Annotated[float, Field(ge=0, le=10)]


class Section(BaseModel):
    """One section: frozen, strict, no unknown parameters."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, allow_inf_nan=False, use_attribute_docstrings=True
    )


class Mix(Section):
    """How often each kind of question is asked: weights, at least one above 0."""

    about: Price
    """What is the film about?"""
    setting: Price
    """Where or when is it set?"""
    themes: Price
    """Tone, themes and genres."""
    ending: Price
    """How does it end?"""
    particular: Price
    """Who, what, why, when or how, from the description."""
    fact: Price
    """Two values of the table in one question."""
    not_said: Price
    """Questions that the record does not answer."""

    @model_validator(mode="after")
    def _something_to_ask(self) -> Mix:
        if not any(self.model_dump().values()):
            raise ValueError("every weight is 0: set at least one above 0")
        return self


class Api(Section):
    """The language model that writes pairs (`provider: api`): requests, rates and prices."""

    endpoint: Literal["openai", "gemini", "cohere", "vllm", "llama.cpp", "ollama", "other"]
    """The service or server; its address and key are environment variables (.env.example)."""
    model: Annotated[str, Field(min_length=1)]
    """The model's name on that server."""
    style: Literal["chat", "instruct"]
    """chat: /v1/chat/completions with a JSON schema; instruct: /v1/completions with plain lines."""
    structured: Literal["json_schema", "json_object", "none"] | None = None
    """How a chat reply's format is enforced; null uses the endpoint's best way."""
    temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    """Sampling temperature; null uses the server's default."""
    max_tokens: Annotated[int, Field(ge=16)]
    """Maximum tokens of a reply."""
    reasoning: bool
    """Ask for a sentence of reasoning before each answer; it is stored separately."""
    one_by_one: bool
    """Send one request per pair, with the beginning of the question given; small models need this."""
    attempts: Positive
    """Maximum attempts at an unparsable reply."""
    options: dict[str, Any] | None = None
    """Further request options, sent unchanged, such as reasoning_effort: low."""
    mix: Mix
    """How often each kind of question is asked."""
    batch: bool
    """Use the batch API: takes hours instead of minutes and costs batch_discount times the price."""
    in_flight: Positive
    """Maximum concurrent requests."""
    requests_per_minute: Rate | None = None
    """Maximum requests per minute; null for no limit."""
    tokens_per_minute: Rate | None = None
    """Maximum tokens per minute, input and output; null for no limit."""
    timeout: Rate
    """Timeout of a reply in seconds."""
    tries: Positive
    """Maximum tries of a request while the server is unavailable."""
    unanswered: Literal["stop", "reject"]
    """Films without a reply after all tries: stop ends with an error, reject writes rejected lines to the ledger."""
    input_price: Price | None
    """Price of a million input tokens, in the currency of max_cost; 0 for your own model."""
    output_price: Price | None
    """Price of a million output tokens; null means unknown, and no request is sent."""
    batch_discount: Annotated[float, Field(ge=0, le=1)]
    """Price of a batch request as a share of the normal price."""
    max_cost: Price
    """Maximum cost of all replies, earlier runs included; no request is sent beyond it."""


def _listed(value: Any) -> Any:
    return [part.strip() for part in value.split(",")] if isinstance(value, str) else value


Listed = Annotated[list[Annotated[str, Field(min_length=1)]], BeforeValidator(_listed), Field(min_length=1)]


class Mood(Section):
    """A mood or an occasion: how it weights films."""

    words: Listed
    """Words that ask for it, separated by commas."""
    genres: dict[str, Annotated[float, Field(ge=-5, le=5)]]
    """What each genre of a film adds to or subtracts from its score."""
    meaning: Annotated[str, Field(min_length=1)]
    """What such films are about, as text to compare with."""


class Weights(Section):
    """Weights of the parts of a recommendation's score."""

    words: Price
    """Words of the wish in a film's texts, genres and titles; the best film gets all of it."""
    meaning: Price
    """Similarity of the wish and a passage, per standard deviation."""
    mood_genres: Price
    """Genre weights of the moods."""
    mood_words: Price
    """Words of the moods in a film's texts; the best film gets all of it."""
    mood_meaning: Price
    """Similarity of the moods and a passage, per standard deviation."""
    like_meaning: Price
    """Similarity of a passage to those of the film that the wish starts from, per standard deviation."""
    like_genres: Price
    """Genres shared with that film, rare ones count more; the same genres get all of it."""
    like_people: Price
    """People shared with that film; the same director gets all of it."""
    like_era: Price
    """Closeness in years to that film; the same year gets all of it."""
    like_band: Price
    """Closeness in popularity to that film; the same number of votes gets all of it."""
    disliked: Price
    """Share of its likeness to a disliked film that a film loses."""
    quality: Price
    """A point of the vote-weighted rating."""
    known: Price
    """Popularity; a million votes get all of it."""
    variety: Price
    """What a film loses if it equals one already picked (maximal marginal relevance)."""
    chance: Price
    """Maximum change of a score by a random seed other than 0."""


class Search(Section):
    """What each part of a search counts; a change reaches the bundle without a new index."""

    vector: Annotated[float, Field(ge=0)]
    """Weight of similarity in meaning (vectors)."""
    text: Annotated[float, Field(ge=0)]
    """Weight of matching words in texts and titles; the film with the best match gets all of it."""
    long_text: Annotated[float, Field(ge=0)]
    """The same for a long query, whose words are more reliable."""
    credit: Annotated[float, Field(ge=0)]
    """Weight of matching words in the credits."""
    people: Annotated[float, Field(ge=0)]
    """Weight of people named in the query."""
    year: Annotated[float, Field(ge=0)]
    """Weight of a year named in the query."""
    votes: Annotated[float, Field(ge=0)]
    """Weight of a film's popularity (votes)."""
    settled_by: Annotated[float, Field(gt=0)]
    """A long query is not embedded if its best film leads by this score without meaning; this saves time."""


class Chat(Section):
    """How messages are read, what vague words mean, and how films are ranked."""

    understand: Literal["network", "llm"]
    """What says what a message does: the networks, or the language model of MOVIECHAT_LLM_URL."""
    count: Positive
    """Number of films to recommend by default."""
    short_max: Positive
    """Maximum minutes of a "short" film."""
    not_long_max: Positive
    """Maximum minutes of a film that is "not too long"."""
    long_min: Positive
    """Minimum minutes of a "long" film."""
    recent_years: Positive
    """Number of the catalogue's last years that count as "recent"."""
    good_min: Stars
    """Minimum rating of a "good" film."""
    known_votes: Positive
    """Minimum votes of a "well known" film."""
    gem_votes: Positive
    """Maximum votes of a "hidden gem"."""
    gem_rating: Stars
    """Minimum rating of a "hidden gem"."""
    kids_any: Annotated[list[str], Field(min_length=1)]
    """Genres for children; a film must have one of them."""
    kids_not: list[str]
    """Genres not for children."""
    prior_votes: Positive
    """Votes at the average rating that are added to each film's own (Bayesian average)."""
    weights: Weights
    """Weights of the parts of a score."""
    moods: dict[str, Mood]
    """Moods and occasions, by name."""
