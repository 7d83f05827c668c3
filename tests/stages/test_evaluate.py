"""The stage measures what it says it measures, and leaves the same bytes each time."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from moviechat import params
from moviechat.errors import BundleError, DataError, ModelError
from moviechat.evaluation.bounds import Catalogue
from moviechat.evaluation.cases import Case, Turn
from moviechat.frames import frame, write_parquet
from moviechat.grounding.check import Verdict
from moviechat.grounding.record import Record
from moviechat.reply import Hit, MovieRef, Reply, Source
from moviechat.schema import Movie, Passage, QAPair
from moviechat.stages import bundle, evaluate

P = params.Evaluate(
    qa_pairs=4, chat_pairs=2, title_queries=9, talk_folder="none", bootstrap=100, seed=1, floors={}, guarded=[]
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


class Checker:
    """Takes what says that it is the bus for supported."""

    def check(self, question: str, answer: str, record: Record) -> Verdict:
        return Verdict("bus" in answer)


CHAT: Any = SimpleNamespace(
    shelf=SimpleNamespace(movies=MOVIES, passages=PASSAGES, finder=Finder(), checker=Checker()), session=Session
)
CATALOGUE = Catalogue(MOVIES, {})
ASKED = (("Hollow Bridge, how long", "90"), ("and Quiet Lantern, its year", "2021"))
SPOKEN = [Case("fact-1", "fact", tuple(Turn(say, {"facts": [[value]]}) for say, value in ASKED))]
MODELS: dict[str, Any] = {
    "base": lambda prompts: ["In Brussels with Anna."] * len(prompts),
    "adapter": lambda prompts: [" In an old bus."] * len(prompts),
}


@pytest.fixture(scope="module")
def measured() -> evaluate.Measured:
    return evaluate.measure(P, CHAT, MODELS, PAIRS, SPOKEN, CATALOGUE)


def test_the_adapter_is_measured_against_the_base(measured: evaluate.Measured) -> None:
    figures = measured.figures["answers"]
    assert (figures["pairs"], figures["base"]["grounded"], figures["adapter"]["exact_match"]) == (4, 0.0, 1.0)
    assert figures["gain"]["grounded"] == 1.0


def test_the_chat_is_asked_the_first_of_the_same_questions(measured: evaluate.Measured) -> None:
    assert (measured.figures["chat"]["questions"], measured.figures["chat"]["film"]) == (2, 1.0)
    assert [row["chat"] is None for row in measured.rows] == [False, False, True, True]


def test_conversations_are_held_and_what_is_missed_is_kept(measured: evaluate.Measured) -> None:
    talked = measured.figures["talk"]
    assert (talked["fact"], talked["scripts"]["fact"], talked["turns"]["all"]) == (0.5, 0.0, 2)
    assert [(row["case"], row["wrong"]) for row in measured.misses] == [("fact-1.2", "lacks 2021")]


def test_without_conversations_there_are_no_figures_of_them() -> None:
    assert "talk" not in evaluate.measure(P, CHAT, MODELS, PAIRS, [], CATALOGUE).figures


def test_conversations_over_other_films_are_refused() -> None:
    strange = Case("fact-2", "fact", (Turn("Quiet Lantern?", {"first": "tt99"}),))
    with pytest.raises(DataError, match=r"fact-2, turn 1: tt99 .* evaluate\.talk_folder"):
        evaluate.measure(P, CHAT, MODELS, PAIRS, [strange], CATALOGUE)


def test_titles_and_questions_are_searched(measured: evaluate.Measured) -> None:
    found = measured.figures["retrieval"]
    assert {group: tree["queries"] for group, tree in found.items()} == {
        "questions": 6, "exact": 3, "lower_case": 3, "one_typo": 3,
    }  # fmt: skip
    assert found["questions"]["recall_at_1"] == found["exact"]["recall_at_1"] == 1.0
    assert found["one_typo"]["recall_at_10"] == 0.0


def test_seconds_stay_out_of_the_figures(measured: evaluate.Measured) -> None:
    assert {name: len(seconds) for name, seconds in measured.seconds.items()} == {
        "search": 15, "held_out_reply": 2, "fact_reply": 2,
    }  # fmt: skip
    again = evaluate.measure(P, CHAT, MODELS, PAIRS, SPOKEN, CATALOGUE)
    assert (again.figures, again.rows, again.misses) == (measured.figures, measured.rows, measured.misses)


def test_pairs_of_another_catalogue_are_refused() -> None:
    stranger = QAPair("tt9", "about", "What is it?", "x", "", "file")
    with pytest.raises(DataError, match="tt9"):
        evaluate.measure(P, CHAT, MODELS, [stranger], [], CATALOGUE)


def test_an_empty_test_part_is_an_error_that_says_the_way_out(tmp_path: Path) -> None:
    write_parquet(frame(QAPair, []), tmp_path / "test.parquet")
    with pytest.raises(DataError, match=r"raise split\.test"):
        evaluate.run(P, bundle=tmp_path, split=tmp_path, out=tmp_path / "out")


def test_no_bundle_is_an_error_that_says_the_way_out(tmp_path: Path) -> None:
    write_parquet(frame(QAPair, PAIRS), tmp_path / "test.parquet")
    with pytest.raises(BundleError, match="dvc repro"):
        evaluate.run(P, bundle=tmp_path, split=tmp_path, out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_all_questions_can_be_asked_at_once(measured: evaluate.Measured) -> None:
    sizes: list[int] = []

    def counted(prompts: Sequence[str]) -> list[str]:
        sizes.append(len(prompts))
        return list(MODELS["adapter"](prompts))

    models = {"base": MODELS["base"], "adapter": counted}
    for together in (1, 4):
        assert evaluate.measure(P, CHAT, models, PAIRS, SPOKEN, CATALOGUE, together).rows == measured.rows
    assert sizes == [1, 1, 1, 1, 4]


def test_a_bundle_that_vllm_cannot_answer_for_is_refused(
    bundle_inputs: dict[str, Path], bundle_params: Any, tmp_path: Path
) -> None:
    bundle.run(bundle_params, **bundle_inputs, out=tmp_path / "bundle")
    write_parquet(frame(QAPair, PAIRS), tmp_path / "test.parquet")
    with pytest.raises(ModelError, match="is a GGUF"):
        evaluate.run(P, bundle=tmp_path / "bundle", split=tmp_path, out=tmp_path / "out", vllm=True)
    assert not (tmp_path / "out").exists()
