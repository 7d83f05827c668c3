"""Facts as lines bring them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moviechat import jsonl
from moviechat.errors import DataError
from moviechat.facts import FIELDS, of_line, used
from moviechat.schema import Fact


def _line(value: dict[str, Any]) -> jsonl.Line:
    return jsonl.Line(str(Path("facts") / "mine.jsonl:3"), json.dumps(value), value)


def test_every_field_of_a_line_becomes_facts() -> None:
    line = _line(
        {
            "tconst": " tt1 ",
            "countries": ["USA", "Czechia", " ", "United  States"],
            "age_rating": "R",
            "languages": [],
            "awards": None,
            "article": "Old Bus (film)",
            "url": "https://x.org",
            "sources": ["a", "b"],
        }
    )
    about = ("a, b", "https://x.org")
    assert list(of_line(line, inferred=True)) == [
        Fact("tt1", "countries", "United States", *about),
        Fact("tt1", "countries", "Czech Republic", *about),
        Fact("tt1", "age_rating", "R", *about),
        Fact("tt1", "article", "Old Bus (film)", *about),
    ]


def test_what_was_guessed_is_marked_or_left_out() -> None:
    line = _line({"tconst": "tt1", "countries": ["India"], "languages": ["Tamil"], "inferred": ["countries"]})
    assert [(f.value, f.source) for f in of_line(line, inferred=True)] == [
        ("India", "mine, inferred"),
        ("Tamil", "mine"),
    ]
    assert [f.value for f in of_line(line, inferred=False)] == ["Tamil"]


@pytest.mark.parametrize(
    ("key", "value"), [("countries", [1]), ("countries", {"a": 1}), ("age_rating", 18), ("inferred", True)]
)
def test_what_is_no_name_is_told_with_its_place(key: str, value: Any) -> None:
    with pytest.raises(DataError, match=rf'mine\.jsonl:3: "{key}" is .* not a list of strings'):
        list(of_line(_line({"tconst": "tt1", key: value}), inferred=True))
    with pytest.raises(DataError, match='"tconst" is missing'):
        list(of_line(_line({"countries": ["India"]}), inferred=True))


@given(st.sampled_from(FIELDS), st.text())
def test_the_used_name_of_a_used_name_is_itself(field: str, value: str) -> None:
    assert used(field, used(field, value)) == used(field, value)
