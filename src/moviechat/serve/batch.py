"""Files of conversations and queries: JSON lines in, JSON lines out, in the same order, whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import zip_longest
from pathlib import Path
from typing import Any

from tqdm import tqdm

from moviechat import jsonl
from moviechat.chat import Chat
from moviechat.errors import DataError
from moviechat.files import replacing
from moviechat.retrieval.filters import Filters
from moviechat.serve.finding import rows

Message = tuple[str, str]  # role, content
ROLES = ("system", "user", "assistant")


def ask(chat: Chat, source: Path, target: Path) -> None:
    """Answer the last user message of each line's conversation; raises DataError naming file and line."""
    lines = [(line.value.get("id"), _messages(line)) for line in _read(source)]
    _write(target, ({"id": id_, **_answer(chat, messages)} for id_, messages in tqdm(lines, unit="conversation")))


def search(
    chat: Chat, source: Path, target: Path, limit: int, within: Filters | None = None, explain: bool = False
) -> None:
    """Find at most `limit` films `within` limits for each line's query; raises DataError naming file and line."""
    queries = [line.text("query") for line in _read(source)]
    found = ((query, chat.explain(query, limit, within)) for query in tqdm(queries, unit="query"))
    _write(target, ({"query": query, "hits": rows(hits, explain)} for query, hits in found))


def _answer(chat: Chat, messages: list[Message]) -> dict[str, Any]:
    session = chat.session()
    last = max(i for i, (role, _) in enumerate(messages) if role == "user")
    earlier = messages[:last]
    for (role, content), (next_role, answered) in zip_longest(earlier, earlier[1:], fillvalue=("", "")):
        if role == "user":
            session.overhear(content, answered if next_role == "assistant" else "")
    return session.ask(messages[last][1]).to_json()


def _messages(line: jsonl.Line) -> list[Message]:
    given = line.value.get("messages")
    if not isinstance(given, list):
        raise DataError(f'{line.place}: "messages" must be a list of {{"role", "content"}}: mend that line')
    messages = [_message(m, line.place) for m in given]
    if not any(role == "user" for role, _ in messages):
        raise DataError(f'{line.place}: no message of "user": every line needs one to answer')
    return messages


def _message(given: object, place: str) -> Message:
    message = given if isinstance(given, dict) else {}
    role, content = message.get("role"), message.get("content")
    if role not in ROLES or not isinstance(content, str):
        wanted = f'a "role" ({", ".join(ROLES)}) and a string "content"'
        raise DataError(f"{place}: {json.dumps(given)[:80]} is no message: it needs {wanted}")
    return role, content


def _read(source: Path) -> list[jsonl.Line]:
    # The whole file is checked before the first line is answered.
    if not source.is_file():
        raise DataError(f"{source} is not here: --input wants a file of JSON lines")
    return list(jsonl.read(source))


def _write(target: Path, rows: Iterable[dict[str, Any]]) -> None:
    with (
        replacing(target) as partial,
        partial.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as file,
    ):
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
