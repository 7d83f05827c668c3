"""Requests to this machine never go through a proxy."""

from __future__ import annotations

import os
from collections.abc import MutableMapping

_OWN = ("127.0.0.1", "localhost", "::1")
_SET = ("http_proxy", "https_proxy", "all_proxy")


def spare_loopback(environment: MutableMapping[str, str] = os.environ) -> None:
    """Add this machine's addresses to NO_PROXY and no_proxy if a proxy is set: libraries read one or the other."""
    if not any(environment.get(name) or environment.get(name.upper()) for name in _SET):
        return
    given = ",".join(environment.get(name, "") for name in ("no_proxy", "NO_PROXY")).split(",")
    spared = ",".join(dict.fromkeys([*filter(None, map(str.strip, given)), *_OWN]))
    environment["no_proxy"] = environment["NO_PROXY"] = spared
