"""The conversation in a terminal, and through a pipe."""

from __future__ import annotations

from typing import BinaryIO

import typer

from moviechat.chat import Session
from moviechat.errors import MoviechatError
from moviechat.reply import Reply

HELP = "Ask about a film, or describe one that you are looking for. /help says this, /quit (or Ctrl-D) leaves."
FILMS_CITED = 3
GREY = "bright_black"


def show(reply: Reply) -> None:
    """Print an answer and, in grey, its sources."""
    typer.echo(visible(reply.answer))
    if reply.sources:
        typer.secho(cited(reply), fg=GREY)


def cited(reply: Reply) -> str:
    """What a reply rests on, in short: `[Parasite (2019), directors]`."""
    fields: dict[str, list[str]] = {}
    for source in reply.sources:
        fields.setdefault(source.tconst, []).append(source.field)
    labels = {m.tconst: f"{m.title} ({m.year})" for m in reply.movies}
    films = [", ".join(dict.fromkeys((labels.get(t, t), *named))) for t, named in fields.items()]
    more = ["..."] if len(films) > FILMS_CITED else []
    return visible(f"[{'; '.join(films[:FILMS_CITED] + more)}]")


def visible(text: str) -> str:
    """`text` without the control characters that would speak to the terminal."""
    return "".join(c if c.isprintable() or c == "\n" else " " for c in text)


def relay(session: Session, lines: BinaryIO) -> None:
    """Answer each line with a line, at once, until the input ends or says /quit."""
    for raw in lines:
        text = raw.decode("utf-8", "replace").strip()
        if text == "/quit":
            return
        print(_one_line(session, text), flush=True)


def _one_line(session: Session, text: str) -> str:
    if text == "/help":
        return HELP
    try:
        reply = session.ask(text)
    except MoviechatError as error:
        return f"moviechat: {error}"
    return " ".join(visible(f"{reply.answer} {cited(reply) if reply.sources else ''}").split())


def talk(session: Session) -> None:
    """Converse at the terminal until Ctrl-C, Ctrl-D or /quit."""
    from prompt_toolkit import PromptSession

    prompt = PromptSession[str]("you> ")
    typer.secho(HELP, fg=GREY)
    try:
        while (text := prompt.prompt().strip()) != "/quit":
            _turn(session, text)
    except (EOFError, KeyboardInterrupt):
        typer.echo()
    typer.echo("Goodbye.")


def _turn(session: Session, text: str) -> None:
    if not text or text.startswith("/"):
        typer.echo(HELP)
        return
    typer.echo("bot> ", nl=False)
    try:
        for piece in session.stream(text):
            typer.echo(visible(piece), nl=False)
    except MoviechatError as error:
        typer.echo(f"moviechat: {error}")
        return
    typer.echo()
    if session.last and session.last.sources:
        typer.secho(f"     {cited(session.last)}", fg=GREY)
