"""What is built, whole and current: parameters, data, models, the bundle, DVC's record of them."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from moviechat import intact, jsonl, params, paths
from moviechat.bundle import MANIFEST, BundleInfo, open_bundle
from moviechat.doctor.check import Check, missing, ok
from moviechat.errors import MoviechatError
from moviechat.params import Params

_DAY = 86_400
LOCK = Path("dvc.lock")
_TABLES = ("title.basics.tsv.gz", "title.ratings.tsv.gz")  # without them there is no catalogue


def parameters(path: Path = paths.PARAMS) -> tuple[Params | None, Check]:
    """params.yaml, and whether it can be read."""
    try:
        return params.load(path), ok("parameters", f"{path} says nothing that cannot be")
    except MoviechatError as error:
        return None, missing("parameters", str(error), f"mend it, or `cp profiles/sample.yaml {path}`")


def tables(p: Params | None) -> Check | None:
    """Whether the catalogue's source is there, for a run of the pipeline."""
    if p is None:
        return None
    folder = Path(p.download.folder)
    lacking = [name for name in _TABLES if not any((folder / n).is_file() for n in (name, name.removesuffix(".gz")))]
    if not lacking:
        return ok("tables", f"IMDb's tables are in {folder}")
    if p.download.url:
        return ok("tables", f"`download` fetches IMDb's tables from {p.download.url}")
    return missing("tables", f"{folder} lacks {' and '.join(lacking)}", "put IMDb's files there, or set download.url")


def texts(p: Params | None) -> Check | None:
    """Whether there is a source of descriptions, for a run of the pipeline."""
    if p is None:
        return None
    folder = Path(p.describe.folder)
    if jsonl.files(folder):
        return ok("texts", f"descriptions are in {folder}")
    if p.describe.wikipedia:
        return ok("texts", "`describe` fetches descriptions from Wikipedia")
    return missing("texts", f"{folder} holds no *.jsonl", "put descriptions there, or set describe.wikipedia to true")


def models(folder: Path = paths.FETCH_MODELS) -> Check:
    """Whether the base models are here as they were fetched; only rebuilding and `ground` need them."""
    mend = "dvc repro fetch_models"
    try:
        said = json.loads((folder / "models.json").read_text(encoding="utf-8"))
        for kind, about in said.items():
            listed = intact.listed(about["files"], folder / "models.json", mend)
            intact.check(folder / kind, listed, mend, every=True, remember=False)  # the folder is DVC's
        return ok("models", ", ".join(f"{kind} {about['name']}" for kind, about in said.items()))
    except FileNotFoundError:
        return missing("models", f"the base models are not in {folder}", mend)
    except MoviechatError as error:
        return missing("models", str(error).removesuffix(f": {mend}"), f"{mend} --force")
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        return missing("models", f"{folder / 'models.json'} cannot be read ({error})", f"{mend} --force")


def bundle(folder: Path) -> tuple[BundleInfo | None, Check]:
    """The bundle, and whether each of its files is the one that was bundled."""
    try:
        info = open_bundle(folder, verify=True)
    except MoviechatError as error:
        return None, missing("bundle", str(error).partition(": run `")[0], "make demo", needed=True)
    listed = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["files"]
    size = sum(about["bytes"] for about in listed.values()) / 1e6
    said = f"{folder}: {info.model} by {info.engine}, {len(listed)} files as they were bundled, {size:,.0f} MB"
    return info, ok("bundle", said)


def current(info: BundleInfo, p: Params | None, now: float | None = None) -> Check:
    """The bundle's age, and whether it was made by this version with these parameters."""
    made = (info.folder / MANIFEST).stat().st_mtime
    days = int(((time.time() if now is None else now) - made) // _DAY)
    age = f"made {'today' if days < 1 else 'yesterday' if days == 1 else f'{days} days ago'}"
    own, theirs = _own_version(), str(info.versions.get("moviechat", "unknown"))
    moved = [] if own == theirs else [f"moviechat is {own}"]
    if p is not None:
        sections = (("bundle", info.parameters), ("search", info.search), ("chat", info.chat))
        for name, bundled in sections:
            moved += _moved(name, bundled, getattr(p, name).model_dump())
    said = f"{age} by moviechat {theirs}"
    if moved:
        return missing("current", f"{said}; since then {', '.join(moved)}", "dvc repro")
    return ok("current", said + (", with the parameters of params.yaml" if p else ""))


def _own_version() -> str:
    try:
        return version("moviechat")
    except PackageNotFoundError:
        return "not installed"


def _moved(section: str, bundled: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    return [f"{section}.{name} is another" for name in now if now[name] != bundled.get(name)]


def lock(path: Path = LOCK) -> Check | None:
    """Whether DVC's record of what was built can be read: a kill while it is written leaves nothing in it."""
    if not path.is_file():
        return None
    if path.stat().st_size == 0:
        return missing("dvc.lock", f"{path} is empty: DVC was killed as it wrote", f"git checkout -- {path}")
    return ok("dvc.lock", f"{path} is there")
