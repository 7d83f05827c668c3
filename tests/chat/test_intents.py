"""The classifier of open intents, with the encoder that ships."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest

from moviechat.chat.draft import Intent
from moviechat.chat.intents import HEAD, UTTERANCES, Head, examples, fit, fitted, masked
from moviechat.chat.mentions import Mentions
from moviechat.chat.session import Chat
from moviechat.chat.smalltalk import reply
from moviechat.chat.taste import Taste
from moviechat.chat.understand import Rules
from moviechat.errors import BundleError
from moviechat.retrieval.encoder import Encoder

YEARS = (2019, 2022)


@pytest.fixture(scope="module")
def encoder(models_folder: Path) -> Encoder:
    """The encoder that ships."""
    return Encoder(models_folder / "encoder", 64, 64)


@pytest.fixture(scope="module")
def part(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every fourth utterance that ships."""
    lines = UTTERANCES.read_text(encoding="utf-8").splitlines(keepends=True)
    path = tmp_path_factory.mktemp("utterances") / "part.jsonl"
    path.write_text("".join(lines[::4]), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def head(encoder: Encoder, taste: Taste, part: Path) -> Head:
    """The head fitted to them."""
    return fit(encoder, taste, YEARS, part)


def _guess(head: Head, encoder: Encoder) -> Callable[[Mentions, Any], dict[str, float]]:
    return lambda m, s: head.probabilities(np.concatenate([encoder.encode([masked(m)])[0], np.array(s, np.float32)]))


def test_unseen_utterances_are_understood(head: Head, encoder: Encoder, taste: Taste, tmp_path: Path) -> None:
    lines = UTTERANCES.read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "other.jsonl").write_text("".join(lines[2::24]), encoding="utf-8")
    rows = examples(taste, YEARS, tmp_path / "other.jsonl")
    vectors = np.hstack([encoder.encode([t for t, _, _ in rows]), np.array([s for _, s, _ in rows], np.float32)])
    shares = [head.probabilities(v) for v in vectors]
    right = [max(p, key=lambda name: p[name]) == label for p, (_, _, label) in zip(shares, rows, strict=True)]
    assert len(right) > 200
    assert np.mean(right) > 0.75


def test_a_conversation_with_the_fitted_head(head: Head, encoder: Encoder, shelf: Any) -> None:
    shelf.understanding = Rules(_guess(head, encoder))
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
    vector = np.linspace(-1, 1, head.weights.shape[1]).astype(np.float32)
    loaded = Head.load(tmp_path / HEAD)
    assert loaded.labels == head.labels
    assert loaded.probabilities(vector) == pytest.approx(head.probabilities(vector), abs=1e-3)


@pytest.mark.parametrize("text", ["", "[]", '{"labels": ["fact"]}', '{"labels": 1, "weights": [[1]], "biases": [0]}'])
def test_a_damaged_head_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / HEAD).write_text(text, encoding="utf-8")
    with pytest.raises(BundleError, match=r"intents.json is missing or damaged .* run `dvc repro bundle`"):
        Head.load(tmp_path / HEAD)
    with pytest.raises(BundleError, match="missing"):
        Head.load(tmp_path / "nowhere.json")


def test_fitting_parts_what_can_be_parted_and_is_the_same_every_time() -> None:
    x = [[1.0, 0.0], [0.9, 0.1], [0.0, 1.0], [0.1, 0.8], [0.2, 0.9]]
    heads = [fitted(x, ["b", "b", "a", "a", "a"]) for _ in range(2)]
    assert heads[0].labels == ("a", "b")
    assert np.array_equal(heads[0].weights, heads[1].weights)
    shares = [heads[0].probabilities(np.array(row, np.float32)) for row in x]
    assert [max(p, key=lambda n: p[n]) for p in shares] == ["b", "b", "a", "a", "a"]
    assert all(sum(p.values()) == pytest.approx(1) for p in shares)


def test_names_are_masked(taken_apart: Callable[..., Mentions]) -> None:
    assert masked(taken_apart("did Jordan Peele direct Nope?")) == "did the actor direct the film?"
    assert masked(taken_apart("hello there")) == "hello there"


def test_utterances_ship_one_a_line_with_a_label_each(taste: Taste, part: Path) -> None:
    rows = [json.loads(line) for line in UTTERANCES.read_text(encoding="utf-8").splitlines()]
    assert len({row["text"] for row in rows}) == len(rows)
    learnt = examples(taste, YEARS, part)
    assert len({len(vector) for _, vector, _ in learnt}) == 1
    labels = {label for _, _, label in learnt}
    assert {label for label in labels if "." not in label} <= set(get_args(Intent))
    assert all(reply(label.removeprefix("smalltalk."), "12 films") for label in labels if "." in label)
