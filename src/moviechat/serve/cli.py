"""The command line: conversations, files, servers; `champion` and `rollback` of the registry."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from moviechat import paths
from moviechat.errors import DataError
from moviechat.serve.telling import Telling

if TYPE_CHECKING:
    from moviechat import registry
    from moviechat.chat import Chat
    from moviechat.limits import Limits

main = typer.Typer(
    cls=Telling,
    help="A chatbot that talks about films.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

Bundle = Annotated[
    Path | None,
    typer.Option("--bundle", metavar="DIR", help=f"The bundle to load [default: {paths.BUNDLE}].", show_default=False),
]
Champion = Annotated[bool, typer.Option("--champion", help="Load the registry's champion.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Input = Annotated[
    Path | None, typer.Option("--input", metavar="FILE", help="JSON lines to answer, in order; - is standard input.")
]
Output = Annotated[
    Path | None, typer.Option("--output", metavar="FILE", help="Where --input's answers go; - is standard output.")
]
Range = Annotated[
    str | None, typer.Option(metavar="RANGE", help="2020, 2019..2021, 2019.. or ..2021.", show_default=False)
]
Names = Annotated[
    list[str] | None, typer.Option(metavar="NAME", help="May be repeated; all must hold.", show_default=False)
]
AnyNames = Annotated[
    list[str] | None, typer.Option(metavar="NAME", help="May be repeated; one must hold.", show_default=False)
]
NoNames = Annotated[
    list[str] | None, typer.Option(metavar="NAME", help="May be repeated; none may hold.", show_default=False)
]
AgeRating = Annotated[
    str | None, typer.Option(metavar="RATING", help="Maximum: G, PG, PG-13, R or NC-17.", show_default=False)
]
Explain = Annotated[bool, typer.Option("--explain", help="Show what each part of the search added to a score.")]
Limit = Annotated[int, typer.Option("--limit", min=1, max=10_000, help="Hits at most.")]


@main.command()
def ask(
    question: Annotated[list[str] | None, typer.Argument(help="A question about a film.", show_default=False)] = None,
    as_json: AsJson = False,
    bundle: Bundle = None,
    champion: Champion = False,
    input: Input = None,
    output: Output = None,
) -> None:
    """Answer a question, or every conversation of a file.

    A line of --input is {"id", "messages": [{"role", "content"}...]}, a line of --output its id and the reply.
    """
    if files := _files(question, input, output, "a question"):
        from moviechat.serve import batch

        return batch.ask(_chat(_bundle(bundle, champion)), *files)
    from moviechat.serve import terminal

    reply = _chat(_bundle(bundle, champion)).session().ask(" ".join(question or ()))
    if as_json:
        _print_json(reply.to_json())
    else:
        terminal.show(reply)
    return None


@main.command()
def search(
    query: Annotated[list[str] | None, typer.Argument(help="A description of a film.", show_default=False)] = None,
    limit: Limit = 10,
    year: Range = None,
    runtime: Range = None,
    rating: Range = None,
    votes: Range = None,
    genre: Names = None,
    any_genre: AnyNames = None,
    without_genre: NoNames = None,
    person: Names = None,
    director: Names = None,
    cast: Names = None,
    writer: Names = None,
    composer: Names = None,
    without_person: NoNames = None,
    country: AnyNames = None,
    without_country: NoNames = None,
    language: AnyNames = None,
    without_language: NoNames = None,
    age_rating: AgeRating = None,
    explain: Explain = False,
    as_json: AsJson = False,
    bundle: Bundle = None,
    champion: Champion = False,
    input: Input = None,
    output: Output = None,
) -> None:
    """Find films for a description, or for every query of a file: the best of those that meet all limits.

    A film without a value does not meet a limit on it. Limits without a query give the films with the most votes. A
    line of --input is {"query"}, a line of --output {"query", "hits": [{"tconst", "title", "year", "score"}...]}.
    """
    from moviechat.serve import finding

    ranges = {"year": year, "runtime": runtime, "rating": rating, "votes": votes}
    given = (genre, any_genre, without_genre, person, director, cast, writer, composer, without_person)
    names = (*given, country, without_country, language, without_language)
    within = finding.limits(ranges, dict(zip(finding.FLAGS, names, strict=True)), age_rating)
    if within and query is None and input is None and output is None:
        query = []
    if files := _files(query, input, output, "a query"):
        from moviechat.serve import batch

        loaded = _checked(_chat(_bundle(bundle, champion)), within)
        return batch.search(loaded, *files, limit, within, explain)
    text = " ".join(query or ())
    loaded = _checked(_chat(_bundle(bundle, champion)), within)
    found = loaded.explain(text, limit, within)
    if as_json:
        _print_json({"query": text, "hits": finding.rows(found, explain)})
    else:
        typer.echo("\n".join(finding.told(found, explain)))
    return None


@main.command()
def recommend(
    input: Annotated[Path, typer.Option("--input", metavar="FILE", help="JSON lines of dialogues, in order.")],
    output: Annotated[Path, typer.Option("--output", metavar="FILE", help="Where the films go.")],
    limit: Limit = 10,
    bundle: Bundle = None,
    champion: Champion = False,
) -> None:
    """Recommend films for every dialogue of a file, without those that it names or excludes.

    A line of --input is {"messages": [{"role", "content"}...], "exclude": [tconst...]}, a line of --output
    {"hits": [{"tconst", "title", "year", "score"}...]}.
    """
    from moviechat.serve import batch

    batch.recommend(_chat(_bundle(bundle, champion)), input, output, limit)


@main.command()
def ground(
    input: Annotated[Path, typer.Option("--input", metavar="FILE", help="JSON lines to check, in order.")],
    output: Annotated[Path, typer.Option("--output", metavar="FILE", help="Where the verdicts go.")],
    fair: Annotated[bool, typer.Option("--fair", help="Use the more lenient threshold for training pairs.")] = False,
    bundle: Annotated[
        Path | None,
        typer.Option(
            "--bundle", metavar="DIR", help="Use a bundle's models instead of the fetched ones.", show_default=False
        ),
    ] = None,
) -> None:
    """Check for every answer of a file whether its film's record supports it.

    A line of --input is {"question", "answer", "record": {"title", "year", ..., "passages": [text...]}}, a line of
    --output {"supported", "unsupported": [claim...], "score"}.
    """
    from moviechat.serve import grounds

    grounds.ground(input, output, grounds.checker(bundle), "fair" if fair else "strict")


@main.command()
def chat(
    seen: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="Films that you know: IMDb's or Letterboxd's export.", show_default=False),
    ] = None,
    bundle: Bundle = None,
    champion: Champion = False,
) -> None:
    """Talk about films; in a pipe, each line is answered with a line."""
    from moviechat.serve import terminal
    from moviechat.serve.commands import Talk

    terminal.forgiving()
    talk = Talk(_chat(_bundle(bundle, champion)))
    for path in seen or ():
        typer.echo(terminal.visible(talk.bring(path)), err=True)
    if sys.stdin.isatty() and sys.stdout.isatty():
        terminal.converse(talk)
    else:
        terminal.relay(talk, sys.stdin.buffer)


@main.command("champion")
def show_champion() -> None:
    """Show which bundle is champion, and why."""
    from moviechat import registry

    if (now := registry.champion()) is None:
        typer.echo("There is no champion yet.")
    else:
        typer.echo(_told(now))


@main.command()
def rollback() -> None:
    """Make the champion's predecessor champion again."""
    from moviechat import registry

    now, before = registry.rollback()
    typer.echo(f"{_told(now)}\nIt takes the place of version {before.version}.")


def _told(champion: registry.Champion) -> str:
    from moviechat.serve.terminal import visible

    replaced = f", in place of version {champion.before}" if champion.before else ""
    return visible(f"Version {champion.version} (MLflow run {champion.run}){replaced}: {champion.reason}.")


def _bundle(bundle: Path | None, champion: bool) -> Path:
    if not champion:
        return bundle or paths.BUNDLE
    if bundle:
        raise DataError(f"give --champion or --bundle {bundle}, not both")
    from moviechat import registry

    return registry.fetch()


def _chat(bundle: Path) -> Chat:
    from moviechat.chat import Chat

    return Chat.load(bundle)


def _checked(chat: Chat, within: Limits) -> Chat:
    """`chat`, whose catalogue knows all names in the limits; tells of names that several people have."""
    from moviechat.serve import finding

    finding.check(chat, within)
    for told in finding.namesakes(chat, within):
        typer.echo(told, err=True)
    return chat


def _files(text: list[str] | None, source: Path | None, target: Path | None, what: str) -> tuple[Path, Path] | None:
    """The two files of a batch, or None if `text` is given instead; raises DataError for any other combination."""
    if text is not None and source is None and target is None:
        return None
    if text is None and source is not None and target is not None:
        return source, target
    raise DataError(f"give either {what}, or --input FILE and --output FILE")


def _print_json(value: dict[str, Any]) -> None:
    # Characters that the output cannot encode (half a character, from an invalid argument) are escaped as in JSON.
    typer.echo(json.dumps(value, ensure_ascii=False).encode("utf-8", "backslashreplace"))


@main.command()
def converse(
    input: Annotated[Path, typer.Option("--input", metavar="FILE", help="JSON lines of conversations, in order.")],
    output: Annotated[Path, typer.Option("--output", metavar="FILE", help="Where the replies go.")],
    bundle: Bundle = None,
    champion: Champion = False,
) -> None:
    """Hold every conversation of a file.

    A line of --input is {"id", "turns": [text...]}, a line of --output {"id", "replies": [reply...]}.
    """
    from moviechat.serve import batch

    batch.converse(_chat(_bundle(bundle, champion)), input, output)


@main.command()
def serve(
    host: Annotated[
        str, typer.Option(help="Any address but this machine's own needs MOVIECHAT_API_KEY.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 chooses a free one.")] = 8080,
    workers: Annotated[int, typer.Option(min=1, max=256, help="Number of processes.")] = 1,
    queue: Annotated[int, typer.Option(min=0, max=10_000, help="Answers that may wait for the language model.")] = 64,
    allow_host: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="A host name that a proxy uses for this server.", show_default=False),
    ] = None,
    allow_origin: Annotated[
        list[str] | None,
        typer.Option(metavar="URL", help="A site whose pages may call this server.", show_default=False),
    ] = None,
    bundle: Bundle = None,
    champion: Champion = False,
) -> None:
    """Serve the web page at /, OpenAI's API at /v1, health at /healthz and /readyz, metrics at /metrics."""
    from moviechat.serve.web import server
    from moviechat.serve.web.settings import Settings

    names, origins = tuple(allow_host or ()), tuple(allow_origin or ())
    more = {"workers": workers, "queue": queue, "hosts": names, "origins": origins, "champion": champion}
    server.serve(Settings.of(str(_bundle(bundle, champion)), host, port, **more))


@main.command()
def mcp(
    http: Annotated[bool, typer.Option("--http", help="Streamable HTTP instead of standard input.")] = False,
    host: Annotated[str, typer.Option(help="With --http; other machines must send MOVIECHAT_API_KEY.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="With --http.")] = 8081,
    bundle: Bundle = None,
    champion: Champion = False,
) -> None:
    """Run a Model Context Protocol server: exact search, facts and suggestions for an assistant."""
    from moviechat.serve.tools import server

    server.run(_bundle(bundle, champion), address=(host, port) if http else None)


@main.command()
def doctor(as_json: AsJson = False, bundle: Bundle = None) -> None:
    """Say what is installed, built, reachable and current, and the command that mends what is not.

    Exits 1 if nobody can chat. Every file of the bundle is compared with its hash.
    """
    from moviechat.doctor import report

    raise typer.Exit(0 if report(bundle or paths.BUNDLE, typer.echo, as_json=as_json) else 1)
