"""The conversation: understand -> look up / retrieve -> answer -> check -> remember."""

from moviechat.chat.chat import Chat, Session

__all__ = ["Chat", "Session"]
