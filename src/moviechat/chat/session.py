"""The loop of a conversation: mentions -> draft -> turn -> result -> sentences -> state."""

from __future__ import annotations

import re
import time
from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from moviechat.chat.acts import asking_part
from moviechat.chat.advance import advance
from moviechat.chat.answer import answer, kind
from moviechat.chat.backing import backing
from moviechat.chat.bearers import chosen
from moviechat.chat.continuing import tells_of
from moviechat.chat.described import described
from moviechat.chat.find import Result, find
from moviechat.chat.followups import suggestions
from moviechat.chat.listing import as_listed, listed
from moviechat.chat.mentions import Mentions, read
from moviechat.chat.query import Recommend, Turn
from moviechat.chat.resolve import resolve
from moviechat.chat.said import Said
from moviechat.chat.shelf import BundleShelf, Shelf
from moviechat.chat.signals import Hints
from moviechat.chat.state import State, added
from moviechat.chat.tokens import clean
from moviechat.chat.wanting import wanting
from moviechat.reply import Hit, MovieRef, Reply, Understood

if TYPE_CHECKING:
    from moviechat.limits import Limits
    from moviechat.retrieval.search import Explained

TABLE = "catalogue"  # `model` of a reply that no language model wrote


class Chat:
    """The bundle's films and models, shared by conversations; expensive parts are loaded at first use."""

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
        """The result of `search` `within` limits, with what each part of the search added."""
        return self.shelf.finder.explain(clean(query), limit, within)

    def unknown(self, within: Limits) -> dict[str, dict[str, tuple[str, ...]]]:
        """By limit: the values that no film has, each with names of similar spelling."""
        return self.shelf.finder.unknown(within)

    def session(self, state: State | None = None, seen: Collection[str] = (), seed: int = 0) -> Session:
        """A conversation, new or from `state`; `seen` films are not suggested; `seed` chooses among equal films."""
        return Session(self.shelf, state or State(), seen, seed)


class Session:
    """One conversation: `state` is what it remembers, `last` the last reply."""

    def __init__(self, shelf: Shelf, state: State, seen: Collection[str] = (), seed: int = 0) -> None:
        self.state = replace(state, seen=added(state.seen, sorted(seen))) if seen else state
        self.last: Reply | None = None
        self._shelf, self._seed = shelf, seed

    def ask(self, text: str) -> Reply:
        """The reply to `text` (any text); raises ModelError if the language model fails."""
        for _ in self.stream(text):
            pass
        assert self.last is not None
        return self.last

    def stream(self, text: str) -> Iterator[str]:
        """The answer word by word, each sentence checked before it is shown; then the reply is in `last`."""
        began, said = time.perf_counter(), list[Said]()
        turn, result = self._answered(text)
        for sentence in answer(result, self._shelf):
            yield from re.findall(r"(?:(?<!\s)\s++)?\S+", _joint(bool(said), sentence.text))
            said.append(sentence)
        self.state = advance(self.state, turn, result)
        self.last = _reply(result, said, self._shelf, time.perf_counter() - began)

    def overhear(self, text: str, answered: str = "") -> None:
        """Update the state for a turn that was answered elsewhere (`answered`), without composing an answer.

        If that answer lists films, "the first" is the first of its list.
        """
        before = self.state
        after = advance(before, *self._answered(text))
        self.state = as_listed(before, after, listed(answered, self._shelf.known))

    def _read(self, text: str) -> Mentions:
        used = self.state.language or "en"
        shelf, focus = self._shelf, bool(self.state.focus)
        told = {*self.state.talked, *self.state.listed}
        backs = backing(clean(text), shelf.known, shelf.finder.search, focus=focus, told=told)
        found = read(text, shelf.linker, shelf.moods, focus=focus, used=used, backs=backs)
        film = described(found, self.state, shelf.known, shelf.finder.search)
        if film is None:
            return found
        return read(text, shelf.linker, shelf.moods, focus=focus, used=used, backs=backs, described=film)

    def _answered(self, text: str) -> tuple[Turn, Result]:
        """What a message asks, and what answers it: the last message again, if this one says who was meant in it."""
        which, known = self.state.which, self._shelf.known
        meant = chosen(self._read(text), which, known) if which else ""
        if not (which and meant):
            return self._understood(text, self.state)
        people = tuple(meant if person == which.taken else person for person in self.state.people)
        settled = added(self.state.settled, (meant,))
        return self._understood(which.text, replace(self.state, people=people, settled=settled, which=None))

    def _understood(self, text: str, state: State) -> tuple[Turn, Result]:
        shelf = self._shelf
        mentions = self._read(text)
        if state.last != "Recommend":
            mentions = asking_part(mentions, self._read)
        want = wanting(mentions, shelf.taste, shelf.known.years)
        hints = Hints(
            wish=state.wish is not None,
            focus=bool(state.focus),
            listed=len(state.listed) > 1,
            people=bool(state.people),
            fields=state.fields,
            question=bool(state.question),
            wished=state.last == "Recommend",
            about=state.last in ("AskFact", "AskPlot") and bool(state.focus),
            told=tells_of(mentions, state, shelf.known),
        )
        draft = shelf.understanding.draft(mentions, want, hints)
        turn = resolve(draft, state, shelf.known)
        return turn, find(turn, state, shelf, shelf.known, self._seed)


def _reply(result: Result, said: list[Said], shelf: Shelf, seconds: float) -> Reply:
    sources = tuple(dict.fromkeys(s for sentence in said for s in sentence.sources))
    what = kind(result, said)
    reasons = {p.movie.tconst: p.reason or None for p in result.picked.picks} if result.picked else {}
    return Reply(
        answer="".join(_joined(said)),
        kind=what,
        grounded=bool(sources) if what in ("fact", "plot", "recommend", "similar") else None,
        movies=tuple(MovieRef(m.tconst, m.title, m.year, reasons.get(m.tconst)) for m in result.movies),
        sources=sources,
        model=shelf.model.name if any(sentence.by_model for sentence in said) else TABLE,
        seconds=seconds,
        understood=_understood(result),
        suggestions=suggestions(result),
    )


def _joined(said: list[Said]) -> Iterator[str]:
    return (_joint(i > 0, sentence.text) for i, sentence in enumerate(said))


def _joint(later: bool, text: str) -> str:
    """A sentence as it follows others: after a space or its own line break; the first one without either."""
    if not later:
        return text.lstrip("\n")
    return text if text.startswith("\n") else f" {text}"


def _understood(result: Result) -> Understood:
    query = result.query
    intent = type(query).__name__
    if isinstance(query, Recommend):
        liked = tuple(like.tconst for like in query.wish.like if like.weight > 0)
        return Understood(intent, query.wish.limits.to_json(), liked, query.not_checked)
    return Understood(intent)
