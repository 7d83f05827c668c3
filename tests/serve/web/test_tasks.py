from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx2
import pytest

from moviechat.chat import Chat
from moviechat.serve.web import tasks
from moviechat.serve.web.messages import ChatRequest, conversation

HISTORY = """<chat_history>
USER: what did people think of Parasite, and of what came after it?
ASSISTANT: IMDb's users give Parasite (2019) 8.5 out of 10.
</chat_history>"""
TASK = """### Task:
{what}
### Guidelines:
- Only return JSON.
### Output:
JSON format: {shape}
### Chat History:
{history}"""
TITLE = ("Generate a concise, 3-5 word title with an emoji.", '{ "title": "your concise title here" }')
PLAIN_TITLE = ("Generate a title.\n- Do not use emojis, quotation marks, or special formatting.", TITLE[1])
TAGS = ("Generate 1-3 broad tags.", '{ "tags": ["tag1", "tag2", "tag3"] }')
FOLLOW_UPS = ("Suggest 3-5 relevant follow-up questions.", '{ "follow_ups": ["Question 1?", "Question 2?"] }')
QUERIES = ("Generate search queries.", '{ "queries": ["query1"] }')


def _ask(url: str, what: tuple[str, str], history: str = HISTORY, **more: Any) -> Any:
    task = TASK.format(what=what[0], shape=what[1], history=history)
    body = {"messages": [{"role": "user", "content": task}]} | more
    return httpx2.post(f"{url}/v1/chat/completions", json=body)


@pytest.mark.parametrize(
    ("what", "answer"),
    [
        (TITLE, {"title": "🎬 Parasite"}),
        (PLAIN_TITLE, {"title": "Parasite"}),
        (TAGS, {"tags": ["Movies", "Comedy", "Drama"]}),
        (
            FOLLOW_UPS,
            {"follow_ups": ["Who directed Parasite?", "What is Parasite about?", "More films like Parasite"]},
        ),
        (QUERIES, {"queries": []}),
        (("Complete the text.", '{ "text": "<your_completion>" }'), {"text": ""}),
    ],
)
def test_a_client_s_own_task_is_answered_in_its_shape(serve: Any, what: tuple[str, str], answer: Any) -> None:
    reply = _ask(serve().url, what).json()
    assert json.loads(reply["choices"][0]["message"]["content"]) == answer
    assert "moviechat" not in reply


def test_a_task_leaves_no_trace_in_the_conversation(serve: Any) -> None:
    url = serve().url
    _ask(url, TITLE, history="<chat_history>\nUSER: one\nASSISTANT: You said one\n</chat_history>")
    said = [{"role": "user", "content": "one"}, {"role": "assistant", "content": "You said one"}]
    body = {"messages": [*said, {"role": "user", "content": "two"}]}
    reply = httpx2.post(f"{url}/v1/chat/completions", json=body).json()
    assert reply["moviechat"]["understood"]["state"]["talked"] == ["one"]


def test_a_question_that_was_asked_is_no_follow_up(serve: Any) -> None:
    history = (
        "<chat_history>\nUSER: who directed Parasite?\nASSISTANT: Bong Joon Ho directed Parasite.\n</chat_history>"
    )
    said = json.loads(_ask(serve().url, FOLLOW_UPS, history).json()["choices"][0]["message"]["content"])
    assert said["follow_ups"][0] == "What is Parasite about?" and len(said["follow_ups"]) == 3


def test_a_title_without_a_film_tells_the_limits_or_how_it_began(bundle_folder: Path) -> None:
    chat = Chat.load(bundle_folder)
    for said, title in (
        ("something short and funny, no horror", "no horror"),
        ("What is it you can do here?", "What is"),
    ):
        task = TASK.format(
            what=PLAIN_TITLE[0], shape=TITLE[1], history=f"<chat_history>\nUSER: {said}\n</chat_history>"
        )
        talk = conversation(ChatRequest.model_validate({"messages": [{"role": "user", "content": task}]}))
        assert title in json.loads(tasks.answer(talk, chat))["title"]


def test_no_tool_is_called(serve: Any) -> None:
    tools = 'Available Tools: []\nReturn only the JSON object. If no tools match: {\n "tool_calls": []\n}'
    system, query = {"role": "system", "content": tools}, {"role": "user", "content": "Query: a comedy"}
    reply = httpx2.post(f"{serve().url}/v1/chat/completions", json={"messages": [system, query]}).json()
    assert json.loads(reply["choices"][0]["message"]["content"]) == {"tool_calls": []}


def test_a_task_without_a_history_and_in_a_stream(serve: Any) -> None:
    url = serve().url
    text = _ask(url, FOLLOW_UPS, history="", stream=True).text
    chunks = [json.loads(line[6:]) for line in text.split("\n\n") if line and not line.endswith("[DONE]")]
    said = json.loads("".join(c["choices"][0]["delta"].get("content", "") for c in chunks))
    assert "Recommend a film for tonight" in said["follow_ups"]


def test_a_task_may_be_longer_than_a_turn(serve: Any) -> None:
    long = "<chat_history>\n" + "USER: on and on about 1917\nASSISTANT: 1917 it is\n" * 400 + "</chat_history>"
    reply = _ask(serve().url, TAGS, history=long)
    assert json.loads(reply.json()["choices"][0]["message"]["content"]) == {"tags": ["Movies", "War"]}
