"""Where and how the server listens: told by the command line, handed to each worker through the environment."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from ipaddress import ip_address
from typing import Any, Self

from moviechat.errors import ParamsError
from moviechat.generation.load import elsewhere

KEY = "MOVIECHAT_API_KEY"
_HANDED = "MOVIECHAT_SERVE"
ELSEWHERE = 16  # answers at once where a server of its own writes them


@dataclass(frozen=True, slots=True)
class Settings:
    """`hosts` are further names by which the server may be called, `origins` other sites whose pages may ask it."""

    bundle: str
    host: str = "127.0.0.1"
    port: int = 8080
    workers: int = 1
    queue: int = 64  # answers that may wait for the language model
    hosts: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    key: str | None = None
    champion: bool = False  # serve the registry's champion, whichever it is; `bundle` is the one of the start
    parallel: int = 1  # answers that the language model writes at once

    @classmethod
    def of(cls, bundle: str, host: str, port: int, **more: Any) -> Self:
        """Settings with what the environment adds: the key, and how many answers the model writes at once."""
        parallel = ELSEWHERE if elsewhere() else 1
        return cls(bundle, host, port, key=os.environ.get(KEY) or None, parallel=parallel, **more)

    @property
    def local(self) -> bool:
        """Whether only this machine can reach the server."""
        try:
            return ip_address(self.host.strip("[]")).is_loopback
        except ValueError:
            return self.host == "localhost"

    def checked(self) -> Self:
        """These settings; raises ParamsError if others could reach the server without a key."""
        if not self.local and not self.key:
            raise ParamsError(
                f"--host {self.host} lets other machines in: set {KEY} to a secret that they must send, or leave "
                "--host at 127.0.0.1"
            )
        return self

    def hand_over(self) -> None:
        """Leave the settings for the workers that this process starts; the key stays where it is."""
        os.environ[_HANDED] = json.dumps(asdict(self) | {"key": None})

    @classmethod
    def handed(cls) -> Self:
        """What `hand_over` left."""
        said = json.loads(os.environ[_HANDED])
        lists = {name: tuple(said[name]) for name in ("hosts", "origins")}
        return cls(**said | lists | {"key": os.environ.get(KEY)})
