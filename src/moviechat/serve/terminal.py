"""The conversation in a terminal or a pipe."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from itertools import chain
from typing import TYPE_CHECKING, BinaryIO

import typer

from moviechat.addresses import scrubbed
from moviechat.errors import MoviechatError
from moviechat.reply import Reply

if TYPE_CHECKING:
    from moviechat.schema import Movie
    from moviechat.serve.commands import Talk

WELCOME = 'Ask about a film, or say what you feel like watching. "/help" tells what else there is; Ctrl-D leaves.'
_QUIT = "/quit"
_TOLD = 300  # characters of an error that are told
FILMS_CITED = 3
GREY = "bright_black"
_LISTED = re.compile(r"\A\s*\d{1,2}\. ")  # a film of a list, which the table shows instead
_TELLING = 4  # characters of a line needed to tell whether it lists a film
_LEAST, _TITLE, _GENRES = 90, 36, 28  # minimum width of the terminal for the table, and the widths of two of its cells


def show(reply: Reply) -> None:
    """Print an answer and, in grey, its sources."""
    typer.echo(visible(reply.answer))
    if reply.sources:
        typer.secho(cited(reply), fg=GREY)


def cited(reply: Reply) -> str:
    """The sources of a reply in short: `[Parasite (2019), directors]`."""
    fields: dict[str, list[str]] = {}
    for source in reply.sources:
        fields.setdefault(source.tconst, []).append(source.field)
    labels = {m.tconst: f"{m.title} ({m.year})" for m in reply.movies}
    films = [", ".join(dict.fromkeys((labels.get(t, t), *named))) for t, named in fields.items()]
    more = ["..."] if len(films) > FILMS_CITED else []
    return visible(f"[{'; '.join(films[:FILMS_CITED] + more)}]")


def visible(text: str) -> str:
    """`text` without control characters, which could control the terminal."""
    return "".join(c if c.isprintable() or c == "\n" else " " for c in text)


def forgiving() -> None:
    """Let standard output replace characters that its encoding lacks (ASCII lacks most names)."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")


def relay(talk: Talk, lines: BinaryIO) -> None:
    """Answer each line with a line, at once, until the input ends or says /quit; a fault is a line as well."""
    for raw in lines:
        text = raw.decode("utf-8", "replace").strip()
        if text == _QUIT:
            return
        print(_one_line(talk, text), flush=True)


def _one_line(talk: Talk, text: str) -> str:
    try:
        if text.startswith("/"):
            return " ".join(visible(talk.command(text)).split())
        for _ in talk.stream(text):
            pass
    except Exception as error:  # the lines that follow are answered all the same
        return " ".join(visible(_fault(error)).split())
    reply = talk.last
    said = f"{reply.answer} {cited(reply) if reply.sources else ''}" if reply else ""
    return " ".join(visible(said).split())


def _fault(error: Exception) -> str:
    """What went wrong with a turn: a MoviechatError says it itself; all else is a fault of the program."""
    if isinstance(error, MoviechatError | OSError):
        return scrubbed(f"moviechat: {error}")
    told = scrubbed(" ".join(f"{type(error).__name__} {error}".split())[:_TOLD])
    return f"moviechat: that could not be answered ({told}): please report it; ask something else meanwhile"


def converse(talk: Talk) -> None:
    """Converse in the terminal until Ctrl-C, Ctrl-D or /quit; Ctrl-C first stops a running answer."""
    from prompt_toolkit import PromptSession
    from prompt_toolkit.completion import WordCompleter

    from moviechat.serve.commands import NAMES

    completer = WordCompleter(list(NAMES), sentence=True)  # sentence: a command begins the line
    prompt = PromptSession[str]("you> ", completer=completer, complete_while_typing=False)
    typer.secho(WELCOME, fg=GREY)
    try:
        while (text := prompt.prompt().strip()) != _QUIT:
            _turn(talk, text)
    except (EOFError, KeyboardInterrupt):
        typer.echo()
    typer.echo("Goodbye.")


def _turn(talk: Talk, text: str) -> None:
    listed: list[str] = []
    try:
        if not text or text.startswith("/"):
            typer.echo(visible(talk.command(text or "/help")))
            return
        typer.echo("bot> ", nl=False)
        with closing(talk.stream(text)) as pieces:
            for said in _unlisted(pieces, listed):
                typer.echo(visible(said), nl=False)
    except KeyboardInterrupt:
        typer.secho(" (stopped)", fg=GREY)
    except Exception as error:  # the conversation goes on
        typer.echo(visible(_fault(error)))
    else:
        typer.echo()
        _after(talk, listed)


def _unlisted(pieces: Iterable[str], listed: list[str]) -> Iterator[str]:
    """`pieces` as they come, except whole lines that list a film: those go to `listed`."""
    line, shown, breaks = "", 0, ""
    for piece in chain(pieces, "\n"):
        for part in re.findall(r"\n|[^\n]+", piece):
            if part != "\n":
                line += part
            told = not _LISTED.match(line) and (part == "\n" or len(line) > _TELLING)
            if told and line[shown:]:
                yield breaks + line[shown:]
                shown, breaks = len(line), ""
            if part == "\n":
                if line and not shown:
                    listed.append(line)
                else:
                    breaks += "\n"
                line, shown = "", 0


def _after(talk: Talk, listed: Sequence[str]) -> None:
    reply = talk.last
    assert reply is not None  # the answer is complete
    fits = all(any(m.title in line for m in reply.movies) for line in listed)
    wide = shutil.get_terminal_size().columns >= _LEAST
    for row in table(reply, talk.chat.shelf.movies) if listed and fits and wide else listed:
        typer.echo(visible(row))
    for said in (cited(reply) if reply.sources else "", visible(" / ".join(reply.suggestions))):
        if said:
            typer.secho(f"     {said}", fg=GREY)


def table(reply: Reply, movies: Mapping[str, Movie]) -> Iterator[str]:
    """The reply's films in columns: title and year, minutes, genres, rating and votes; the reason below each."""
    for place, named in enumerate(reply.movies, 1):
        movie = movies[named.tconst]
        runtime = f"{movie.runtime} min" if movie.runtime else ""
        rating = f"{movie.rating:.1f}  {movie.votes:,}" if movie.rating is not None else ""
        title, genres = _cell(movie.label, _TITLE), _cell(", ".join(movie.genres), _GENRES)
        yield f"{place:>4}. {title} {runtime:>7}  {genres}  {rating}".rstrip()
        if named.reason:
            yield f"      {named.reason}"


def _cell(text: str, width: int) -> str:
    from rich.cells import set_cell_size

    return set_cell_size(text, width)
