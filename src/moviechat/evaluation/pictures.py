"""The report's plots, as PNG files whose bytes depend on the figures only."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from moviechat.evaluation.answers import SCORES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Tree = Mapping[str, Any]
Curve = Sequence[tuple[int, float]]  # (step, loss)
Triple = tuple[float, float, float]  # a mean and the ends of its interval

_SIZE = (7.2, 3.6)  # inches
_DPI = 110
_BASE, _ADAPTER, _THIRD = "#9aa5b1", "#1f6feb", "#2da44e"


_TITLES = {
    "answers.png": "Held-out films: base and base + adapter (95 % intervals)",
    "kinds.png": "Token F1 by kind of question (95 % intervals)",
    "loss.png": "Loss while training",
    "retrieval.png": "The right film, found",
    "talk.png": "Turns of conversations that are right (95 % intervals)",
}


def drawable(figures: Tree, curves: Mapping[str, Curve]) -> list[str]:
    """The file names of the plots, in order; loss needs a training curve, talk needs conversations."""
    there = {"loss.png": any(curves.values()), "talk.png": "talk" in figures}
    return [name for name in _TITLES if there.get(name, True)]


def draw(folder: Path, figures: Tree, curves: Mapping[str, Curve]) -> list[str]:
    """Draw every `drawable` plot into `folder`; returns their file names, in order."""
    answers = figures["answers"]
    plans: dict[str, Callable[[Axes], None]] = {
        "answers.png": lambda axes: _models(axes, {score: (answers, score) for score in SCORES}),
        "kinds.png": lambda axes: _models(axes, {kind: (t, "token_f1") for kind, t in answers["kinds"].items()}),
        "loss.png": lambda axes: _loss(axes, curves),
        "retrieval.png": lambda axes: _retrieval(axes, figures["retrieval"]),
        "talk.png": lambda axes: _talk(axes, figures["talk"]),
    }
    names = drawable(figures, curves)
    for name in names:
        _save(folder / name, _TITLES[name], plans[name])
    return names


def _save(path: Path, title: str, plan: Callable[[Axes], None]) -> None:
    import matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    path.parent.mkdir(parents=True, exist_ok=True)
    # A user's own matplotlibrc would change the bytes.
    with matplotlib.rc_context(matplotlib.rcParamsDefault):
        figure = Figure(figsize=_SIZE, dpi=_DPI, layout="constrained")
        FigureCanvasAgg(figure)
        axes = figure.add_subplot()
        axes.set_title(title, fontsize=11)
        axes.spines[["top", "right"]].set_visible(False)
        plan(axes)
        figure.savefig(path, metadata={"Software": None})


def _models(axes: Axes, groups: Mapping[str, tuple[Tree, str]]) -> None:
    triples = {part: [_triple(tree[part], score) for tree, score in groups.values()] for part in ("base", "adapter")}
    bars = (("base", _BASE, triples["base"]), ("base + adapter", _ADAPTER, triples["adapter"]))
    _side_by_side(axes, bars, [worded(g) for g in groups])


def _talk(axes: Axes, tree: Tree) -> None:
    names = list(tree["turns"])
    shares = (("turns", _ADAPTER, tree), ("whole conversations", _BASE, tree["scripts"]))
    _side_by_side(axes, [(label, colour, [_triple(t, n) for n in names]) for label, colour, t in shares], names)
    axes.tick_params(axis="x", labelrotation=35)


def _side_by_side(axes: Axes, bars: Sequence[tuple[str, str, Sequence[Triple]]], names: Sequence[str]) -> None:
    for shift, (label, colour, triples) in zip((-0.2, 0.2), bars, strict=True):
        means = [mean for mean, _, _ in triples]
        errors = [[max(m - low, 0) for m, low, _ in triples], [max(high - m, 0) for m, _, high in triples]]
        places = [i + shift for i in range(len(means))]
        axes.bar(places, means, width=0.36, yerr=errors, capsize=3, label=label, color=colour)
    _labelled(axes, names)


def _triple(tree: Tree, name: str) -> Triple:
    return tree[name], tree[f"{name}_low"], tree[f"{name}_high"]


def _retrieval(axes: Axes, groups: Mapping[str, Tree]) -> None:
    bars = (("recall_at_1", "R@1", _ADAPTER), ("recall_at_10", "R@10", _BASE), ("mrr", "MRR", _THIRD))
    for column, (name, label, colour) in enumerate(bars):
        places = [i + (column - 1) * 0.27 for i in range(len(groups))]
        axes.bar(places, [tree[name] for tree in groups.values()], width=0.24, label=label, color=colour)
    _labelled(axes, [worded(g) for g in groups])


def _labelled(axes: Axes, names: Sequence[str]) -> None:
    axes.set_xticks(range(len(names)), names)
    axes.set_ylim(0, 1.05)
    axes.legend(frameon=False, fontsize=8, ncols=3, loc="upper left", bbox_to_anchor=(0, -0.1))


def _loss(axes: Axes, curves: Mapping[str, Curve]) -> None:
    from matplotlib.ticker import MaxNLocator

    for (name, curve), colour in zip(curves.items(), (_BASE, _ADAPTER), strict=True):
        if curve:
            axes.plot(
                *zip(*curve, strict=True), label=worded(name), color=colour, marker="." if len(curve) < 20 else ""
            )
    axes.set_xlabel("optimiser step")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_ylabel("cross-entropy a token (nats)")
    axes.legend(frameon=False, fontsize=8)


def worded(name: str) -> str:
    """A figure's name as a person reads it: "token_f1" -> "token f1"."""
    return name.replace("_", " ")
