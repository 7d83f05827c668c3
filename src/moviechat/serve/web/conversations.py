"""Conversations without a memory of ours: the state is recomputed from the messages, and cached by their hash."""

from __future__ import annotations

import hashlib
import re
import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from moviechat.chat.languages import NAMES
from moviechat.chat.state import State
from moviechat.serve.web.marks import clicked, heard, marked, told, untold
from moviechat.serve.web.messages import Conversation
from moviechat.serve.web.named import named
from moviechat.words import sentences

if TYPE_CHECKING:
    from moviechat.chat import Chat, Session

KEPT = 4_096  # states; each a few kilobytes
_SEEN = re.compile(r"\b(?:seen|watched|saw)\b", re.I)
_SPEAKS = re.compile(r"\b(?:speaks?|answer|reply|respond|write|languages?|talks?|in)\b", re.I)
_NOT = re.compile(r"\b(?:not|never|n't|wants?|wish)\b|n['’]t\b", re.I)


class Conversations:
    """The states of conversations with `chat`, by what was said in them."""

    def __init__(self, chat: Chat, kept: int = KEPT) -> None:
        self._chat, self._kept = chat, kept
        self._states: OrderedDict[bytes, State] = OrderedDict()
        self._lock = threading.Lock()

    def known(self, talk: Conversation) -> Conversation:
        """`talk` without clicks on films that are not in the catalogue: their turns' words are read instead."""
        movies = self._chat.shelf.movies
        turns = tuple(t if t.like is None or t.like in movies else replace(t, like=None) for t in talk.turns)
        return replace(talk, turns=turns)

    def session(self, talk: Conversation) -> Session:
        """The conversation as it stands before its last turn, what that turn clicked being done."""
        keys, marks = list(_keys(talk))[:-1], self._marks(talk)
        done, kept = self._longest(keys)
        state = kept or State(language=_language(talk.system))
        for turn, key in zip(talk.turns[done:-1], keys[done:], strict=True):
            session = self._chat.session(clicked(told(state, marks), turn))
            session.overhear(heard(turn), turn.answered)
            state = untold(session.state, marks)
            self._keep(key, state)
        return self._chat.session(clicked(told(state, marks), talk.last))

    def remember(self, talk: Conversation, answer: str, state: State) -> None:
        """Keep the state after the last turn of `talk` was answered with `answer`."""
        self._keep(list(_keys(talk, answer))[-1], untold(state, self._marks(talk)))

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

    def _marks(self, talk: Conversation) -> State:
        """The films that the person marked, and those of which a system message says that they were seen."""
        said = (s for s in sentences(talk.system) if _SEEN.search(s) and not _NOT.search(s))
        seen = {tconst for s in said for tconst in named(self._chat, s)} | set(talk.marks.seen)
        return marked(sorted(seen), talk.marks.loved, talk.marks.hated)


def _language(system: str) -> str:
    """The language that a system message says is spoken; "" if it names none."""
    said = (s.lower() for s in sentences(system) if _SPEAKS.search(s) and not _NOT.search(s))
    named_ = (code for s in said for name, code in NAMES.items() if re.search(rf"\b{name}\b", s))
    return next(named_, "")


def _keys(talk: Conversation, answer: str = "") -> Iterable[bytes]:
    """A key for each beginning of the conversation, each from the one before it: equal turns make equal keys."""
    key = hashlib.sha256(talk.system.encode()).digest()
    for turn in talk.turns:
        plain = (replace(turn, answered=answer) if turn is talk.last else turn).plain()
        key = hashlib.sha256(key + plain.encode()).digest()
        yield key
