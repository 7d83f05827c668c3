"""Every file the pipeline writes, named once; relative to the repository's root."""

from __future__ import annotations

from pathlib import Path


def kept(folder: Path, here: Path) -> Path:
    """A folder that must survive a run: in DVC's temporary copies (`dvc exp run --temp`, `--queue`), the checkout's.

    DVC deletes such a copy after the run, with all that took minutes or money.
    """
    copies = (above for above in here.parents if above.parts[-3:] == (".dvc", "tmp", "exps"))
    return next((above.parents[2] / folder for above in copies), folder)


def _here() -> Path:
    try:
        return Path.cwd()
    except OSError:  # the folder was removed under us
        return Path()


PARAMS = Path("params.yaml")
PROFILES = Path("profiles")
CACHE = kept(Path("data/cache"), _here())

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

MLRUNS = kept(Path("mlruns"), _here())
COMPARISON = CACHE / "tracking" / "comparison.md"  # the latest verdict, for whoever started the pipeline
