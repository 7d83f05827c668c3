from __future__ import annotations

import json
from typing import Any

import httpx2
import pytest

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
        (TITLE, {"title": "🎬 What did people think of"}),
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
    server = serve()
    reply = _ask(server.url, what).json()
    assert json.loads(reply["choices"][0]["message"]["content"]) == answer
    assert "moviechat" not in reply and server.chat.overheard == 0


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
