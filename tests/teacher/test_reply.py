import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moviechat.teacher.reply import MORE, Reply, drafts, read_body
from moviechat.teacher.request import Request

SLOTS = ("about", "particular", "particular_2")
CHAT = Request("tt1", 1, "chat", SLOTS, {"messages": []})
LINES = Request("tt1", 1, "instruct", SLOTS, {"prompt": ""}, "Q1 (about):")
PAIRS = {slot: {"question": f"What is {slot}?", "answer": f"It is {slot}."} for slot in SLOTS}
WHOLE = json.dumps(PAIRS)


def _read(request: Request, text: str, **changes: Any) -> list[tuple[str, str, str, str | None]]:
    return [(d.kind, d.question, d.answer, d.fault) for d in drafts(request, Reply(text, **changes))]


def _good(*slots: str) -> list[tuple[str, str, str, str | None]]:
    kinds = {"about": "about", "particular": "particular", "particular_2": "particular"}
    return [(kinds[s], f"What is {s}?", f"It is {s}.", None) for s in slots]


@pytest.mark.parametrize(
    "text",
    [
        WHOLE,
        f"```json\n{WHOLE}\n```",
        f"Here you are {{with love}}:\n{WHOLE}\nAnything else?",
        json.dumps({"pairs": PAIRS}),
        json.dumps(dict(reversed(PAIRS.items()))),  # out of order
        json.dumps(list(PAIRS.values())),
        json.dumps({"pairs": list(PAIRS.values())}),
        json.dumps({f"{n}": pair for n, pair in enumerate(PAIRS.values())}),
        json.dumps([{"kind": slot} | pair for slot, pair in PAIRS.items()]),
    ],
)
def test_pairs_are_read_however_they_are_wrapped(text: str) -> None:
    assert _read(CHAT, text) == _good(*SLOTS)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({}, "no such pair in the reply"),
        ({"finish": "length"}, "cut off at max_tokens"),
        ({"refusal": "I will not."}, "refused by the model"),
        ({"finish": "content_filter"}, "refused by the model"),
        ({"fault": "refused by the server: HTTP 400"}, "refused by the server: HTTP 400"),
    ],
)
def test_half_a_reply_gives_its_whole_pairs_and_the_others_their_fault(changes: dict[str, Any], fault: str) -> None:
    half = WHOLE[: WHOLE.index("It is particular_2")]
    assert _read(CHAT, half, **changes) == [*_good("about", "particular"), ("particular", "", "", fault)]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "empty reply"),
        ("I'm sorry, but I can't help with that.", "refused by the model"),
        ("As an AI I cannot watch films.", "refused by the model"),
        ("[1, 2", "no such pair in the reply"),
        ("[" * 100_000, "no such pair in the reply"),
        ('{"a":' * 20_000, "no such pair in the reply"),
        (f'{{"about": {"9" * 4301}}}', "no such pair in the reply"),
        (f"Q{'1' * 4301}: Who?\nA{'1' * 4301}: Ana.", "no such pair in the reply"),
        ('{"about": {"question": 1, "answer": "x"}}', "no such pair in the reply"),
    ],
)
@pytest.mark.parametrize("request_", [CHAT, LINES])
def test_a_reply_without_pairs_fails_every_slot(request_: Request, text: str, fault: str) -> None:
    found = drafts(request_, Reply(text))
    assert [(d.kind, d.fault) for d in found] == [("about", fault), ("particular", fault), ("particular", fault)]
    assert all(d.raw == text for d in found)


def test_what_is_more_than_asked_for_is_kept_as_such() -> None:
    text = WHOLE + json.dumps({"about": {"question": "Again?", "answer": "Yes.", "reasoning": "So."}})
    assert _read(CHAT, text) == [*_good(*SLOTS), ("particular", "Again?", "Yes.", MORE)]


def test_lines_are_read_with_what_the_prompt_began() -> None:
    text = " What is about?\nA1: It is\nabout.\n\n**Q2 (particular):** What is particular?\nA2. It is particular.\n"
    assert _read(LINES, text + "Q3: What is particular_2?\nA3: It is particular_2.") == _good(*SLOTS)


def test_lines_that_break_off_end_in_no_pair() -> None:
    text = " What is about?\nA1: It is about.\nQ2: What is particular?\nA2: It is par"
    assert _read(LINES, text, finish="length") == [
        *_good("about"),
        ("particular", "", "", "cut off at max_tokens"),
        ("particular", "", "", "cut off at max_tokens"),
    ]


def test_lines_said_twice_are_more_than_asked_for() -> None:
    text = " What is about?\nA1: It is about.\nQ1: What is about?\nA1: It is not."
    assert [d.fault for d in drafts(LINES, Reply(text))] == [None, *["no such pair in the reply"] * 2, MORE]


def test_reasoning_stands_apart() -> None:
    pair = {"question": "Q?", "reasoning": "It says so.", "answer": "A."}
    first = drafts(CHAT, Reply(json.dumps({"about": pair})))[0]
    assert (first.answer, first.reasoning) == ("A.", "It says so.")
    lines = drafts(LINES, Reply(" Q?\nR1: It says so.\nA1: A."))[0]
    assert (lines.question, lines.answer, lines.reasoning) == ("Q?", "A.", "It says so.")


@given(st.text(), st.sampled_from([CHAT, LINES]))
def test_any_text_is_read(text: str, request_: Request) -> None:
    found = drafts(request_, Reply(text))
    assert len([d for d in found if d.fault != MORE]) == len(SLOTS)


def _body(**choice: Any) -> str:
    usage = {"prompt_tokens": 5, "completion_tokens": 7}
    return json.dumps({"model": "m-1", "choices": [{"finish_reason": "stop"} | choice], "usage": usage})


def test_a_body_is_text_and_usage() -> None:
    whole = Reply("Hi", "stop", None, None, 5, 7, "m-1")
    assert read_body(_body(message={"content": "Hi"}), "chat") == whole
    assert read_body(_body(text="Hi"), "instruct") == whole
    assert read_body(_body(message={"content": None, "refusal": "No."}), "chat").refusal == "No."
    assert read_body('{"choices": [{"message": {"content": "Hi"}}], "usage": null}', "chat") == Reply("Hi")


@pytest.mark.parametrize("body", ["", "<html>", "[]", "{}", '{"choices": []}', '{"choices": [{"mess'])
@pytest.mark.parametrize("style", ["chat", "instruct"])
def test_another_body_is_none(body: str, style: str) -> None:
    with pytest.raises(ValueError):
        read_body(body, style)
