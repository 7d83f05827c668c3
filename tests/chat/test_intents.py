"""The classifier of open intents, with the encoder that ships."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from moviechat.chat.intents import HEAD, Head, masked
from moviechat.chat.mentions import Mentions
from moviechat.chat.session import Chat
from moviechat.errors import BundleError

YEARS = (2019, 2022)


def test_a_conversation_with_the_fitted_head(shelf: Any) -> None:
    session = Chat(shelf).session()
    asked = {
        "who directed parasite?": "fact",
        "and 1917?": "fact",
        "I'm bored, find me something scary": "recommend",
        "what is the weather like today?": "smalltalk",
        "there is this film where a bus gets lost in the jungle, what was it called?": "similar",
    }
    assert {text: session.ask(text).kind for text in asked} == asked


def test_a_head_is_the_same_after_it_was_saved(head: Head, tmp_path: Path) -> None:
    head.save(tmp_path / HEAD)
    vector = np.linspace(-1, 1, head.hidden.shape[1]).astype(np.float32)
    loaded = Head.load(tmp_path / HEAD)
    assert loaded.labels == head.labels
    assert loaded.probabilities(vector) == pytest.approx(head.probabilities(vector), abs=1e-3)


@pytest.mark.parametrize("text", ["", "[]", '{"labels": ["fact"]}', '{"labels": 1, "hidden": [[1]]}'])
def test_a_damaged_head_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / HEAD).write_text(text, encoding="utf-8")
    with pytest.raises(BundleError, match=r"intents.json is missing or damaged .* run `dvc repro bundle`"):
        Head.load(tmp_path / HEAD)
    with pytest.raises(BundleError, match="missing"):
        Head.load(tmp_path / "nowhere.json")


def test_names_are_masked(taken_apart: Callable[..., Mentions]) -> None:
    assert masked(taken_apart("did Jordan Peele direct Nope?")) == "did the actor direct the film?"
    assert masked(taken_apart("hello there")) == "hello there"
