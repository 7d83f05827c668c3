"""Run the application: a socket bound before anything is loaded, workers, and an orderly end."""

from __future__ import annotations

import signal
import socket
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import typer

from moviechat.bundle import open_bundle
from moviechat.errors import ParamsError
from moviechat.serve.web import figures
from moviechat.serve.web.settings import Settings

GRACE = 10  # seconds that what runs may take when the server is told to end


def serve(settings: Settings) -> None:
    """Serve until SIGTERM or Ctrl-C; raises BundleError, and ParamsError for an address that cannot be had."""
    open_bundle(Path(settings.bundle))
    bound = _bind(settings.checked())
    settings = replace(settings, port=bound.getsockname()[1])
    settings.hand_over()
    if settings.workers > 1:
        figures.share_between_workers()
    typer.echo(f"moviechat: {_address(settings)}  (Ctrl-C stops it)", err=True)
    _run(settings, bound)


def _bind(settings: Settings) -> socket.socket:
    host = settings.host.strip("[]")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, settings.port))
    except OSError as error:
        bound.close()
        raise ParamsError(
            f"{host}, port {settings.port} cannot be had ({error.strerror}): give others with --host and --port"
        ) from None
    bound.set_inheritable(True)
    return bound


def _address(settings: Settings) -> str:
    host = settings.host.strip("[]")
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"


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
        backlog=2048,
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
