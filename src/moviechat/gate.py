"""May a bundle replace the champion? It must reach every floor and not fall below the champion's intervals."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_SHOWN = 3  # decimals


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure beside the champion's; `fault` says why it forbids a promotion ("" if it does not)."""

    figure: str
    value: float | None
    floor: float | None
    champion: float | None
    low: float | None
    high: float | None
    fault: str

    @property
    def said(self) -> str:
        """`better` or `worse` if the figure is outside the champion's interval, else `alike`."""
        if _number(self.value) is None or self.value is None or self.champion is None:
            return "new"
        low, high = (self.champion if end is None else end for end in (self.low, self.high))
        return "worse" if self.value < low else "better" if self.value > high else "alike"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the candidate may become champion, the reason in one sentence, and the figures that decided."""

    passed: bool
    reason: str
    rows: tuple[Compared, ...]


def judge(
    figures: Mapping[str, float],
    champion: Mapping[str, float] | None,
    *,
    floors: Mapping[str, float],
    guarded: Sequence[str],
) -> Verdict:
    """Compare flat `figures` (dotted names; `NAME_low` and `NAME_high` are an interval's ends) with the champion's.

    A figure that is named in `floors` or `guarded` but was not measured is a fault.
    """
    names = list(dict.fromkeys([*floors, *guarded]))
    rows = tuple(_compare(n, figures, champion or {}, floors.get(n), guarded=n in guarded) for n in names)
    faults = [row.fault for row in rows if row.fault]
    return Verdict(not faults, "; ".join(faults) or _praise(rows, champion is None), rows)


def _compare(
    name: str, figures: Mapping[str, float], champion: Mapping[str, float], floor: float | None, *, guarded: bool
) -> Compared:
    before, low, high = (_number(champion.get(n)) for n in (name, f"{name}_low", f"{name}_high"))
    value = figures.get(name)
    row = Compared(name, value, floor, before, low, high, "")
    fault = ""
    if value is not None and _number(value) is None:
        fault = f"{name} is {value}, which is not a number"
    elif value is None:
        fault = f"{name} was not measured (a typo in evaluate.floors or evaluate.guarded?)"
    elif floor is not None and value < floor:
        fault = f"{name} is {shown(value)}, below its floor {shown(floor)}"
    elif guarded and row.said == "worse":
        fault = f"{name} fell from {_interval(row)} to {shown(value)}"
    return Compared(name, value, floor, before, low, high, fault)


def _number(value: float | None) -> float | None:
    """A figure that can be compared: NaN is neither above nor below anything, and would pass everywhere."""
    return value if value is not None and math.isfinite(value) else None


def _praise(rows: Sequence[Compared], first: bool) -> str:
    floors = sum(row.floor is not None for row in rows)
    held = f"all {floors} floors hold" if floors else "there are no floors"
    if first:
        return f"{held}, and there was no champion"
    better = [f"{r.figure} {shown(r.champion)} -> {shown(r.value)}" for r in rows if r.said == "better"]
    return f"{held}, and nothing guarded fell" + (f"; better: {', '.join(better)}" if better else "")


def markdown(verdict: Verdict, champion: str) -> str:
    """The verdict and its figures as a Markdown table; `champion` is the heading of the champion's column."""
    lines = [
        f"**{'Passed' if verdict.passed else 'Refused'}**: {verdict.reason}.",
        "",
        f"| figure | this run | floor | {champion} [95 %] | difference | |",
        "|---|---:|---:|---:|---:|---|",
        *(_line(row) for row in verdict.rows),
    ]
    return "\n".join(lines) + "\n"


def _line(row: Compared) -> str:
    gap = "" if row.value is None or row.champion is None else f"{row.value - row.champion:+.{_SHOWN}f}"
    cells = (row.figure, shown(row.value), shown(row.floor), _interval(row), gap, row.said)
    return "| " + " | ".join(cells) + " |"


def _interval(row: Compared) -> str:
    ends = "" if row.low is None or row.high is None else f" [{shown(row.low)}, {shown(row.high)}]"
    return f"{shown(row.champion)}{ends}"


def shown(value: float | None) -> str:
    """A figure with three decimals; "-" for None."""
    return "-" if value is None else f"{value:.{_SHOWN}f}"
