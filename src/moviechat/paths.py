"""Every file the pipeline writes, named once; relative to the repository's root."""

from __future__ import annotations

from pathlib import Path

PARAMS = Path("params.yaml")
CACHE = Path("data/cache")

DOWNLOAD = Path("data/download")

FILTER = Path("data/filter")
MOVIES = FILTER / "movies.parquet"
OUTSIDE = FILTER / "outside.parquet"
DROPPED = FILTER / "dropped.json"

ENRICH = Path("data/enrich")
FACTS = ENRICH / "facts.parquet"

DESCRIBE = Path("data/describe")
PASSAGES = DESCRIBE / "passages.parquet"

GENERATE_QA = Path("data/generate_qa")
PAIRS = GENERATE_QA / "pairs.parquet"
LEDGER = GENERATE_QA / "ledger.parquet"

SPLIT = Path("data/split")

FETCH_MODELS = Path("models/fetch_models")
BASE_ENCODER = FETCH_MODELS / "encoder"
LANGUAGE_MODEL = FETCH_MODELS / "language_model"
PARSER = FETCH_MODELS / "parser"

ENCODER = Path("models/fit_encoder")
BUILD_INDEX = Path("models/build_index")
TRAIN = Path("models/train")
BUNDLE = Path("models/bundle")

EVALUATE = Path("data/evaluate")
METRICS = EVALUATE / "metrics.json"
PLOTS = EVALUATE / "plots"

MLRUNS = Path("mlruns")
COMPARISON = CACHE / "tracking" / "comparison.md"  # the latest verdict, for whoever started the pipeline
