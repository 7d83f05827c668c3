"""A conversation with its commands, for the terminal and the pipe: what a line that begins with "/" does."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from moviechat.chat.exports import Entry
from moviechat.chat.history import Catalogue, History, load
from moviechat.chat.state import State, with_told
from moviechat.chat.wish import Like
from moviechat.errors import DataError
from moviechat.schema import Movie

if TYPE_CHECKING:
    from moviechat.chat import Chat, Session
    from moviechat.reply import Reply

HELP = """Ask about a film, describe one that you are looking for, or say what you feel like watching.
/seen FILE or TITLE  films that you know: an export of IMDb or Letterboxd, or one film
/limits              what a suggestion must keep; "/limits drop NAME" (or NAME=VALUE) lifts one
/sources             what the last answer rests on, in full
/new                 begin a new conversation        /save FILE, /open FILE   keep one, go on with it
/quit (or Ctrl-D)    leave; Ctrl-C stops an answer"""


@dataclass
class Talk:
    """A conversation with `chat`; `known` is the state that a new one begins with: the films that the person knows."""

    chat: Chat
    known: State = field(default_factory=State)
    turns: list[tuple[str, str]] = field(default_factory=list)  # said, answered

    def __post_init__(self) -> None:
        self.session: Session = self.chat.session(self.known)

    @cached_property
    def catalogue(self) -> Catalogue:
        """The films as a person's list names them."""
        return Catalogue(self.chat.shelf.movies)

    def stream(self, text: str) -> Generator[str, None, None]:
        """The answer to `text` in pieces; raises ModelError."""
        yield from self.session.stream(text)
        self.turns.append((text, self.last.answer if self.last else ""))

    @property
    def last(self) -> Reply | None:
        """The last reply."""
        return self.session.last

    def command(self, line: str) -> str:
        """What the command `line` answers; raises DataError that says what is wrong with it."""
        name, _, rest = line.partition(" ")
        if (does := _COMMANDS.get(name)) is None:
            return HELP if name == "/help" else f"There is no command {name}.\n{HELP}"
        return does(self, rest.strip())

    def bring(self, path: Path) -> str:
        """Take the films of a person's list for known; raises DataError if it cannot be read."""
        found = load(path, self.catalogue)
        self._know(found)
        return "\n".join([found.told(), *_missed(found)])

    def _know(self, found: History) -> None:
        likes = [*(Like(t, 1.0) for t in sorted(found.loved)), *(Like(t, -1.0) for t in sorted(found.hated))]
        self.known = with_told(self.known, sorted(found.seen), likes, ())
        self.session = self.chat.session(with_told(self.session.state, sorted(found.seen), likes, ()))

    def _seen(self, rest: str) -> str:
        if not rest:
            return f"{len(self.session.state.seen)} films are known to you."
        if Path(rest).expanduser().is_file():
            return self.bring(Path(rest).expanduser())
        found = self.catalogue.find(_titled(rest))
        if not isinstance(found, Movie):
            raise DataError(f"{rest}: {found}, and no such file is here")
        self._know(History(seen=frozenset({found.tconst})))
        return f"{found.label} is known to you."

    def _limits(self, rest: str) -> str:
        from moviechat.serve.web.marks import lifted

        wish = self.session.state.wish
        said = wish.limits.to_json() if wish else {}
        verb, _, name = rest.partition(" ")
        if verb == "drop" and name.partition("=")[0] in said:
            self.session = self.chat.session(lifted(self.session.state, [name]))
            return f"{name} is lifted: ask for others."
        if rest:
            raise DataError(f'"/limits {rest}" lifts nothing: say "/limits drop NAME", with one of {", ".join(said)}')
        return "\n".join(f"{n}: {json.dumps(v, ensure_ascii=False)}" for n, v in said.items()) or "No limits."

    def _sources(self, _: str) -> str:
        if not self.last or not self.last.sources:
            return "The last answer rests on nothing on record." if self.last else "Nothing was answered yet."
        titles = {m.tconst: f"{m.title} ({m.year})" for m in self.last.movies}
        found = [
            f"{titles.get(s.tconst, s.tconst)}, {s.field}: {s.text}"
            + "".join(f" [{x}]" for x in (s.license, s.url) if x)
            for s in self.last.sources
        ]
        return "\n".join(found)

    def _new(self, _: str) -> str:
        self.session, self.turns = self.chat.session(self.known), []
        return "A new conversation."

    def _save(self, rest: str) -> str:
        from moviechat.serve.lines import opened

        path = _path(rest, "/save")
        kept = {"state": self.session.state.to_json(), "turns": self.turns}
        with opened(path) as file:
            file.write(json.dumps(kept, ensure_ascii=False, indent=1) + "\n")
        return f"Kept in {path}."

    def _open(self, rest: str) -> str:
        path = _path(rest, "/open")
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
            state = State.from_json(kept["state"])
            self.turns = [(str(said), str(answered)) for said, answered in kept["turns"]]
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise DataError(f"{path} is no conversation that /save kept ({type(error).__name__})") from None
        self.session = self.chat.session(state)
        return f"{len(self.turns)} turns of {path}: go on."


def _titled(text: str) -> Entry:
    from moviechat.chat.exports import parse

    return parse("list", text.encode()).entries[0]


def _missed(found: History, most: int = 5) -> list[str]:
    lines = [f"  line {u.line}: {u.title or '(no title)'}: {u.reason}" for u in found.unmatched[:most]]
    return [*lines, "  ..."] if len(found.unmatched) > most else lines


def _path(rest: str, command: str) -> Path:
    if not rest:
        raise DataError(f"{command} wants a file: {command} evening.json")
    return Path(rest).expanduser()


NAMES = ("/help", "/seen", "/limits", "/sources", "/new", "/save", "/open", "/quit")
_COMMANDS: dict[str, Callable[[Talk, str], str]] = {
    "/seen": Talk._seen,
    "/limits": Talk._limits,
    "/sources": Talk._sources,
    "/new": Talk._new,
    "/save": Talk._save,
    "/open": Talk._open,
}
