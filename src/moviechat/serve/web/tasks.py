"""What chat clients ask for themselves: a title, tags or follow-up questions for a conversation, as JSON.

Open WebUI sends each as one user turn that begins "### Task:", shows the JSON it wants and quotes the conversation.
Where its tools are on, a system message lists them and wants those to call as JSON: we have no need of any.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from moviechat.chat.wording import described
from moviechat.serve.web.messages import TASK, Conversation
from moviechat.serve.web.named import named

if TYPE_CHECKING:
    from moviechat.chat import Chat
    from moviechat.schema import Movie

READ = 50_000  # characters of a task
TURN = 2_000  # characters of a turn that it quotes
TITLE_WORDS = 5
FOLLOW_UPS = 3
_TOOLS = "Available Tools:"
_KEY = re.compile(r'\{\s{0,20}"(\w{1,40})"\s{0,20}:\s{0,20}(\[?)')
_HISTORY = re.compile(r"<chat_history>|### Chat History:", re.I)
_SPEAKER = re.compile(r"^\s{0,8}(USER|ASSISTANT):[ \t]*", re.I | re.M)
_EMOJI = re.compile(r"\bwith an emoji\b|\buse emojis?\b", re.I)
_NO_EMOJI = re.compile(r"\b(?:not use|without|avoid|no)\s+(?:any\s+)?emojis?\b", re.I)
_GENERAL = ("Recommend a film for tonight", "A comedy under 100 minutes", "Which film has the best rating?")


def is_task(talk: Conversation) -> bool:
    """Whether the last turn is a client's own task."""
    return _task(talk) is not None


def answer(talk: Conversation, chat: Chat) -> str:
    """The JSON that the task wants; an empty value for one that we do not know."""
    task = _task(talk) or ""
    shape = _KEY.search(task)
    key, many = (shape.group(1), bool(shape.group(2))) if shape else ("text", False)
    said = _history(task) or [(r, t) for turn in talk.turns[:-1] for r, t in (("user", turn.said), ("", turn.answered))]
    return json.dumps({key: _value(key, many, said, chat, task)}, ensure_ascii=False)


def _task(talk: Conversation) -> str | None:
    for said, begins in ((talk.last.said, TASK), (talk.system, _TOOLS)):
        if said.lstrip().startswith(begins):
            return said[:READ]
    return None


def _value(key: str, many: bool, said: Sequence[tuple[str, str]], chat: Chat, task: str) -> Any:
    match key:
        case "title":
            emoji = _EMOJI.search(task) and not _NO_EMOJI.search(task)
            return f"🎬 {_title(said, chat)}" if emoji else _title(said, chat)
        case "tags":
            return _tags(_films(said, chat))
        case "follow_ups":
            return _follow_ups(said, _films(said, chat))
        case _:
            return [] if many else ""


def _history(task: str) -> list[tuple[str, str]]:
    """(role, text) of the turns that the task quotes."""
    begin = _HISTORY.search(task)
    if not begin:
        return []
    quoted = task[begin.end() :].split("</chat_history>")[0]
    _, *parts = _SPEAKER.split(quoted)
    return [(role.lower(), text.strip()) for role, text in zip(parts[::2], parts[1::2], strict=True)]


def _title(said: Sequence[tuple[str, str]], chat: Chat) -> str:
    """The films that the first turn names, else the limits that it sets, else how it begins."""
    asked = next((text for role, text in said if role == "user" and text.split()), "Films")[:TURN]
    films = [chat.shelf.movies[t].title for t in dict.fromkeys(named(chat, asked))]
    found = " and ".join(films[:2]) or _limits(asked, chat) or " ".join(asked.split()[:TITLE_WORDS])
    return f"{found[:1].upper()}{found[1:80]}".rstrip(".,;:!?")


def _limits(asked: str, chat: Chat) -> str:
    session = chat.session()
    session.overhear(asked)
    wish = session.state.wish
    return described(wish.limits) if wish and wish.limits else ""


def _films(said: Sequence[tuple[str, str]], chat: Chat) -> list[Movie]:
    """The films that the last turns name, the last one's first."""
    found = [tconst for _, text in reversed(said[-4:]) for tconst in named(chat, text[:TURN])]
    return [chat.shelf.movies[t] for t in dict.fromkeys(found)]


def _tags(films: Sequence[Movie]) -> list[str]:
    genres = Counter(genre for movie in films for genre in movie.genres)
    return ["Movies", *(genre for genre, _ in genres.most_common(2))]


def _follow_ups(said: Sequence[tuple[str, str]], films: Sequence[Movie]) -> list[str]:
    """Questions on the film that was named last, none that was asked already."""
    if not films:
        return list(_GENERAL)
    first = films[0].title
    asked = {text.strip().casefold() for role, text in said if role == "user"}
    may = [f"Who directed {first}?", f"What is {first} about?", f"More films like {first}", f"How long is {first}?"]
    return [q for q in may if q.casefold() not in asked][:FOLLOW_UPS]
