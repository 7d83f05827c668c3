"""Seconds that searches and replies took: printed, but not part of the outputs, which must not change between runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from moviechat import metrics
from moviechat.evaluation.report import Table

SHARES = {"p50": 0.50, "p95": 0.95}


def summarise(seconds: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """Median and 95th percentile of each group's seconds, as `search_p50`, ...; empty groups are omitted."""
    return {
        f"{group}_{name}": metrics.percentile(values, share)
        for group, values in seconds.items()
        if values
        for name, share in SHARES.items()
    }


def table(figures: Mapping[str, float]) -> Table:
    """The figures of `summarise` as a table, one row per group."""
    groups = dict.fromkeys(name.rsplit("_", 1)[0] for name in figures)
    rows = tuple(
        (group.replace("_", " "), *(f"{figures[f'{group}_{name}']:.3f} s" for name in SHARES)) for group in groups
    )
    return Table("Latency on this machine", ("what", *SHARES), rows)
