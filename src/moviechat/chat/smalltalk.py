"""The little that is said besides films."""

from __future__ import annotations

_ABLE = (
    "Ask me who made a film, who is in it, how long it is, when it came out, of what genre it is, how it is rated, "
    "or what happens in it; or describe a film and I look for it."
)
_SAID = {
    "nothing": "Ask me about a film, or describe one that you are looking for.",
    "greeting": "Hello! Name a film and ask about it, or describe one that you are looking for.",
    "wellbeing": "Well, thank you. Which film shall we talk about?",
    "thanks": "You are welcome.",
    "goodbye": "Goodbye.",
    "assent": "Good. Ask me more, or name another film.",
    "help": "I know {catalogue}. " + _ABLE,
    "recommend": "I cannot recommend films yet. " + _ABLE,
}


def reply(topic: str, catalogue: str) -> str:
    """What is said to `topic`; `catalogue` describes the films that are known."""
    return _SAID[topic].format(catalogue=catalogue)
