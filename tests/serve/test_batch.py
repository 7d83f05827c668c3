import json
from pathlib import Path
from typing import Any

import pytest

from moviechat.errors import DataError, ModelError
from moviechat.limits import Limits
from moviechat.reply import Hit, Reply
from moviechat.retrieval.search import Explained
from moviechat.serve import batch


class FakeSession:
    """Answers with all that it was told."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def overhear(self, text: str, answered: str = "") -> None:
        self.heard.append(f"{text}>{answered}")

    def ask(self, text: str) -> Reply:
        if text == "fail":
            raise ModelError("the model is gone")
        return Reply(f"{self.heard} {text}", "fact", False, (), (), "catalogue", 0.12345)


class FakeChat:
    """Starts conversations and finds one film for everything."""

    def session(self) -> FakeSession:
        return FakeSession()

    def explain(self, query: str, limit: int, within: Limits | None) -> list[Explained]:
        hits = [Hit(f"tt{n}", query, 2020, 1.0 / (n + 1)) for n in range(limit)]
        return [Explained(hit, {"words": hit.score}) for hit in hits if not within]


@pytest.fixture
def run(tmp_path: Path) -> Any:
    def run(job: Any, lines: list[Any], *rest: Any) -> list[Any]:
        source, target = tmp_path / "in.jsonl", tmp_path / "out" / "out.jsonl"
        source.write_text("".join(f"{x if isinstance(x, str) else json.dumps(x)}\n" for x in lines), encoding="utf-8")
        job(FakeChat(), source, target, *rest)
        return [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]

    return run


def _turn(*contents: str) -> list[dict[str, str]]:
    return [{"role": ("user", "assistant")[i % 2], "content": c} for i, c in enumerate(contents)]


def test_the_last_user_message_is_answered_and_the_earlier_are_overheard(run: Any) -> None:
    told = run(
        batch.ask,
        [
            {"id": 7, "messages": [{"role": "system", "content": "Obey!"}, *_turn("a", "A", "b", "B", "c", "C")]},
            {"id": "x", "messages": [*_turn("a")[:1], *_turn("b")[:1]]},
        ],
    )
    assert [(t["id"], t["answer"]) for t in told] == [(7, "['a>A', 'b>B'] c"), ("x", "['a>'] b")]
    keys = ["answer", "kind", "grounded", "movies", "sources", "model", "seconds", "understood", "suggestions"]
    assert list(told[0]) == ["id", *keys]
    assert told[0]["seconds"] == 0.123


def test_every_turn_of_a_conversation_is_answered(run: Any) -> None:
    told = run(batch.converse, [{"id": 1, "turns": ["a", "b"]}, {"id": 2, "turns": ["c"]}])
    assert [(t["id"], [r["answer"] for r in t["replies"]]) for t in told] == [(1, ["[] a", "[] b"]), (2, ["[] c"])]


@pytest.mark.parametrize("turns", ["hello", [], [1], None])
def test_a_line_without_turns_is_told(run: Any, turns: Any) -> None:
    with pytest.raises(DataError, match='"turns" must be a list of texts'):
        run(batch.converse, [{"id": 1, "turns": turns}])


def test_queries_with_limits_and_explanations(run: Any) -> None:
    (found,) = run(batch.search, [{"query": "b"}], 1, None, True)
    assert found["hits"][0]["parts"] == {"words": 1.0}
    assert run(batch.search, [{"query": "b"}], 1, Limits(genres_all=("Horror",))) == [{"query": "b", "hits": []}]


def test_queries_keep_their_order(run: Any) -> None:
    found = run(batch.search, [{"query": "b"}, {"query": "기생충", "more": 1}], 2)
    assert [f["query"] for f in found] == ["b", "기생충"]
    assert found[0]["hits"][1] == {"tconst": "tt1", "title": "b", "year": 2020, "score": 0.5}


def test_what_no_file_can_hold_is_written_all_the_same(run: Any) -> None:
    (told,) = run(batch.ask, ['{"id": "\\ud800", "messages": [{"role": "user", "content": "a"}]}'])
    assert told["id"] == "\ud800"


@pytest.mark.parametrize(
    ("job", "line", "fault"),
    [
        (batch.ask, "{", "not JSON"),
        (batch.ask, "[]", "a JSON list, not an object"),
        (batch.ask, {"id": 1}, '"messages" must be a list'),
        (batch.ask, {"id": 1, "messages": "hello"}, '"messages" must be a list'),
        (batch.ask, {"id": 1, "messages": []}, 'no message of "user"'),
        (batch.ask, {"id": 1, "messages": [{"role": "assistant", "content": "a"}]}, 'no message of "user"'),
        (batch.ask, {"id": 1, "messages": ["hello"]}, '"hello" is no message'),
        (batch.ask, {"id": 1, "messages": [{"role": "robot", "content": "a"}]}, "is no message"),
        (batch.ask, {"id": 1, "messages": [{"role": ["user"], "content": "a"}]}, "is no message"),
        (batch.ask, {"id": 1, "messages": [{"role": "user", "content": 3}]}, "is no message"),
        (batch.search, {"q": "a"}, '"query" is missing'),
        (batch.search, {"query": ["a"]}, '"query" is'),
    ],
)
def test_a_bad_line_is_named_and_nothing_is_written(run: Any, tmp_path: Path, job: Any, line: Any, fault: str) -> None:
    good = {"id": 1, "query": "a", "messages": _turn("a")}
    with pytest.raises(DataError) as caught:
        run(job, [good, line, good], *([5] if job is batch.search else []))
    assert fault in str(caught.value)
    assert "in.jsonl:2" in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_a_failure_half_way_leaves_the_old_output(run: Any, tmp_path: Path) -> None:
    run(batch.ask, [{"id": 1, "messages": _turn("a")}])
    before = (tmp_path / "out" / "out.jsonl").read_text()
    with pytest.raises(ModelError):
        run(batch.ask, [{"id": 2, "messages": _turn("a")}, {"id": 3, "messages": _turn("fail")}])
    assert [f.read_text() for f in (tmp_path / "out").iterdir()] == [before]


def test_an_input_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"none\.jsonl is missing"):
        batch.search(FakeChat(), tmp_path / "none.jsonl", tmp_path / "out.jsonl", 3)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ({"messages": []}, 'no message of "user"'),
        ({"messages": [{"role": "user", "content": "a"}], "exclude": "tt01"}, '"exclude" must be a list of IMDb ids'),
        ({"messages": [{"role": "user", "content": "a"}], "exclude": [1]}, '"exclude" must be a list of IMDb ids'),
    ],
)
def test_a_dialogue_that_is_none_is_told_with_its_place(run: Any, line: dict[str, Any], told: str) -> None:
    with pytest.raises(DataError, match=f"in.jsonl.*1.*{told}"):
        run(batch.recommend, [line], 5)
