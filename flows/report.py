"""What a run shows in the Prefect UI beside its log: the stage table, the figures, and why a stage failed."""

import itertools
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from prefect import get_run_logger
from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact

from flows.dag import Stage
from moviechat import paths

TOLD = ("MLflow run ", "champion: ", "not logged: ")  # lines of evaluate that the stage table repeats
_BAR = re.compile(r"\d%\|.*\| ")  # tqdm's
_PAGE = re.compile(r"MLflow run (\w+) is in (http[^\s;]+)")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one stage ended: the state's name, its seconds, and a description."""

    stage: Stage
    state: str
    seconds: float
    said: str


def publish(outcomes: Sequence[Outcome], metrics: Path, experiment: str | None) -> None:
    """Attach the tables to the flow run; if the Prefect server is away this only warns."""
    try:
        create_table_artifact(table=[_row(o) for o in outcomes], key="stages", description=_headline(experiment))
        if figures := _figures(metrics):
            create_markdown_artifact(_figure_table(figures), key="metrics", description=f"{metrics.name} of this run")
        if page := _PAGE.search(" ".join(o.said for o in outcomes)):
            create_link_artifact(page[2], link_text=f"MLflow run {page[1]}", key="mlflow")
            create_markdown_artifact(
                paths.COMPARISON.read_text(encoding="utf-8"), key="champion", description="beside the champion"
            )
    except Exception as error:  # whatever the client raises; the work is done and stored
        get_run_logger().warning("the tables of this run were not shown in Prefect (%s)", error)


def _row(outcome: Outcome) -> dict[str, Any]:
    return {
        "stage": outcome.stage.name,
        "state": outcome.state,
        "seconds": round(outcome.seconds, 1),
        "what": outcome.stage.desc,
        "said": outcome.said,
    }


def _headline(experiment: str | None) -> str:
    if experiment is None:
        return "Nothing differs from the commit, so there is no experiment to keep."
    return f"DVC experiment `{experiment}`: `dvc exp show`, `dvc exp apply {experiment}`"


def _figures(metrics: Path) -> dict[str, float]:
    if not metrics.is_file():
        return {}
    return _flat(json.loads(metrics.read_text(encoding="utf-8")))


def _flat(tree: Mapping[str, Any], prefix: str = "") -> dict[str, float]:
    found: dict[str, float] = {}
    for key, value in tree.items():
        if isinstance(value, Mapping):
            found |= _flat(value, f"{prefix}{key}.")
        elif isinstance(value, int | float):
            found[f"{prefix}{key}"] = value
    return found


def _figure_table(figures: Mapping[str, float]) -> str:
    rows = [f"| {name} | {value:.4g} |" for name, value in sorted(figures.items())]
    return "\n".join(["| figure | this run |", "|---|---:|", *rows])


def reason(stage: str, last: Sequence[str], status: int) -> str:
    """Why a stage failed: the sentence of its MoviechatError, whole, else the last line that is no progress bar."""
    own = [line for line in last if not line.startswith("ERROR: failed to reproduce") and not _BAR.search(line)]
    told = [n for n, line in enumerate(own) if line.startswith(f"{stage}: ")]
    if told:
        more = itertools.takewhile(lambda line: line.startswith("  "), own[told[-1] + 1 :])
        return "\n".join([own[told[-1]], *more])
    return own[-1] if own else f"dvc repro exited with {status} and said nothing"
