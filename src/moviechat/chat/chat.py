"""The one answer path: understand -> look up / retrieve -> answer -> check -> remember."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from moviechat.chat.answer import KINDS, answer, check
from moviechat.chat.lookup import Said
from moviechat.chat.memory import Memory, remember
from moviechat.chat.reading import clean
from moviechat.chat.retrieve import Found, retrieve
from moviechat.chat.shelf import BundleShelf, Shelf
from moviechat.chat.understand import understand
from moviechat.limits import Limits
from moviechat.reply import Hit, MovieRef, Reply

if TYPE_CHECKING:
    from moviechat.retrieval.search import Explained

TABLE = "catalogue"  # the model of a reply that no language model worded


class Chat:
    """The bundle's films and models, shared by conversations; what is heavy is loaded when first needed."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf

    @classmethod
    def load(cls, folder: str | Path) -> Chat:
        """The chat of the bundle in `folder`; raises BundleError if it is missing, incomplete or of another version."""
        return cls(BundleShelf(Path(folder)))

    def search(self, query: str, limit: int = 10) -> list[Hit]:
        """At most `limit` films for a description, best first."""
        return self.shelf.finder.search(clean(query), limit)

    def explain(self, query: str, limit: int = 10, within: Limits | None = None) -> list[Explained]:
        """What `search` finds `within` limits, with what each part of the search added."""
        return self.shelf.finder.explain(clean(query), limit, within)

    def unknown(self, within: Limits) -> dict[str, dict[str, tuple[str, ...]]]:
        """By name of a limit, those of its values that no film has, each with the names that are spelled like it."""
        return self.shelf.finder.unknown(within)

    def session(self) -> Session:
        """A new conversation."""
        return Session(self.shelf)


class Session:
    """One conversation: what it was about stays in `memory`, the last reply in `last`."""

    def __init__(self, shelf: Shelf) -> None:
        self.memory = Memory()
        self.last: Reply | None = None
        self._shelf = shelf

    def ask(self, text: str) -> Reply:
        """The reply to `text` (any text at all); raises ModelError if the language model fails."""
        for _ in self.stream(text):
            pass
        assert self.last is not None
        return self.last

    def stream(self, text: str) -> Iterator[str]:
        """The answer word by word, each sentence checked before it goes out; then the reply is in `last`."""
        began, said = time.perf_counter(), list[Said]()
        query = understand(text, self._shelf.finder, self.memory)
        found = retrieve(query, self.memory, self._shelf)
        for sentence in check(answer(found, self._shelf)):
            yield from re.findall(r"\s*\S+", f" {sentence.text}" if said else sentence.text)
            said.append(sentence)
        self.memory = remember(self.memory, found.query, found.movies)
        self.last = _reply(found, said, self._shelf, time.perf_counter() - began)

    def overhear(self, text: str, answered: str = "") -> None:
        """Remember a turn that was answered elsewhere (`answered`), without answering or searching for it."""
        query = understand(text, self._shelf.finder, self.memory)
        if not query.films and query.asked in ("plot", "describe"):
            films = tuple(link.tconst for link in self._shelf.finder.link(answered))
            found = Found(query, tuple(self._shelf.movies[t] for t in films))
        else:
            found = retrieve(query, self.memory, self._shelf)
        self.memory = remember(self.memory, found.query, found.movies)


def _reply(found: Found, said: list[Said], shelf: Shelf, seconds: float) -> Reply:
    kind, sources = KINDS[found.query.asked], tuple(dict.fromkeys(s for sentence in said for s in sentence.sources))
    return Reply(
        answer=" ".join(sentence.text for sentence in said),
        kind="unknown" if kind == "plot" and not sources else kind,
        grounded=bool(sources),
        movies=tuple(MovieRef(m.tconst, m.title, m.year) for m in found.movies),
        sources=sources,
        model=shelf.model.name if any(sentence.by_model for sentence in said) else TABLE,
        seconds=seconds,
    )
