"""The name of a pipeline run: the profile closest to params.yaml, and the differences."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from moviechat import paths, settings

_TOLD = 3  # maximum changes spelled out
_LONGEST = 120  # characters


def name(parameters: Mapping[str, Any], profiles: Path = paths.PROFILES) -> str:
    """`sample`, `sample: train.rank=8` or `imdb: 12 changes` for the sections and leaves of `parameters`."""
    now = flat(parameters)
    changes = {path.stem: _changed(now, path) for path in sorted(profiles.glob("*.yaml"))}
    known = {profile: changed for profile, changed in changes.items() if changed is not None}
    if not known:
        return "pipeline"
    nearest = min(known, key=lambda profile: len(known[profile]))
    changed = known[nearest]
    told = ", ".join(f"{leaf}={now.get(leaf)}" for leaf in changed[:_TOLD])
    if len(changed) > _TOLD:
        told = f"{len(changed)} changes"
    return f"{nearest}: {told}"[:_LONGEST] if changed else nearest


def flat(tree: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """A tree of dicts as one dict of dotted names: {"train": {"rank": 8}} -> {"train.rank": 8}."""
    found: dict[str, Any] = {}
    for key, value in tree.items():
        found |= flat(value, f"{prefix}{key}.") if isinstance(value, Mapping) else {f"{prefix}{key}": value}
    return found


def _changed(now: Mapping[str, Any], path: Path) -> list[str] | None:
    """The leaves that differ from a profile; None for a file that is no profile."""
    try:
        tree, faults = settings.read(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if faults or not isinstance(tree, Mapping):
        return None
    then = flat(tree)
    return [leaf for leaf in {**now, **then} if leaf not in then or now.get(leaf) != _as(then[leaf], now.get(leaf))]


def _as(written: Any, read: Any) -> Any:
    """A profile's value as params.py reads it: words parted by commas become a list."""
    listed = isinstance(read, list) and isinstance(written, str)
    return [part.strip() for part in written.split(",")] if listed else written
