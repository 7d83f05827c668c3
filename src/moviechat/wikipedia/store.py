"""What was answered, by what was asked: work that was paid for once survives every kill."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tqdm import tqdm

from moviechat.files import write_text

_Value = dict[str, Any] | None
Answers = dict[str, _Value]  # by name; None where there is nothing


class Store:
    """A folder of JSON files, each named by the sha256 of its question; None is an answer too."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __contains__(self, question: str) -> bool:
        return self._entry(question) is not None

    def __getitem__(self, question: str) -> _Value:
        entry = self._entry(question)
        if entry is None:
            raise KeyError(question)
        value: _Value = entry["answer"]
        return value

    def __setitem__(self, question: str, answer: _Value) -> None:
        entry = {"question": question, "answer": answer}
        write_text(json.dumps(entry, ensure_ascii=False) + "\n", self._path(question))

    def get(self, question: str) -> dict[str, Any]:
        """The answer; an empty one where there is none."""
        return (self._entry(question) or {}).get("answer") or {}

    def known(self, what: str, names: Sequence[str], ask: Callable[[Sequence[str]], Answers], batch: int) -> Answers:
        """The answer for every name: the one that is kept, else by `ask`, `batch` names at a time."""
        self.ask(what, [name for name in names if f"{what} {name}" not in self], ask, batch)
        return {name: self[f"{what} {name}"] for name in names}

    def ask(self, what: str, names: Sequence[str], ask: Callable[[Sequence[str]], Answers], batch: int) -> None:
        """Keep what `ask` answers for the names, `batch` names at a time."""
        for start in tqdm(range(0, len(names), batch), desc=what, unit="request", disable=not names):
            asked = names[start : start + batch]
            found = ask(asked)
            for name in asked:
                self[f"{what} {name}"] = found.get(name)

    def _path(self, question: str) -> Path:
        digest = hashlib.sha256(question.encode()).hexdigest()
        return self.folder / digest[:2] / f"{digest}.json"

    def _entry(self, question: str) -> dict[str, Any] | None:
        # A file that was damaged is as good as none: it is asked for again.
        try:
            entry = json.loads(self._path(question).read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return None
        return entry if isinstance(entry, dict) and entry.get("question") == question else None
