"""The MCP server: tools that answer once the bundle is loaded, on standard input or over HTTP."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

from pydantic import Field

from moviechat.addresses import scrubbed
from moviechat.errors import MoviechatError
from moviechat.serve.tools.schema import Found, Record, Within

if TYPE_CHECKING:
    from mcp.server.mcpserver import MCPServer

    from moviechat.serve.tools.films import Tools

Result = TypeVar("Result")
ABOUT = (
    "A catalogue of films with exact facts. Limits are hard: every film that is returned keeps them, and an empty "
    "result says which limit to relax. Facts come from the table, texts carry their source and licence; what is not "
    "returned is not known. Information courtesy of IMDb (https://www.imdb.com). Used with permission."
)
Title = Annotated[str, Field(description='"Parasite", "Parasite (2019)" or "tt6751668".', max_length=300)]
Query = Annotated[str, Field(description="What happens in it, a title, people; may be empty.", max_length=2000)]
Wishes = Annotated[str, Field(description="In the person's words: mood, theme, company.", max_length=2000)]
Year = Annotated[int | None, Field(description="Tells namesakes apart.")]
Count = Annotated[int, Field(ge=1, le=50)]
Titles = Annotated[list[str], Field(max_length=500)]


def server(load: Callable[[], Tools]) -> MCPServer:
    """The server; `load` is called once, on a thread, and what it raises is told by every tool."""
    from mcp.server.mcpserver import MCPServer
    from mcp.server.mcpserver.exceptions import ToolError

    threads = ThreadPoolExecutor(4)
    loading: Future[Tools] = threads.submit(load)
    made = MCPServer("moviechat", version=version("moviechat"), instructions=ABOUT, log_level="WARNING")

    def answered(work: Callable[[Tools], Result]) -> Result:
        try:
            return work(loading.result())
        except MoviechatError as error:
            raise ToolError(scrubbed(str(error))) from None

    @made.tool(title="Search films")
    def search_films(
        query: Annotated[
            str, Field(description="What happens in it, a title, people; may be empty.", max_length=2000)
        ] = "",
        limits: Within = Within(),  # noqa: B008
        limit: Count = 10,
    ) -> Found:
        """Films that a description fits, best first, within exact limits; without words those with the most votes."""
        return answered(lambda tools: tools.search(query, limits.limits(), limit))

    @made.tool(title="One film")
    def film(title: Title, year: Year = None) -> Record:
        """All that is known of one film: facts, people, and texts with their sources."""
        return answered(lambda tools: tools.film(title, year))

    @made.tool(title="Recommend films")
    def recommend(
        wish: Wishes = "",
        limits: Within = Within(),  # noqa: B008
        liked: Titles = [],  # noqa: B006
        seen: Titles = [],  # noqa: B006
        count: Count = 5,
    ) -> Found:
        """Films for a wish, each with a reason that is true; none that was seen, none that breaks a limit."""
        return answered(lambda tools: tools.recommend(wish, limits.limits(), liked, seen, count))

    @made.tool(title="Similar films")
    def similar(title: Title, year: Year = None, limits: Within = Within(), count: Count = 5) -> Found:  # noqa: B008
        """Films like the one named, within exact limits."""
        return answered(lambda tools: tools.similar(title, year, limits.limits(), count))

    return made


def run(bundle: Path, address: tuple[str, int] | None = None) -> None:
    """Serve the bundle until the client leaves; over HTTP at `address`, path /mcp."""
    logging.disable(logging.INFO)
    made = server(lambda: _open(bundle))
    if address is None:
        made.run()
    else:
        _run_http(made, *address)


def _open(bundle: Path) -> Tools:
    from moviechat.chat import Chat
    from moviechat.serve.tools.films import Tools

    chat = Chat.load(bundle)
    chat.search("a first search loads the encoder", 1)
    return Tools(chat)


def _run_http(made: MCPServer, host: str, port: int) -> None:
    import typer
    import uvicorn

    from moviechat.serve.web.figures import Figures
    from moviechat.serve.web.guard import Guard
    from moviechat.serve.web.server import address, bind
    from moviechat.serve.web.settings import Settings

    settings = Settings.of("", host, port).checked()
    bound = bind(settings)
    typer.echo(f"moviechat: {address(settings, bound)}/mcp  (Ctrl-C stops it)", err=True)
    app = made.streamable_http_app(stateless_http=True, json_response=True, host=host)
    config = uvicorn.Config(Guard(app, settings, Figures(lambda: 0)), log_level="warning", access_log=False)
    uvicorn.Server(config).run(sockets=[bound])
