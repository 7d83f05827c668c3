"""The outputs of `evaluate`: figures, answers, plots, a report; and the table it prints."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from moviechat import files
from moviechat.evaluation import pictures
from moviechat.evaluation.answers import ANSWERABLE, SCORES
from moviechat.evaluation.pictures import Curve, Tree, worded

EXAMPLES = 12  # rows shown of the answers, and of the missed turns
DIGITS = 4
_NARROWEST = 100  # minimum width in characters, so that logs do not cut figures off


@dataclass(frozen=True, slots=True)
class Table:
    """A titled table for the terminal and the report."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def rounded(tree: Any) -> Any:
    """A tree of dicts with its floats rounded to four decimals."""
    if isinstance(tree, Mapping):
        return {key: rounded(value) for key, value in tree.items()}
    return round(tree, DIGITS) if isinstance(tree, float) else tree


def write(
    out: Path,
    figures: Tree,
    rows: Sequence[Tree],
    misses: Sequence[Tree],
    curves: Mapping[str, Curve],
    through: str | None = None,
) -> None:
    """Write metrics.json, answers.jsonl, misses.jsonl, plots/*.csv, pictures/*.png and report.md into `out`.

    The report names the engine that the answers came `through`, if it was not the bundle's own.
    """
    files.write_json(out / "metrics.json", figures)
    for name, lines in (("answers", rows), ("misses", misses)):
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        (out / f"{name}.jsonl").write_text(text, encoding="utf-8")
    _plots(out / "plots", figures, curves)
    drawn = pictures.draw(out / "pictures", figures, curves)
    text = _markdown(tables(figures), drawn, rows, misses, through)
    (out / "report.md").write_text(text, encoding="utf-8")


def _plots(folder: Path, figures: Tree, curves: Mapping[str, Curve]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    answers, models = figures["answers"], ("base", "adapter")
    _csv(folder / "answers.csv", ("score", "value"), [(f"{s} {m}", answers[m][s]) for s in SCORES for m in models])
    by_kind = [(f"{kind} {m}", tree[m]["token_f1"]) for kind, tree in answers["kinds"].items() for m in models]
    _csv(folder / "kinds.csv", ("kind", "token_f1"), by_kind)
    found = [(g, tree["recall_at_1"], tree["recall_at_10"], tree["mrr"]) for g, tree in figures["retrieval"].items()]
    _csv(folder / "retrieval.csv", ("queries", "recall_at_1", "recall_at_10", "mrr"), found)
    talked = figures.get("talk", {"turns": {}})
    shares = [(name, talked[name], talked["scripts"][name]) for name in talked["turns"]]
    _csv(folder / "talk.csv", ("family", "turns", "scripts"), shares)
    for name, curve in curves.items():
        _csv(folder / f"{name}.csv", ("step", "loss"), curve)


def _csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def read_curves(history: Path) -> dict[str, list[tuple[int, float]]]:
    """Training and validation loss by step from the trainer's history.jsonl; both empty if it is missing."""
    lines = history.read_text(encoding="utf-8").splitlines() if history.exists() else []
    steps = [json.loads(line) for line in lines if line.strip()]
    fields = {"train_loss": "loss", "validation_loss": "eval_loss"}
    return {
        name: [(int(step["step"]), float(step[field])) for step in steps if step.get(field) is not None]
        for name, field in fields.items()
    }


def tables(figures: Tree) -> list[Table]:
    """The figures as tables: answers, kinds, chat, talk (if there are conversations), retrieval."""
    answers, found = figures["answers"], figures["retrieval"]
    talked = [talk(figures["talk"])] if "talk" in figures else []
    return [_answers(answers), _kinds(answers), _chat(figures["chat"]), *talked, _retrieval(found)]


def _answers(tree: Tree) -> Table:
    rows = [_compared(worded(score), tree, score) for score in SCORES]
    if some := tree.get("answerable"):
        rows += [_compared(f"answerable: {worded(score)}", some, score) for score in ANSWERABLE]
    for name, what in (("told", "silence told"), ("refused", "wrongly refused")):
        rows.append((what, *(_figure(tree["not_said"][part].get(name)) for part in ("base", "adapter")), ""))
    rows.append(("empty", *(_figure(tree["empty"][part]) for part in ("base", "adapter")), ""))
    title = f"Answers: {tree['pairs']} questions on {tree['films']} held-out films [95 % interval]"
    return Table(title, ("score", "base", "base + adapter", "gain"), tuple(rows))


def _compared(what: str, tree: Tree, score: str) -> tuple[str, ...]:
    return what, *(_interval(tree[part], score, sign=part == "gain") for part in ("base", "adapter", "gain"))


def _kinds(tree: Tree) -> Table:
    rows = tuple(
        (
            kind,
            str(t["pairs"]),
            *(_figure(t[part][s]) for s in ("token_f1", "grounded") for part in ("base", "adapter")),
        )
        for kind, t in tree["kinds"].items()
    )
    header = ("kind", "questions", "F1 base", "F1 adapter", "grounded base", "grounded adapter")
    return Table("By kind of question", header, rows)


def _retrieval(groups: Tree) -> Table:
    rows = tuple(
        (worded(g), str(t["queries"]), _interval(t, "recall_at_1"), _figure(t["recall_at_10"]), _figure(t["mrr"]))
        for g, t in groups.items()
    )
    return Table("Retrieval: is the film found", ("queries", "number", "R@1", "R@10", "MRR"), rows)


def _chat(tree: Tree) -> Table:
    header = ("questions", "right film", "says it does not know", "grounded", "F1")
    shares = (tree["film"], tree["unknown"], tree["grounded"], tree["token_f1"])
    row = (str(tree["questions"]), *map(_figure, shares))
    return Table("The same questions asked of the whole chat", header, (row,))


def talk(tree: Tree) -> Table:
    """The figures of `talk.summarise`, one row per family."""
    rows = tuple(
        (name, str(turns), _interval(tree, name), str(tree["cases"][name]), _interval(tree["scripts"], name))
        for name, turns in tree["turns"].items()
    )
    title = f"Conversations as people type them: {tree['cases']['all']}, {tree['turns']['all']} turns [95 % interval]"
    return Table(title, ("family", "turns", "right", "whole", "right throughout"), rows)


def _interval(tree: Tree, name: str, *, sign: bool = False) -> str:
    form = "+.3f" if sign else ".3f"
    return f"{tree[name]:{form}} [{tree[name + '_low']:{form}}, {tree[name + '_high']:{form}}]"


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def show(shown: Iterable[Table]) -> None:
    """Print the tables to standard output."""
    from rich import box
    from rich.console import Console
    from rich.table import Table as Grid

    console = Console(highlight=False)
    console.width = max(console.width, _NARROWEST)
    for table in shown:
        console.print(table.title, style="bold", markup=False)
        grid = Grid(box=box.SIMPLE_HEAD)
        for i, name in enumerate(table.header):
            grid.add_column(name, justify="right" if i else "left", no_wrap=True)
        for row in table.rows:
            grid.add_row(*(cell.replace("[", "\\[") for cell in row))
        console.print(grid)


def _markdown(
    shown: Sequence[Table], drawn: Sequence[str], rows: Sequence[Tree], misses: Sequence[Tree], through: str | None
) -> str:
    images = [f"![{Path(name).stem}](pictures/{name})" for name in drawn]
    both = Table(
        "What both answered",
        ("question", "written by people", "base", "base + adapter"),
        tuple((row["question"], row["gold"], row["base"], row["adapter"]) for row in rows[:EXAMPLES]),
    )
    missed = Table(
        "What the chat missed",
        ("turn", "said", "answer", "wrong"),
        tuple((row["case"], row["said"][-1], row["answer"], row["wrong"]) for row in _spread(misses)),
    )
    opening = ["# Evaluation", *([f"Answered through {through}."] if through else [])]
    parts = [*opening, *map(_grid, shown), *images, _grid(both), *([_grid(missed)] if misses else [])]
    return "\n\n".join(parts) + "\n"


def _spread(misses: Sequence[Tree]) -> list[Tree]:
    """The first miss of every family, then every second one, ..., up to the number shown."""
    seen: Counter[str] = Counter()
    ranked = []
    for row in misses:
        ranked.append((seen[row["family"]], row))
        seen[row["family"]] += 1
    return [row for _, row in sorted(ranked, key=lambda r: r[0])[:EXAMPLES]]


def _grid(table: Table) -> str:
    lines = [table.header, tuple("---" for _ in table.header), *table.rows]
    return f"## {table.title}\n\n" + "\n".join("| " + " | ".join(map(_cell, line)) + " |" for line in lines)


def _cell(text: str) -> str:
    # Text from outside is data: it must not start a cell or a tag.
    flat = " ".join(text.split()).replace("\\", "\\\\")
    return flat.replace("|", "\\|").replace("<", "&lt;").replace("`", "\\`").replace("[", "\\[")
