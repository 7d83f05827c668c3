"""What the networks learn from."""

from __future__ import annotations

import json
from typing import get_args

import pytest

from moviechat.chat.draft import Intent, Stance
from moviechat.chat.examples import MOODS_SAID, examples, hints, lines
from moviechat.chat.fields import BY_NAME
from moviechat.chat.signals import Hints
from moviechat.chat.smalltalk import reply
from moviechat.chat.taste import Taste


def test_utterances_ship_with_a_label_each(taste: Taste) -> None:
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
    assert len({len(example.flags) for example in examples(taste, lines()[::40])}) == 1


def test_in_a_conversation_each_utterance_has_what_was_before(taste: Taste) -> None:
    talk = [["fact.year", "how old is {film}"], ["wish", None], ["told.seen", "seen it"]]
    alone = {"text": "a comedy", "intent": "wish"}
    first, last, *others = examples(taste, [json.dumps(talk), json.dumps(alone)])
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


def test_moods_ship_one_message_a_line(taste: Taste) -> None:
    rows = [json.loads(line) for line in MOODS_SAID.read_text(encoding="utf-8").splitlines()]
    assert len({row["text"] for row in rows}) == len(rows)
    assert {mood for row in rows for mood in row["moods"]} == set(taste.moods)
