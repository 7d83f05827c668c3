"""The networks that read a message, with the encoder that ships."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file

from moviechat.chat.heads import Head, grams, learnt, masked
from moviechat.chat.mentions import Mentions
from moviechat.chat.session import Chat
from moviechat.errors import BundleError


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
    head.save(tmp_path / "head.safetensors", "this")
    assert learnt(tmp_path / "head.safetensors") == "this"
    assert learnt(tmp_path / "nowhere") == ""
    vector = np.linspace(-1, 1, head.hidden.shape[1] - len(head.grams)).astype(np.float32)
    loaded = Head.load(tmp_path / "head.safetensors")
    assert (loaded.labels, loaded.grams) == (head.labels, head.grams)
    said = sorted(head.grams)[:3]
    assert loaded.shares(vector, said) == pytest.approx(head.shares(vector, said), abs=0.01)
    assert loaded.shares(vector, said) != loaded.shares(vector, ["never said"])


def test_what_is_saved_in_8_bits_is_nearly_the_same(head: Head, tmp_path: Path) -> None:
    drawn = np.random.default_rng(1).standard_normal(head.hidden.shape).astype(np.float32)
    noisy = replace(head, hidden=head.hidden + drawn / 10)
    noisy.save(tmp_path / "head.safetensors", "this")
    loaded = Head.load(tmp_path / "head.safetensors")
    far = np.abs(loaded.hidden - noisy.hidden).max(axis=0)
    assert (far <= np.abs(noisy.hidden).max(axis=0) / 127 * 0.6).all()


def test_the_mean_of_networks_scores_as_they_do_together(head: Head) -> None:
    vector = np.linspace(-1, 1, head.hidden.shape[1] - len(head.grams)).astype(np.float32)
    other = replace(head, weights=-head.weights, biases=head.biases + 2)
    both = Head.mean([head, other])
    one, two, scores = (np.log([*h.shares(vector, []).values()]) for h in (head, other, both))
    wanted = (one + two) / 2
    assert np.allclose(scores - scores.mean(), wanted - wanted.mean(), atol=1e-3)


def test_chances_are_each_for_itself_and_shares_of_one(head: Head) -> None:
    vector = np.zeros(head.hidden.shape[1] - len(head.grams), np.float32)
    shares, chances = head.shares(vector, []), head.chances(vector, [])
    assert sum(shares.values()) == pytest.approx(1)
    assert max(shares, key=lambda n: shares[n]) == max(chances, key=lambda n: chances[n])
    assert all(0 < chance < 1 for chance in chances.values())


@pytest.mark.parametrize("told", [None, "[]", '{"labels": []}', '{"labels": 1, "grams": {}}', "["])
def test_a_damaged_head_is_told(head: Head, tmp_path: Path, told: str | None) -> None:
    save_file({"hidden": head.hidden}, tmp_path / "head.safetensors", told and {"head": told})
    with pytest.raises(BundleError, match=r"head.safetensors is missing or damaged .* run `dvc repro bundle`"):
        Head.load(tmp_path / "head.safetensors")
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


def test_a_title_that_no_film_has_is_not_answered_of_a_film_under_talk(shelf: Any) -> None:
    session = Chat(shelf).session()
    assert session.ask("something like Parasite").movies
    unknown = session.ask("Who directed Gravity of the Purple Llamas?")
    assert unknown.movies == ()
    assert unknown.answer.startswith("I don't know the film Gravity of the Purple Llamas")
