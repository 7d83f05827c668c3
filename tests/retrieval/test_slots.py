"""The places that questions leave for titles."""

from __future__ import annotations

import pytest

from moviechat.retrieval.text import Text


def _places(text: str, kind: str) -> set[str]:
    read = Text(text)
    return {" ".join(t.raw for t in read.tokens[a:b]) for a, b in getattr(read.slots, kind)}


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("Who directed Us?", "Us"),
        ("who wrote the screenplay for us", "us"),
        ("How long is the movie Old?", "Old"),
        ("What is Nope about?", "Nope"),
        ("can you tell me about us please", "us"),
        ("when was us released?", "us"),
        ("I loved it. Who directed Us?", "Us"),
        ("who directed us, and when?", "us"),
        ("What's the runtime of the 2019 film Us?", "Us"),
    ],
)
def test_what_demands_a_title(question: str, title: str) -> None:
    assert title in _places(question, "demanded")


@pytest.mark.parametrize("question", ["Is Old any good?", "have you seen old yesterday", "how does old end?"])
def test_what_welcomes_a_title(question: str) -> None:
    assert "old" in {p.lower() for p in _places(question, "welcomed")}


def test_two_titles_may_share_a_place() -> None:
    assert {"Us", "Nope"} <= _places("Who directed Us and Nope?", "joined")


def test_a_description_is_no_title() -> None:
    assert _places("Who directed the film where a bus is lost?", "demanded") == set()
