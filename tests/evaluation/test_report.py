"""What evaluate writes and prints."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from moviechat.evaluation import report

CURVES = {"train_loss": [(1, 2.5), (2, 2.0)], "validation_loss": [(2, 2.25)]}


@pytest.fixture(scope="module")
def written(measured: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("evaluate")
    report.write(out, measured[0], measured[1], measured[2], CURVES)
    return out


def files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_the_same_figures_give_the_same_bytes(written: Path, measured: Any, tmp_path: Path) -> None:
    report.write(tmp_path, measured[0], measured[1], measured[2], CURVES)
    assert files(tmp_path) == files(written)


def test_an_engine_that_is_not_the_bundles_is_named(written: Path, measured: Any, tmp_path: Path) -> None:
    report.write(tmp_path, measured[0], measured[1], measured[2], CURVES, "vllm 1, bfloat16")
    told, own = files(tmp_path), files(written)
    assert b"Answered through vllm 1, bfloat16." in told.pop("report.md")
    assert b"Answered through" not in own.pop("report.md")
    assert told == own


def test_metrics_are_sorted_and_hold_numbers_only(written: Path) -> None:
    text = (written / "metrics.json").read_text()
    assert text == json.dumps(json.loads(text), indent=1, sort_keys=True) + "\n"

    def leaves(tree: Any) -> list[Any]:
        return [x for v in tree.values() for x in leaves(v)] if isinstance(tree, dict) else [tree]

    assert all(type(x) in (int, float) for x in leaves(json.loads(text)))


def test_answers_are_a_line_a_question(written: Path) -> None:
    lines = (written / "answers.jsonl").read_text().splitlines()
    assert len(lines) == 8
    assert json.loads(lines[0])["gold"] == "In an old bus."


def test_plots_are_tables_that_dvc_draws(written: Path) -> None:
    rows = {p.name: list(csv.DictReader(p.open())) for p in (written / "plots").iterdir()}
    assert sorted(rows) == [
        "answers.csv", "kinds.csv", "retrieval.csv", "talk.csv", "train_loss.csv", "validation_loss.csv",
    ]  # fmt: skip
    assert rows["train_loss.csv"] == [{"step": "1", "loss": "2.5"}, {"step": "2", "loss": "2.0"}]
    assert rows["answers.csv"][0] == {"score": "exact_match base", "value": "0.0"}
    assert rows["talk.csv"][0] == {"family": "fact", "turns": "0.5", "scripts": "0.5"}


def test_the_report_shows_tables_pictures_and_both_answers(written: Path) -> None:
    text = (written / "report.md").read_text()
    for picture in ("answers", "kinds", "loss", "retrieval", "talk"):
        assert f"](pictures/{picture}.png)" in text
        assert (written / "pictures" / f"{picture}.png").is_file()
    assert "What both answered" in text and "In a bus, in Brussels." in text


def test_text_from_outside_opens_no_cell_and_no_tag(written: Path) -> None:
    line = next(x for x in (written / "report.md").read_text().splitlines() if "setting of tt0" in x)
    assert "\\| &lt;b>?" in line
    assert line.replace("\\|", "").count("|") == 5


def test_what_the_chat_missed_is_kept_and_shown(written: Path) -> None:
    [line] = (written / "misses.jsonl").read_text().splitlines()
    assert json.loads(line)["wrong"] == "lacks 90"
    assert "| fact-1.1 | how long \\| &lt;i> is it | Very long. | lacks 90 |" in (written / "report.md").read_text()


def test_misses_shown_are_spread_over_the_families(measured: Any, tmp_path: Path) -> None:
    misses = [
        {"case": f"{family}-{n}", "family": family, "said": ["x"], "answer": "y", "wrong": "z"}
        for family, n in [("fact", i) for i in range(20)] + [("plot", 1)]
    ]
    report.write(tmp_path, measured[0], measured[1], misses, CURVES)
    text = (tmp_path / "report.md").read_text()
    assert "plot-1 |" in text and text.count("| x | y | z |") == report.EXAMPLES


def test_without_conversations_there_is_no_table_of_them(measured: Any, tmp_path: Path) -> None:
    figures = {name: tree for name, tree in measured[0].items() if name != "talk"}
    report.write(tmp_path, figures, measured[1], [], CURVES)
    assert (tmp_path / "plots" / "talk.csv").read_text() == "family,turns,scripts\n"
    assert "Conversations" not in (tmp_path / "report.md").read_text()


def test_curves_are_read_from_the_trainers_history(tmp_path: Path) -> None:
    history = tmp_path / "history.jsonl"
    history.write_text('{"step": 1, "loss": 2.5}\n{"step": 2, "loss": 2.0, "eval_loss": 2.25}\n\n{"step": 2, "x": 1}\n')
    assert report.read_curves(history) == CURVES


def test_a_bundle_without_history_has_no_curve(tmp_path: Path) -> None:
    assert report.read_curves(tmp_path / "history.jsonl") == {"train_loss": [], "validation_loss": []}


def test_the_printed_table_is_readable(measured: Any, capsys: pytest.CaptureFixture[str]) -> None:
    report.show(report.tables(measured[0]))
    printed = capsys.readouterr().out
    assert "Answers: 8 questions on 4 held-out films [95 % interval]" in printed
    assert "…" not in printed, "no figure is cut off"
    line = next(x for x in printed.splitlines() if x.strip().startswith("token f1"))
    assert line.count("[") == 3 and "+0." in line


def test_rounding_leaves_counts_alone() -> None:
    assert report.rounded({"a": {"b": 0.123456, "n": 3}}) == {"a": {"b": 0.1235, "n": 3}}
