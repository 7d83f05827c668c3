"""What the classifier of intents learns from, and how."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from moviechat.chat.draft import Intent
from moviechat.chat.examples import UTTERANCES, examples, fitted, hints
from moviechat.chat.intents import Head
from moviechat.chat.signals import Hints
from moviechat.chat.smalltalk import reply
from moviechat.chat.taste import Taste
from moviechat.retrieval.encoder import Encoder

YEARS = (2019, 2022)


def test_unseen_utterances_are_understood(head: Head, encoder: Encoder, taste: Taste, tmp_path: Path) -> None:
    lines = UTTERANCES.read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "other.jsonl").write_text("".join(lines[::30]), encoding="utf-8")  # none that was learnt from
    rows = examples(taste, YEARS, tmp_path / "other.jsonl")
    vectors = np.hstack([encoder.encode([r.text for r in rows]), np.array([r.flags for r in rows], np.float32)])
    shares = [head.probabilities(v) for v in vectors]
    right = [max(p, key=lambda name: p[name]) == r.label for p, r in zip(shares, rows, strict=True)]
    assert len(right) > 400
    assert np.mean(right) > 0.7


def test_fitting_parts_what_can_be_parted_and_is_the_same_every_time() -> None:
    x = [[1.0, 0.0], [0.0, 1.0], [-1.0, -1.0]] * 60
    labels = ["b", "a", "c"] * 60
    heads = [fitted(x, labels) for _ in range(2)]
    assert heads[0].labels == ("a", "b", "c")
    assert np.array_equal(heads[0].weights, heads[1].weights)
    shares = [heads[0].probabilities(np.array(row, np.float32)) for row in x]
    assert [max(p, key=lambda n: p[n]) for p in shares] == labels
    assert all(sum(p.values()) == pytest.approx(1) for p in shares)


def test_utterances_ship_one_a_line_with_a_label_each(taste: Taste, utterances: Path, tmp_path: Path) -> None:
    rows = [json.loads(line) for line in UTTERANCES.read_text(encoding="utf-8").splitlines()]
    assert len({(row["text"], row["intent"], row.get("after")) for row in rows}) == len(rows)
    part = tmp_path / "part.jsonl"
    part.write_text("".join(utterances.read_text(encoding="utf-8").splitlines(keepends=True)[::20]), encoding="utf-8")
    learnt = examples(taste, YEARS, part)
    assert len({len(example.flags) for example in learnt}) == 1
    labels = {json.loads(line)["intent"] for line in UTTERANCES.read_text(encoding="utf-8").splitlines()}
    assert labels == set(get_args(Intent))
    topics = {row["field"] for row in rows if row["intent"] == "smalltalk" and row["field"] != "personal"}
    assert all(reply(topic, "12 films") for topic in topics)


@pytest.mark.parametrize(
    ("before", "table"),
    [
        ((), Hints()),
        (("wish",), Hints(wish=True, wished=True, focus=True, listed=True)),
        (("fact.year",), Hints(focus=True, people=True, fields=("year",))),
        (("wish", "fact.overview"), Hints(wish=True, focus=True, listed=True, people=True)),
        (("fact.year", "plot"), Hints(focus=True, people=True, question=True)),
        (("compare", "smalltalk.thanks"), Hints(focus=True, people=True, listed=True, fields=("rating",))),
    ],
)
def test_labels_of_earlier_turns_say_what_is_on_the_table(before: tuple[str, ...], table: Hints) -> None:
    assert hints(before) == table
