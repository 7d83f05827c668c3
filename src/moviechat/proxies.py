"""This machine's own servers are asked directly, whatever proxy is set for the others."""

from __future__ import annotations

import os
from collections.abc import MutableMapping

_OWN = ("127.0.0.1", "localhost", "::1")
_SET = ("http_proxy", "https_proxy", "all_proxy")


def spare_loopback(environment: MutableMapping[str, str] = os.environ) -> None:
    """Put this machine's addresses into NO_PROXY if a proxy is set; some libraries read the name in small letters."""
    if not any(environment.get(name) or environment.get(name.upper()) for name in _SET):
        return
    given = ",".join(environment.get(name, "") for name in ("no_proxy", "NO_PROXY")).split(",")
    spared = ",".join(dict.fromkeys([*filter(None, map(str.strip, given)), *_OWN]))
    environment["no_proxy"] = environment["NO_PROXY"] = spared
