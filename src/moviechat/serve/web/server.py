"""Run the application: a socket bound before anything is loaded, workers, and an orderly end."""

from __future__ import annotations

import signal
import socket
import sys
from pathlib import Path
from typing import Any

import typer

from moviechat.bundle import open_bundle
from moviechat.errors import ParamsError
from moviechat.serve.web import figures
from moviechat.serve.web.settings import Settings

BACKLOG = 2048  # connections that may wait
GRACE = 10  # seconds that what runs may take when the server is told to end


def serve(settings: Settings) -> None:
    """Serve until SIGTERM or Ctrl-C; raises BundleError, and ParamsError for an address that cannot be had."""
    open_bundle(Path(settings.bundle))
    bound = bind(settings.checked())
    settings.hand_over()
    if settings.workers > 1:
        figures.share_between_workers()
    typer.echo(f"moviechat: {address(settings, bound)}  (Ctrl-C stops it)", err=True)
    _run(settings, bound)


def bind(settings: Settings) -> socket.socket:
    """A socket at the settings' address; raises ParamsError if it cannot be had."""
    host = settings.host.strip("[]")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, settings.port))
        bound.listen(BACKLOG)  # who calls from now on waits, and is not refused
    except OSError as error:
        bound.close()
        raise ParamsError(
            f"{host}, port {settings.port} cannot be had ({error.strerror}): give others with --host and --port"
        ) from None
    bound.set_inheritable(True)
    return bound


def address(settings: Settings, bound: socket.socket) -> str:
    """How people call the server that listens at `bound`."""
    host = settings.host.strip("[]")
    return f"http://{f'[{host}]' if ':' in host else host}:{bound.getsockname()[1]}"


def _run(settings: Settings, bound: socket.socket) -> None:
    import uvicorn
    from uvicorn.supervisors import Multiprocess

    config = uvicorn.Config(
        "moviechat.serve.web.app:create",
        factory=True,
        workers=settings.workers,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE,
        lifespan="on",
        backlog=BACKLOG,
    )
    signal.signal(signal.SIGTERM, _ended)  # uvicorn raises the signal again when all is done
    server = uvicorn.Server(config)
    if settings.workers > 1:
        Multiprocess(config, sockets=[bound]).run()
    else:
        server.run(sockets=[bound])
    if not server.started and settings.workers == 1:
        sys.exit(1)


def _ended(*_: Any) -> None:
    sys.exit(0)
