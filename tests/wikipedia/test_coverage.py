from pathlib import Path

from moviechat.schema import Passage
from moviechat.wikipedia.coverage import Coverage


def _text(tconst: str, section: str | None, number: int = 0) -> Passage:
    return Passage(tconst, number, "It waits.", section, "wikipedia", None, None, None)


TEXTS = [
    _text("tt1", "Plot"),
    _text("tt1", "Plot", 1),
    _text("tt1", "Trivia"),
    _text("tt2", None),
    _text("tt2", "Lead"),
]
REASONS = {"tt1": "", "tt2": "", "tt3": "no article", "tt4": "no article", "tt5": "article is gone"}


def test_films_are_counted_by_section_and_by_reason() -> None:
    coverage = Coverage.of([*REASONS], TEXTS, REASONS)
    assert coverage.films == 5
    assert list(coverage.sections.items()) == [("Lead", 1), ("Plot", 1), ("Trivia", 1), ("no section", 1)]
    assert coverage.without == {"tt3": "no article", "tt4": "no article", "tt5": "article is gone"}
    lines = [line.split() for line in coverage.table().splitlines()]
    assert lines[1] == ["Plot", "1", "20.0%"]
    assert lines[4:] == [["none:", "no", "article", "2", "40.0%"], ["none:", "article", "is", "gone", "1", "20.0%"]]


def test_the_same_figures_give_the_same_bytes(tmp_path: Path) -> None:
    for folder in (tmp_path / "a", tmp_path / "b"):
        Coverage.of([*REASONS], TEXTS, REASONS).save(folder)
    for name in ("coverage.json", "coverage.png"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_nothing_at_all_is_a_coverage_too(tmp_path: Path) -> None:
    empty = Coverage.of([], [], {})
    empty.save(tmp_path)
    assert (empty.table(), [p.name for p in tmp_path.iterdir()]) == ("", ["coverage.json"])
