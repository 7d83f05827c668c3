"""Replies in OpenAI's shapes: a completion, and the chunks of a stream."""

from __future__ import annotations

import json
import re
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from moviechat.serve.web.faults import RequestError
from moviechat.serve.web.messages import MODEL, Conversation

if TYPE_CHECKING:
    from moviechat.reply import Reply

DONE = b"data: [DONE]\n\n"
_TOKEN = re.compile(r"\w+|[^\w\s]")


def event(value: Any) -> bytes:
    """A server-sent event."""
    return f"data: {json.dumps(value, ensure_ascii=False)}\n\n".encode("utf-8", "replace")


@dataclass(slots=True)
class Writer:
    """One completion as it is written: the answer's pieces in, OpenAI's objects out; `most` limits its words."""

    talk: Conversation
    most: int | None = None
    id: str = field(default_factory=lambda: f"chatcmpl-{secrets.token_hex(12)}")
    created: int = field(default_factory=lambda: int(time.time()))
    full: bool = False  # the answer has more words than the client allows
    text: str = ""

    def opening(self) -> bytes:
        """The first chunk, which says who speaks."""
        return self._chunk({"role": "assistant", "content": ""})

    def piece(self, text: str) -> bytes:
        """A chunk of the answer, as far as the client allows; nothing if no word of it is left."""
        before, self.text = self.text, cut(self.text + text, self.most)
        self.full = len(self.text) < len(before) + len(text)
        said = self.text[len(before) :]
        return self._chunk({"content": said}) if said else b""

    def waiting(self, ahead: int) -> bytes:
        """A chunk that says how many are before this one; plain clients see an empty piece."""
        return self._chunk({"content": ""}, waiting=ahead)

    def closing(self, reply: Reply | None, finish: str = "stop") -> bytes:
        """The last chunk: why the answer ends, and all that is known of it."""
        said = {"moviechat": reply.to_json()} if reply else {}
        return event(self._object("chat.completion.chunk", delta={}, finish=finish) | said)

    def usage_chunk(self) -> bytes:
        """What a client that asked for usage gets after the last chunk."""
        plain = self._object("chat.completion.chunk", delta={}, finish=None)
        return event(plain | {"choices": [], "usage": self._usage()})

    def whole(self, reply: Reply) -> dict[str, Any]:
        """The completion of a request that wants no stream."""
        text = cut(reply.answer, self.most)
        return self.said(text, "stop" if text == reply.answer else "length") | {"moviechat": reply.to_json()}

    def said(self, text: str, finish: str = "stop") -> dict[str, Any]:
        """The completion that says `text`."""
        self.text = text
        plain = self._object("chat.completion", message={"role": "assistant", "content": text}, finish=finish)
        return plain | {"usage": self._usage()}

    def failing(self, fault: RequestError) -> bytes:
        """A failure in the midst of a stream."""
        return event(fault.to_json())

    def _chunk(self, delta: dict[str, str], **said: Any) -> bytes:
        plain = self._object("chat.completion.chunk", delta=delta, finish=None)
        return event(plain | {"moviechat": said} if said else plain)

    def _object(self, kind: str, *, finish: str | None, **what: Any) -> dict[str, Any]:
        choice = {"index": 0, **what, "logprobs": None, "finish_reason": finish}
        return {"id": self.id, "object": kind, "created": self.created, "model": MODEL, "choices": [choice]}

    def _usage(self) -> dict[str, int]:
        prompt = sum(count(t.said) + count(t.answered) for t in self.talk.turns) + count(self.talk.system)
        return {"prompt_tokens": prompt, "completion_tokens": (n := count(self.text)), "total_tokens": prompt + n}


def count(text: str) -> int:
    """Words and marks of a text: what `usage` counts, as most answers never meet a tokenizer."""
    return len(_TOKEN.findall(text))


def cut(text: str, most: int | None) -> str:
    """The first `most` words of `text`; all of it for None."""
    pieces: Sequence[str] = re.findall(r"(?:(?<!\s)\s++)?\S+", text)
    return text if most is None or len(pieces) <= most else "".join(pieces[:most])
