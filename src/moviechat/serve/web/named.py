"""The films that a text names, for what is read beside the conversation: system messages, a client's own tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from moviechat.chat import Chat

SURE = 0.5  # probability from which words are taken for a title


def named(chat: Chat, text: str) -> list[str]:
    """The tconsts of the films that `text` names, in its order."""
    return [m.films[0] for m in chat.shelf.linker.films(text) if m.films and m.score >= SURE]
