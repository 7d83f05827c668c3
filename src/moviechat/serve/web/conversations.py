"""Conversations without a memory of ours: the state is recomputed from the messages, and cached by their hash."""

from __future__ import annotations

import hashlib
import re
import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from moviechat.serve.web.marks import lifted, marked
from moviechat.serve.web.messages import Conversation
from moviechat.serve.web.named import named
from moviechat.words import sentences

if TYPE_CHECKING:
    from moviechat.chat import Chat, Session
    from moviechat.chat.state import State

KEPT = 4_096  # states; each a few kilobytes
_SEEN = re.compile(r"\b(?:seen|watched|saw)\b", re.I)
_NOT = re.compile(r"\b(?:not|never|n't|wants?|wish)\b|n['’]t\b", re.I)


class Conversations:
    """The states of conversations with `chat`, by what was said in them."""

    def __init__(self, chat: Chat, kept: int = KEPT) -> None:
        self._chat, self._kept = chat, kept
        self._states: OrderedDict[bytes, State] = OrderedDict()
        self._lock = threading.Lock()

    def session(self, talk: Conversation) -> Session:
        """The conversation as it stands before its last turn, that turn's lifted limits lifted."""
        keys = list(_keys(talk))[:-1]
        done, state = self._longest(keys)
        state = state or marked(self._seen(talk), talk.marks.loved, talk.marks.hated)
        for turn, key in zip(talk.turns[done:-1], keys[done:], strict=True):
            session = self._chat.session(lifted(state, turn.lift))
            session.overhear(turn.said, turn.answered)
            state = session.state
            self._keep(key, state)
        return self._chat.session(lifted(state, talk.last.lift))

    def remember(self, talk: Conversation, answer: str, state: State) -> None:
        """Keep the state after the last turn of `talk` was answered with `answer`."""
        self._keep(list(_keys(talk, answer))[-1], state)

    def _longest(self, keys: Sequence[bytes]) -> tuple[int, State | None]:
        """How many turns' state is kept, of the longest beginning that is."""
        with self._lock:
            for done in range(len(keys), 0, -1):
                if state := self._states.get(keys[done - 1]):
                    self._states.move_to_end(keys[done - 1])
                    return done, state
        return 0, None

    def _keep(self, key: bytes, state: State) -> None:
        with self._lock:
            self._states[key] = state
            self._states.move_to_end(key)
            while len(self._states) > self._kept:
                self._states.popitem(last=False)

    def _seen(self, talk: Conversation) -> set[str]:
        """The films marked as seen, and those of which a system message says so."""
        said = (s for s in sentences(talk.system) if _SEEN.search(s) and not _NOT.search(s))
        return {tconst for s in said for tconst in named(self._chat, s)} | set(talk.marks.seen)


def _keys(talk: Conversation, answer: str = "") -> Iterable[bytes]:
    """A key for each beginning of the conversation, each from the one before it: equal turns make equal keys."""
    root = repr((talk.system, sorted(talk.marks.seen), sorted(talk.marks.loved), sorted(talk.marks.hated)))
    key = hashlib.sha256(root.encode()).digest()
    for turn in talk.turns:
        plain = turn.plain() if turn is not talk.last else type(turn)(turn.said, turn.lift, answer).plain()
        key = hashlib.sha256(key + plain.encode()).digest()
        yield key
