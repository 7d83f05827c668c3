"""The stages, from DVC's own graph: dvc.yaml is the only place that defines an edge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from moviechat.errors import ParamsError

if TYPE_CHECKING:
    from dvc.repo import Repo


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of dvc.yaml; `retries` and `timeout` (seconds, None for none) are in its `meta:`."""

    name: str
    desc: str
    retries: int
    timeout: float | None
    deps: tuple[str, ...]
    outs: tuple[str, ...]


def read(root: Path) -> list[Stage]:
    """The stages of the repository at `root`, each after those it depends on, otherwise in the order of dvc.yaml."""
    from networkx import lexicographical_topological_sort  # type: ignore[import-untyped, unused-ignore]

    repo = _open(root)
    place = {stage: number for number, stage in enumerate(repo.index.stages)}
    # DVC's edges go from a stage to what it needs.
    order = lexicographical_topological_sort(repo.index.graph.reverse(), key=place.__getitem__)
    return [_stage(stage) for stage in order if stage.cmd]


def inputs(stages: list[Stage]) -> list[str]:
    """Paths that the stages read and none of them writes, sorted."""
    written = [out for stage in stages for out in stage.outs]
    read_by_any = {dep for stage in stages for dep in stage.deps}
    return sorted(d for d in read_by_any if not any(d == out or d.startswith(f"{out}/") for out in written))


def is_changed(root: Path, stage: str) -> bool:
    """Whether `dvc repro --single-item` would run this stage (70 ms; a `dvc` process takes 1.5 s)."""
    # The full path: DVC takes a plain name for a stage of the current folder's dvc.yaml.
    return bool(_open(root).status(targets=[f"{(root / 'dvc.yaml').resolve()}:{stage}"]))


def _open(root: Path) -> Repo:
    from dvc.repo import Repo

    return Repo(str(root))


def _stage(stage: Any) -> Stage:
    meta = stage.meta or {}
    return Stage(
        name=stage.name,
        desc=stage.desc or "",
        retries=int(_number(stage, meta, "retries") or 0),
        timeout=_number(stage, meta, "timeout"),
        deps=tuple(d.def_path for d in stage.deps if not hasattr(d, "params")),
        outs=tuple(o.def_path for o in stage.outs),
    )


def _number(stage: Any, meta: Mapping[str, Any], key: str) -> float | None:
    value = meta.get(key)
    if value is None or (isinstance(value, int | float) and not isinstance(value, bool) and value >= 0):
        return value
    raise ParamsError(f"dvc.yaml: {stage.name}.meta.{key} is {value!r}: give a number, 0 or more")
