"""The networks that read a message, with the encoder that ships."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file

from moviechat.chat.heads import INTENTS, Head, grams, masked
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
    head.save(tmp_path / INTENTS)
    vector = np.linspace(-1, 1, head.hidden.shape[1] - len(head.grams)).astype(np.float32)
    loaded = Head.load(tmp_path / INTENTS)
    assert (loaded.labels, loaded.grams) == (head.labels, head.grams)
    said = sorted(head.grams)[:3]
    assert loaded.shares(vector, said) == head.shares(vector, said)
    assert loaded.shares(vector, said) != loaded.shares(vector, ["never said"])


def test_chances_are_each_for_itself_and_shares_of_one(head: Head) -> None:
    vector = np.zeros(head.hidden.shape[1] - len(head.grams), np.float32)
    shares, chances = head.shares(vector, []), head.chances(vector, [])
    assert sum(shares.values()) == pytest.approx(1)
    assert max(shares, key=lambda n: shares[n]) == max(chances, key=lambda n: chances[n])
    assert all(0 < chance < 1 for chance in chances.values())


@pytest.mark.parametrize("told", [None, "[]", '{"labels": []}', '{"labels": 1, "grams": {}}', "["])
def test_a_damaged_head_is_told(head: Head, tmp_path: Path, told: str | None) -> None:
    save_file({"hidden": head.hidden}, tmp_path / INTENTS, told and {"head": told})
    with pytest.raises(BundleError, match=r"intents.safetensors is missing or damaged .* run `dvc repro bundle`"):
        Head.load(tmp_path / INTENTS)
    with pytest.raises(BundleError, match="missing"):
        Head.load(tmp_path / "nowhere")


def test_names_are_masked(taken_apart: Callable[..., Mentions]) -> None:
    assert masked(taken_apart("did Jordan Peele direct Nope?")) == "did the actor direct the film?"
    assert masked(taken_apart("hello there")) == "hello there"


def test_grams_are_words_and_pairs_with_names_and_known_words_as_their_kinds(
    taken_apart: Callable[..., Mentions],
) -> None:
    said = grams(taken_apart("did Jordan Peele direct Nope?"))
    assert {"did", "< did", "did ¶", "? >"} <= set(said)
    assert not any("peele" in gram or "nope" in gram for gram in said)
    assert {"genre", "amount:runtime"} <= set(grams(taken_apart("a science fiction film under 100 minutes")))
    assert grams(taken_apart("")) == ["< >"]
