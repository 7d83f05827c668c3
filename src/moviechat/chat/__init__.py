"""The conversation: mentions -> draft -> turn -> result -> sentences, and the next state."""

from moviechat.chat.session import Chat, Session
from moviechat.chat.state import State

__all__ = ["Chat", "Session", "State"]
