"""The stage measures what it says it measures, and leaves the same bytes each time."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from moviechat import params
from moviechat.errors import BundleError, DataError
from moviechat.frames import frame, write_parquet
from moviechat.reply import Hit, MovieRef, Reply, Source
from moviechat.schema import Movie, Passage, QAPair
from moviechat.stages import evaluate

P = params.Evaluate(
    qa_pairs=4, chat_pairs=2, title_queries=9, fact_films=2, bootstrap=100, seed=1, floors={}, guarded=[]
)
MOVIES = {
    f"tt{i}": Movie(f"tt{i}", title, title, 2019 + i, 90 + i, ("Drama",), 6.5, 100 + i, ("Ann Lee",), (), ("Bo Li",))
    for i, title in enumerate(["Hollow Bridge", "Quiet Lantern", "Silver Harbour"])
}
PASSAGES = {t: [Passage(t, 0, "They hide in an old bus.", None, "x", None, None, None)] for t in MOVIES}
PAIRS = [
    QAPair(t, kind, f"{ask} {m.title}?", "In an old bus.", "Description: They hide in an old bus.", "file")
    for t, m in MOVIES.items()
    for kind, ask in (("setting", "Where do they hide in"), ("about", "What is"))
]


class Finder:
    """Finds films by a title spelled as it is."""

    def search(self, query: str, limit: int = 10) -> list[Hit]:
        return [Hit(m.tconst, m.title, m.year, 1.0) for m in MOVIES.values() if m.title in query][:limit]


class Session:
    """Says the whole row of the film that is named, and which film it is."""

    def ask(self, text: str) -> Reply:
        movie = next(m for m in MOVIES.values() if m.title in text)
        said = f"{movie.label}: {movie.runtime} minutes, {movie.votes} votes, 6.5, drama, Ann Lee, Bo Li, an old bus"
        sources = tuple(Source(movie.tconst, field, "x") for field in movie.to_row() if field != "cast")
        return Reply(said, "fact", True, (MovieRef(movie.tconst, movie.title, movie.year),), sources, "fake", 0.5)


CHAT: Any = SimpleNamespace(shelf=SimpleNamespace(movies=MOVIES, passages=PASSAGES, finder=Finder()), session=Session)
MODELS: dict[str, Any] = {
    "base": lambda prompts: ["In Brussels with Anna."] * len(prompts),
    "adapter": lambda prompts: [" In an old bus."] * len(prompts),
}


@pytest.fixture(scope="module")
def measured() -> evaluate.Measured:
    return evaluate.measure(P, CHAT, MODELS, PAIRS)


def test_the_adapter_is_measured_against_the_base(measured: evaluate.Measured) -> None:
    figures = measured.figures["answers"]
    assert (figures["pairs"], figures["base"]["grounded"], figures["adapter"]["exact_match"]) == (4, 0.0, 1.0)
    assert figures["gain"]["grounded"] == 1.0


def test_the_chat_is_asked_the_first_of_the_same_questions(measured: evaluate.Measured) -> None:
    assert (measured.figures["chat"]["questions"], measured.figures["chat"]["film"]) == (2, 1.0)
    assert [row["chat"] is None for row in measured.rows] == [False, False, True, True]


def test_a_fact_without_its_source_is_not_right(measured: evaluate.Measured) -> None:
    facts = measured.figures["facts"]
    assert (facts["films"], facts["questions"], facts["value"]) == (2, 14, 1.0)
    assert {field: share for field, share in facts["fields"].items() if share < 1} == {"cast": 0.0}


def test_titles_and_questions_are_searched(measured: evaluate.Measured) -> None:
    found = measured.figures["retrieval"]
    assert {group: tree["queries"] for group, tree in found.items()} == {
        "questions": 6, "exact": 3, "lower_case": 3, "one_typo": 3,
    }  # fmt: skip
    assert found["questions"]["recall_at_1"] == found["exact"]["recall_at_1"] == 1.0
    assert found["one_typo"]["recall_at_10"] == 0.0


def test_seconds_stay_out_of_the_figures(measured: evaluate.Measured) -> None:
    assert {name: len(seconds) for name, seconds in measured.seconds.items()} == {
        "search": 15, "fact_reply": 14, "plot_reply": 2,
    }  # fmt: skip
    again = evaluate.measure(P, CHAT, MODELS, PAIRS)
    assert (again.figures, again.rows) == (measured.figures, measured.rows)


def test_pairs_of_another_catalogue_are_refused() -> None:
    stranger = QAPair("tt9", "about", "What is it?", "x", "", "file")
    with pytest.raises(DataError, match="tt9"):
        evaluate.measure(P, CHAT, MODELS, [stranger])


def test_an_empty_test_part_is_an_error_that_says_the_way_out(tmp_path: Path) -> None:
    write_parquet(frame(QAPair, []), tmp_path / "test.parquet")
    with pytest.raises(DataError, match=r"raise split\.test"):
        evaluate.run(P, bundle=tmp_path, split=tmp_path, out=tmp_path / "out")


def test_no_bundle_is_an_error_that_says_the_way_out(tmp_path: Path) -> None:
    write_parquet(frame(QAPair, PAIRS), tmp_path / "test.parquet")
    with pytest.raises(BundleError, match="dvc repro"):
        evaluate.run(P, bundle=tmp_path, split=tmp_path, out=tmp_path / "out")
    assert not (tmp_path / "out").exists()
