"""The application: routes, and what they answer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import FastAPI, Query, Request
from fastapi import Path as InPath
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from moviechat.errors import DataError
from moviechat.serve.web import faults, films, house, replies, tasks
from moviechat.serve.web.answering import Answering, Done, Event, Piece, Waiting
from moviechat.serve.web.completions import DONE, Writer
from moviechat.serve.web.faults import RequestError
from moviechat.serve.web.figures import Figures
from moviechat.serve.web.guard import Guard
from moviechat.serve.web.messages import MODEL, ChatRequest, Tconst, conversation
from moviechat.serve.web.settings import Settings
from moviechat.serve.web.stream import EventStream, preceded, until_gone

if TYPE_CHECKING:
    from moviechat.serve.web.guard import App
    from moviechat.serve.web.house import Estate, House

PAGE = Path(str(files("moviechat.serve"))) / "page"
SPARE = 32  # answers at once beside those that may wait for the language model
_UNREADY = RequestError(503, "The films are being loaded: try again in a moment.", code="loading", retry_after=2)


def create() -> App:
    """The application of a worker, with the settings that the command line left it."""
    settings = Settings.handed()
    opened = partial(house.open_house, limit=settings.queue, parallel=settings.parallel)
    if settings.champion:
        from moviechat import registry

        return application(settings, house.Estate(registry.fetch, opened, house.CHAMPION_LOOK))
    return application(settings, house.Estate(lambda: Path(settings.bundle), opened))


def application(settings: Settings, estate: Estate) -> App:
    """The application over the bundles of `estate`, which it starts and stops."""
    figures = Figures(lambda: estate.now.waiting if estate.now else 0)
    answering = Answering(settings.queue + SPARE)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        # A worker of several is called only when it can answer: nobody could tell which of them is ready.
        await run_in_threadpool(estate.start, wait=settings.workers > 1)
        yield
        estate.stop()
        answering.close()

    app = FastAPI(title="moviechat", version=version("moviechat"), docs_url=None, redoc_url=None, lifespan=lifespan)
    _tell_faults(app)
    _add_openai(app, estate, answering, figures)
    _add_page(app, estate)
    _add_health(app, estate, figures)
    return Guard(app, settings, figures)


def _house(estate: Estate) -> House:
    if estate.now is None:
        raise _UNREADY
    return estate.now


def _add_openai(app: FastAPI, estate: Estate, answering: Answering, figures: Figures) -> None:
    models = {"id": MODEL, "object": "model", "created": 1_700_000_000, "owned_by": "moviechat"}

    @app.get("/v1/models", response_model=replies.Models)
    async def list_models() -> dict[str, Any]:
        """OpenAI's list of models: there is one."""
        return {"object": "list", "data": [models]}

    @app.get("/v1/models/{model}", responses=_ERRORS, response_model=replies.Model)
    async def one_model(model: Annotated[str, InPath(examples=[MODEL])]) -> dict[str, Any]:
        """The one model."""
        if model != MODEL:
            raise RequestError(
                404, f"There is no model {model[:80]!r} here: ask for {MODEL!r}.", code="model_not_found"
            )
        return models

    @app.post("/v1/chat/completions", responses=_ERRORS | _EVENTS, response_model=replies.Completion)
    async def complete(body: ChatRequest, request: Request) -> Response:
        """OpenAI's chat completions; what else is known of an answer is in the field `moviechat`."""
        talk, now = conversation(body), _house(estate)
        writer = Writer(talk, body.max_completion_tokens or body.max_tokens)
        usage = bool(body.stream_options and body.stream_options.include_usage)
        if tasks.is_task(talk):
            text = await run_in_threadpool(tasks.answer, talk, now.chat)
            return EventStream(_said(writer, text, usage)) if body.stream else JSONResponse(writer.said(text))
        events = answering.events(now, talk, words=bool(body.stream))
        if body.stream:
            first = await until_gone(anext(events), request.receive)
            if isinstance(first, RequestError):
                raise first
            return EventStream(_chunks(writer, preceded(first, events), figures, usage)) if first else Response()
        reply = await until_gone(_last(events), request.receive)
        if isinstance(reply, RequestError):
            raise reply
        if reply is None:
            return Response()  # nobody reads it
        figures.reply(reply.reply)
        return JSONResponse(writer.whole(reply.reply))


async def _last(events: AsyncIterator[Event]) -> Done | RequestError | None:
    async for event in events:
        if isinstance(event, Done | RequestError):
            return event
    return None


async def _chunks(writer: Writer, events: AsyncIterator[Event], figures: Figures, usage: bool) -> AsyncIterator[bytes]:
    yield writer.opening()
    async for event in events:
        match event:
            case Piece(text):
                if chunk := writer.piece(text):
                    yield chunk
                if writer.full:
                    yield writer.closing(None, "length")
                    break
            case Waiting(ahead):
                yield writer.waiting(ahead)
            case Done(reply):
                figures.reply(reply)
                yield writer.closing(reply)
            case RequestError():
                yield writer.failing(event)
    if usage:
        yield writer.usage_chunk()
    yield DONE


async def _said(writer: Writer, text: str, usage: bool) -> AsyncIterator[bytes]:
    yield writer.opening()
    yield writer.piece(text)
    yield writer.closing(None)
    if usage:
        yield writer.usage_chunk()
    yield DONE


def _add_page(app: FastAPI, estate: Estate) -> None:
    @app.get("/api/about", responses=_ERRORS, response_model=replies.About)
    async def about() -> dict[str, Any]:
        """The catalogue and the limits of a conversation."""
        return films.about(_house(estate))

    @app.get("/api/films", responses=_ERRORS, response_model=list[replies.Card])
    async def cards(id: Annotated[list[Tconst], Query(max_length=films.CARDS)]) -> list[dict[str, Any]]:
        """What the page shows of films."""
        return films.cards(_house(estate), id)

    @app.post("/api/history", responses=_ERRORS, response_model=replies.Brought, openapi_extra=_FILE)
    async def history(request: Request, name: Annotated[str, Query(max_length=200)] = "list.txt") -> dict[str, Any]:
        """A person's list of films (the body is the file), matched to the catalogue; nothing is kept of it."""
        from moviechat.chat.history import read

        now, content = _house(estate), await request.body()
        try:
            found = await run_in_threadpool(lambda: read(name, content, now.catalogue))
        except DataError as error:
            raise RequestError(400, str(error), param="name", code="unreadable_list") from None
        return found.to_json()

    @app.get("/", include_in_schema=False)
    async def page() -> Response:
        """The web page."""
        return FileResponse(PAGE / "index.html", headers={"Cache-Control": "no-cache"})

    app.mount("/page", StaticFiles(directory=PAGE), name="page")


def _add_health(app: FastAPI, estate: Estate, figures: Figures) -> None:
    @app.get("/healthz", response_model=replies.Status)
    async def healthz() -> dict[str, str]:
        """The process answers."""
        return {"status": "ok"}

    @app.get("/readyz", responses=_ERRORS, response_model=replies.Status)
    async def readyz() -> dict[str, str]:
        """The films and models are loaded."""
        _house(estate)
        return {"status": "ready"}

    @app.get("/metrics", include_in_schema=False)
    async def metrics() -> Response:
        """Figures for Prometheus."""
        body, kind = figures.text()
        return Response(body, headers={"Content-Type": kind})


_ERRORS: dict[int | str, dict[str, Any]] = {
    code: {"description": "OpenAI's error object", "model": replies.Failure} for code in ("4XX", "5XX")
}
_EVENTS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The completion; or, with `stream`, OpenAI's chunks as events",
        "content": {"text/event-stream": {"schema": replies.EVENT}},
    }
}
_FILE = {
    "requestBody": {
        "required": True,
        "description": "An export of IMDb or Letterboxd (CSV or zip), or a list with a film a line",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary", "minLength": 1}}},
    }
}


def _tell_faults(app: FastAPI) -> None:
    @app.exception_handler(RequestError)
    async def fault(_: Request, error: RequestError) -> Response:
        return Response(error.body(), error.status, error.headers(), "application/json")

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        place = ".".join(str(p) for p in first["loc"][1:])
        message = f"{place or 'The body'} is not as it should be: {first['msg'][:200]}."
        return await fault(_, RequestError(400, message, param=place or None, code="invalid_value"))

    @app.exception_handler(HTTPException)
    async def http(_: Request, error: HTTPException) -> Response:
        told = {404: "There is nothing here: see /openapi.json.", 405: "That method is not for this address."}
        message = told.get(error.status_code, "The request cannot be read.")
        told_so = await fault(_, RequestError(error.status_code, message))
        told_so.headers.update(error.headers or {})  # which methods are allowed
        return told_so

    @app.exception_handler(Exception)
    async def failed(_: Request, error: Exception) -> Response:
        return await fault(_, faults.failed())
