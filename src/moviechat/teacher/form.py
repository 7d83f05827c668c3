"""The format of requests and replies for pairs, shown by an example: lines, or JSON with a schema."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from moviechat.schema import NOT_SAID
from moviechat.sections import Api
from moviechat.teacher.example import Example
from moviechat.teacher.providers import endpoint

UNSAID = "not_said"  # the slot whose answer is not in the record; its pair counts as particular
_TASKS = {
    "about": "what the film is about, answered in one or two sentences",
    "setting": f'where or when the film is set; where the record does not tell it, the answer is "{NOT_SAID}"',
    "themes": "the tone, the main themes and the genres of the film",
    "ending": f'how the film ends; where the record does not tell it, the answer is "{NOT_SAID}"',
    "particular": "one particular of the description: who, what, why, when or how",
    "fact": "two of the figures under the description in one question, such as the year and the runtime",
    UNSAID: f'something a viewer may well ask and the record does not tell; the answer is "{NOT_SAID}"',
}
_LETTERS = {"question": "Q", "reasoning": "R", "answer": "A"}
# Patterns of JSON strings. An answer is one sentence; a full stop inside it comes before a digit ("6.4").
_SENTENCE = r'^[A-Z0-9]([^"\\.\n]|\.[0-9]){1,240}\.$'
_QUESTION_GOES_ON = r'[^"\\?\n]{3,120}\?$'
_SPECIAL = re.compile(r"[.^$|?*+()\[\]{}]")


def kind_of(slot: str) -> str:
    """The pair's kind: "particular_2" and "not_said" are both particulars."""
    kind = task_of(slot)
    return "particular" if kind == UNSAID else kind


def task_of(slot: str) -> str:
    """What a slot asks for: "not_said_2" -> "not_said"."""
    return slot.rstrip("0123456789").rstrip("_")


@dataclass(frozen=True, slots=True)
class Form:
    """The format of a request for these slots; `begun` is the first question's beginning (openings.py), or None."""

    wanted: tuple[str, ...]
    p: Api
    begun: str | None = None

    @property
    def fields(self) -> tuple[str, ...]:
        """The parts of a pair, in order."""
        return ("question", "reasoning", "answer") if self.p.reasoning else ("question", "answer")

    def task(self) -> str:
        """What to write, and how."""
        tasks = "\n".join(f"{n}. {slot}: {_TASKS[task_of(slot)]}" for n, slot in enumerate(self.wanted, 1))
        number = len(self.wanted)
        asked = "one question and its answer" if number == 1 else f"{number} questions and their answers"
        return f"Write {asked}:\n{tasks}\n\n{self._shape()}"

    def shown(self, example: Example) -> str:
        """The pairs of a worked example as a reply in this format."""
        pairs = [(slot, example.pair(task_of(slot), n)) for n, slot in enumerate(self.wanted)]
        if self.p.style == "instruct":
            return "\n".join(self._lines(n, slot, pair) for n, (slot, pair) in enumerate(pairs, 1))
        return json.dumps({slot: {f: pair[f] for f in self.fields} for slot, pair in pairs}, ensure_ascii=False)

    def primed(self) -> str:
        """The beginning of a reply in lines, for the model to continue."""
        first = f"Q1 ({kind_of(self.wanted[0])}):"
        if self.begun is None:
            return first
        after = "R1" if self.p.reasoning else "A1"
        return f"{first} {self.begun}\n{after}:" if self.begun.endswith("?") else f"{first} {self.begun}"

    def schema(self) -> dict[str, Any]:
        """The option for a JSON reply, as far as the endpoint supports it."""
        structured = self.p.structured or endpoint(self.p).structured
        if structured == "none":
            return {}
        if structured == "json_object":
            return {"response_format": {"type": "json_object"}}
        # One key per slot: no server need count an array's items, and no reply can mix up the kinds.
        whole = _closed({slot: self._pair(slot) for slot in self.wanted})
        form = {"name": "p", "strict": True, "schema": whole}
        return {"response_format": {"type": "json_schema", "json_schema": form}}

    def _shape(self) -> str:
        if self.p.style == "instruct":
            shape = "\n".join(f"{_LETTERS[field]}1: ..." for field in self.fields)
            return f"Each in lines of their own, numbered to {len(self.wanted)}, and nothing else:\n{shape}"
        pair = "{" + ", ".join(f'"{field}": "..."' for field in self.fields) + "}"
        shape = ", ".join(f'"{slot}": {pair}' for slot in self.wanted)
        return f"Reply with this JSON object and nothing else: {{{shape}}}"

    def _lines(self, number: int, slot: str, pair: Mapping[str, str]) -> str:
        marks = {"question": f"Q{number} ({kind_of(slot)})"}
        return "\n".join(f"{marks.get(f, f'{_LETTERS[f]}{number}')}: {pair[f]}" for f in self.fields)

    def _pair(self, slot: str) -> dict[str, Any]:
        parts: dict[str, Any] = {field: {"type": "string"} for field in self.fields}
        if task_of(slot) == UNSAID:
            parts["answer"] = {"type": "string", "enum": [NOT_SAID]}
        if self.begun is not None and endpoint(self.p).patterns:
            parts = {field: {"type": "string", "pattern": _SENTENCE} for field in self.fields} | {
                "question": _begun(self.begun),
                **({"answer": parts["answer"]} if task_of(slot) == UNSAID else {}),
            }
        return _closed(parts)


def _begun(opening: str) -> dict[str, Any]:
    if opening.endswith("?"):
        return {"type": "string", "enum": [opening]}
    start = _SPECIAL.sub(lambda found: f"\\{found.group()}", opening)
    return {"type": "string", "pattern": f"^{start} {_QUESTION_GOES_ON}"}


def _closed(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}
