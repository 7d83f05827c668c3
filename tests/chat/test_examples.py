"""What the classifier of intents learns from, and how."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from moviechat.chat.draft import Intent, Stance
from moviechat.chat.examples import MOODS_SAID, Example, examples, fit_moods, fitted, hints, lines
from moviechat.chat.fields import BY_NAME
from moviechat.chat.heads import Head, grams, masked
from moviechat.chat.mentions import read
from moviechat.chat.signals import Hints
from moviechat.chat.smalltalk import reply
from moviechat.chat.taste import Taste
from moviechat.linking import FilmMention, PersonMention
from moviechat.retrieval.encoder import Encoder

YEARS = (2019, 2022)
HOW = {"alpha": 0.02, "max_iter": 8, "batch_size": 128}


def test_unseen_utterances_are_understood(head: Head, encoder: Encoder, taste: Taste, tmp_path: Path) -> None:
    (tmp_path / "other.jsonl").write_text("\n".join(lines()[::30]), encoding="utf-8")  # none that was learnt from
    rows = examples(taste, YEARS, tmp_path)
    vectors = np.hstack([encoder.encode([r.text for r in rows]), np.array([r.flags for r in rows], np.float32)])
    shares = [head.shares(v, r.grams) for v, r in zip(vectors, rows, strict=True)]
    right = [max(p, key=lambda name: p[name]) == r.label for p, r in zip(shares, rows, strict=True)]
    assert len(right) > 400
    assert np.mean(right) > 0.7


def test_fitting_parts_what_can_be_parted_and_is_the_same_every_time() -> None:
    x = [[1.0, 0.0], [0.0, 1.0], [-1.0, -1.0]] * 60
    labels = ["b", "a", "c"] * 60
    rows = [Example("", (), (), label) for label in labels]
    heads = [fitted(rows, np.array(x, np.float32), labels, HOW) for _ in range(2)]
    assert heads[0].labels == ("a", "b", "c")
    assert np.array_equal(heads[0].weights, heads[1].weights)
    shares = [heads[0].shares(np.array(row, np.float32), ()) for row in x]
    assert [max(p, key=lambda n: p[n]) for p in shares] == labels
    assert all(sum(p.values()) == pytest.approx(1) for p in shares)


def test_words_tell_apart_what_vectors_do_not() -> None:
    rows = [Example(f"{label} {i}", (label, "both"), (), label) for label in "abc" for i in range(600)]
    head = fitted(rows, np.ones((len(rows), 2), np.float32), [row.label for row in rows], HOW)
    assert head.grams == {"a": 2, "b": 3, "both": 4, "c": 5}
    for label in "abc":
        assert head.shares(np.ones(2, np.float32), (label, "both", "unknown"))[label] > 0.6


def test_utterances_ship_with_a_label_each(taste: Taste, utterances: Path, tmp_path: Path) -> None:
    said = [json.loads(line) for line in lines()]
    rows = [row for row in said if isinstance(row, dict)]
    talks = [row for row in said if isinstance(row, list)]
    assert len({(row["text"], row["intent"], row.get("after")) for row in rows}) == len(rows)
    labels = [label.partition(".") for talk in talks for label, _ in talk]
    labels += [(row["intent"], ".", row.get("field") or "") for row in rows]
    fields = {name: {field for intent, _, field in labels if intent == name} for name in get_args(Intent)}
    assert {intent for intent, _, _ in labels} == set(get_args(Intent))
    assert fields["told"] <= set(get_args(Stance))
    assert fields["fact"] - {"quality", "overview"} <= set(BY_NAME)
    assert all(reply(topic, "12 films") for topic in fields["smalltalk"] - {"personal"})
    (tmp_path / "part.jsonl").write_text("\n".join(lines(utterances)[::20]), encoding="utf-8")
    assert len({len(example.flags) for example in examples(taste, YEARS, tmp_path)}) == 1


def test_in_a_conversation_each_utterance_has_what_was_before(taste: Taste, tmp_path: Path) -> None:
    talk = [["fact.year", "how old is {film}"], ["wish", None], ["told.seen", "seen it"]]
    alone = {"text": "a comedy", "intent": "wish"}
    (tmp_path / "part.jsonl").write_text(json.dumps(talk) + "\n" + json.dumps(alone), encoding="utf-8")
    first, last, *others = examples(taste, YEARS, tmp_path)
    assert [first.label, last.label, *(o.label for o in others)] == ["fact.year", "told.seen", "wish", "wish"]
    assert first.flags != last.flags
    assert others[0].flags != others[1].flags  # it can be said at any time


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


def test_unseen_wishes_have_their_moods_without_the_words_for_them(
    encoder: Encoder, taste: Taste, tmp_path: Path
) -> None:
    said = MOODS_SAID.read_text(encoding="utf-8").splitlines()
    (tmp_path / "part.jsonl").write_text("\n".join(line for i, line in enumerate(said) if i % 5), encoding="utf-8")
    head = fit_moods(encoder, taste, tmp_path / "part.jsonl")
    assert head.labels == tuple(sorted(taste.moods))
    phrases, right, found, asked = taste.phrases(), 0, 0, 0
    for row in map(json.loads, said[::5]):
        m = read(row["text"], Slots(), phrases)
        chances = head.chances(encoder.encode([masked(m)])[0], grams(m))
        felt = {name for name, chance in chances.items() if chance > 0.25}
        wanted = set(row["moods"]) - {t.value for t in m.moods}
        right, found, asked = right + len(felt & wanted), found + len(felt), asked + len(wanted)
    assert right / asked > 0.3
    assert right / found > 0.3


class Slots:
    """A linker that finds nothing."""

    def films(self, text: str) -> list[FilmMention]:
        return []

    def people(self, text: str) -> list[PersonMention]:
        return []


def test_moods_ship_one_message_a_line(taste: Taste) -> None:
    rows = [json.loads(line) for line in MOODS_SAID.read_text(encoding="utf-8").splitlines()]
    assert len({row["text"] for row in rows}) == len(rows)
    assert {mood for row in rows for mood in row["moods"]} == set(taste.moods)
