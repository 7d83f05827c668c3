"""Batches of conversations and queries: one output line per input line."""

from __future__ import annotations

import json
from itertools import zip_longest
from pathlib import Path
from typing import Any

from tqdm import tqdm

from moviechat import jsonl
from moviechat.chat import Chat
from moviechat.errors import DataError
from moviechat.limits import Limits
from moviechat.serve.finding import rows
from moviechat.serve.lines import read, write

Message = tuple[str, str]  # role, content
ROLES = ("system", "user", "assistant")


def ask(chat: Chat, source: Path, target: Path) -> None:
    """Answer the last user message of each line's conversation; raises DataError with file and line."""
    lines = [(line.value.get("id"), _messages(line)) for line in read(source)]
    write(target, ({"id": id_, **_answer(chat, messages)} for id_, messages in tqdm(lines, unit="conversation")))


def converse(chat: Chat, source: Path, target: Path) -> None:
    """Answer every turn of each line's conversation, one after the other; raises DataError with file and line."""
    lines = [(line.value.get("id"), _turns(line)) for line in read(source)]
    write(target, ({"id": id_, "replies": _replies(chat, turns)} for id_, turns in tqdm(lines, unit="conversation")))


def search(
    chat: Chat, source: Path, target: Path, limit: int, within: Limits | None = None, explain: bool = False
) -> None:
    """Find at most `limit` films `within` limits for each line's query; raises DataError with file and line."""
    queries = [line.text("query") for line in read(source)]
    found = ((query, chat.explain(query, limit, within)) for query in tqdm(queries, unit="query"))
    write(target, ({"query": query, "hits": rows(hits, explain)} for query, hits in found))


def recommend(chat: Chat, source: Path, target: Path, limit: int) -> None:
    """Recommend at most `limit` films for each line's dialogue; raises DataError with file and line."""
    from moviechat.chat.dialogue import suggest

    dialogues = [(_messages(line), _excluded(line)) for line in read(source)]
    found = (suggest(said, chat.shelf, limit, out) for said, out in tqdm(dialogues, unit="dialogue"))
    write(target, ({"hits": [hit.to_row() for hit in hits]} for hits in found))


def _answer(chat: Chat, messages: list[Message]) -> dict[str, Any]:
    session = chat.session()
    last = max(i for i, (role, _) in enumerate(messages) if role == "user")
    earlier = messages[:last]
    for (role, content), (next_role, answered) in zip_longest(earlier, earlier[1:], fillvalue=("", "")):
        if role == "user":
            session.overhear(content, answered if next_role == "assistant" else "")
    return session.ask(messages[last][1]).to_json()


def _replies(chat: Chat, turns: list[str]) -> list[dict[str, Any]]:
    session = chat.session()
    return [session.ask(turn).to_json() for turn in turns]


def _turns(line: jsonl.Line) -> list[str]:
    given = line.value.get("turns")
    if not isinstance(given, list) or not given or not all(isinstance(turn, str) for turn in given):
        raise DataError(f'{line.place}: "turns" must be a list of texts: fix that line')
    return given


def _messages(line: jsonl.Line) -> list[Message]:
    given = line.value.get("messages")
    if not isinstance(given, list):
        raise DataError(f'{line.place}: "messages" must be a list of {{"role", "content"}}: fix that line')
    messages = [_message(m, line.place) for m in given]
    if not any(role == "user" for role, _ in messages):
        raise DataError(f'{line.place}: no message of "user": every line needs one')
    return messages


def _excluded(line: jsonl.Line) -> list[str]:
    given = line.value.get("exclude", [])
    if not isinstance(given, list) or not all(isinstance(tconst, str) for tconst in given):
        raise DataError(f'{line.place}: "exclude" must be a list of IMDb ids like "tt6751668": fix that line')
    return given


def _message(given: object, place: str) -> Message:
    message = given if isinstance(given, dict) else {}
    role, content = message.get("role"), message.get("content")
    if role not in ROLES or not isinstance(content, str):
        wanted = f'a "role" ({", ".join(ROLES)}) and a string "content"'
        raise DataError(f"{place}: {json.dumps(given)[:80]} is no message: it needs {wanted}")
    return role, content
