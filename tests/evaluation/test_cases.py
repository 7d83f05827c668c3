"""Conversations are read whole, or told what is wrong with them; the shipped ones are fair."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from moviechat import jsonl
from moviechat.errors import DataError
from moviechat.evaluation import cases, judging
from moviechat.evaluation.bounds import Catalogue, by_film
from moviechat.evaluation.judging import Said
from moviechat.facts import of_line
from moviechat.schema import Movie

CATALOGUE = Catalogue({"tt1": Movie("tt1", "A", "A", 2020, 90, ("Drama",), 7.0, 10)}, {})
SAMPLE = Path(__file__).parents[2] / "data" / "sample"
SHIPPED, FACTS = SAMPLE / "talk" / "cases.jsonl", SAMPLE / "facts" / "facts.jsonl"
# What a chat that understands nothing might say each time.
THOUGHTLESS: list[dict[str, Any]] = [
    {},
    {"answer": "The description does not say.", "kind": "unknown"},
    {"answer": "Hello! Ask me about films.", "kind": "smalltalk"},
    {"answer": "Here are some films.", "kind": "recommend", "movies": [{"tconst": "tt7286456"}]},
]


def write(folder: Path, *lines: Any) -> Path:
    path = folder / "cases.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def case(expect: Any, name: str = "x-1") -> dict[str, Any]:
    return {"id": name, "family": "x", "turns": [{"say": "hi", "expect": expect}]}


def test_a_conversation_is_read_with_its_turns(tmp_path: Path) -> None:
    [read] = cases.read([write(tmp_path, case({"none": True}))])
    assert (read.id, read.family, read.turns) == ("x-1", "x", (cases.Turn("hi", {"none": True}),))


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ({"id": "x", "family": "x"}, '"turns" is missing'),
        ({"family": "x", "turns": [{"say": "hi", "expect": {"none": True}}]}, '"id" is missing'),
        ({"id": "x", "family": "x", "turns": [{"expect": {"none": True}}]}, 'no "say"'),
        (case({}), "expects nothing"),
        (case({"fact": [["x"]]}), "unknown check 'fact'"),
        (case({"least": True}), "must be a int"),
        (case({"says": "x"}), "must be a list"),
        (case({"says": ["("]}), "invalid pattern"),
        (case({"order": "length"}), "unknown order 'length'"),
        (case({"limits": {"genre": ["Drama"]}}), "limit 'genre'"),
        (case({"either": [{"none": True}, {}]}), "expects nothing"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, line: Any, told: str) -> None:
    with pytest.raises(DataError, match=rf"cases\.jsonl:2: .*{told}"):
        cases.read([write(tmp_path, case({"none": True}, "x-0"), line)])


def test_an_id_stands_for_one_conversation(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="two conversations have the id 'x-1'"):
        cases.read([write(tmp_path, case({"none": True}), case({"none": True}))])


@pytest.mark.parametrize(
    ("expect", "told"),
    [
        ({"first": "tt9"}, "tt9 is not in"),
        ({"named": ["tt9"]}, "tt9 is not in"),
        ({"limits": {"genres_all": ["Horror"]}}, "only 0 films keep"),
        ({"limits": {"year_min": 2020}, "least": 2}, "only 1 films keep"),
        ({"limits": {"year_min": 2020}, "named": ["tt1"]}, "only 0 films keep"),
        ({"limits": {"year_min": 2020}, "none": True}, "no film should"),
    ],
)
def test_what_no_chat_could_do_is_told(tmp_path: Path, expect: dict[str, Any], told: str) -> None:
    [fault] = cases.faults(cases.read([write(tmp_path, case(expect))]), CATALOGUE)
    assert fault.startswith("x-1, turn 1: ") and told in fault


@pytest.fixture(scope="module")
def shipped() -> list[cases.Case]:
    return cases.read([SHIPPED])


@pytest.fixture(scope="module")
def sample(sample_films: tuple[dict[str, Movie], dict[str, str]]) -> Catalogue:
    movies, described = sample_films
    facts = [fact for line in jsonl.read(FACTS) for fact in of_line(line, inferred=False)]
    return Catalogue({t: m for t, m in movies.items() if t in described}, by_film(facts))


def test_the_shipped_conversations_are_fair(shipped: list[cases.Case], sample: Catalogue) -> None:
    assert cases.faults(shipped, sample) == []


def test_every_family_is_there_and_large_enough(shipped: list[cases.Case]) -> None:
    count = Counter(c.family for c in shipped)
    assert min(n for family, n in count.items() if family != "long") >= 20
    assert set(count) == {
        "fact", "unknown", "identify", "around", "followup", "plot", "limits", "like", "occasion", "rank",
        "impossible", "gaps", "refine", "history", "switch", "long",
    }  # fmt: skip


def test_no_shipped_turn_lets_any_reply_pass(shipped: list[cases.Case], sample: Catalogue) -> None:
    turns = [(c.id, t) for c in shipped for t in c.turns]
    right = [(i, t.say) for i, t in turns if all(_passes(t.expect, reply, sample) for reply in THOUGHTLESS)]
    assert right == []
    assert [(i, t.say) for i, t in turns if _passes(t.expect, {}, sample)] == []


def _passes(expect: judging.Expect, reply: dict[str, Any], catalogue: Catalogue) -> bool:
    return not judging.wrong(expect, Said.of(reply), catalogue)
