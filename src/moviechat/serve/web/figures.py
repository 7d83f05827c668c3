"""What the server counts, for Prometheus."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, MutableMapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from moviechat.reply import Reply

_FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # prometheus_client's own name: where several workers put their counts
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


def share_between_workers() -> None:
    """Have the workers that this process starts count together; call it before prometheus_client is imported."""
    if not os.environ.get(_FOLDER):
        os.environ[_FOLDER] = tempfile.mkdtemp(prefix="moviechat-figures-")


class Figures:
    """Counters of one server; `waiting` tells how many answers wait for the language model."""

    def __init__(self, waiting: Callable[[], int]) -> None:
        from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, PlatformCollector, ProcessCollector

        self._registry = registry = CollectorRegistry()
        self._requests = Counter(
            "moviechat_requests", "Requests by route and status.", ["route", "status"], registry=registry
        )
        self._seconds = Histogram(
            "moviechat_request_seconds", "Seconds of a request.", ["route"], buckets=_SECONDS, registry=registry
        )
        self._replies = Counter(
            "moviechat_replies",
            "Replies by kind and whether they are grounded.",
            ["kind", "grounded"],
            registry=registry,
        )
        gauge = Gauge("moviechat_waiting", "Answers that wait for the language model.", registry=registry)
        if not os.environ.get(_FOLDER):
            gauge.set_function(waiting)
            ProcessCollector(registry=registry)
            PlatformCollector(registry=registry)

    def request(self, scope: MutableMapping[str, Any], status: int, seconds: float) -> None:
        """Count a request; `status` is 0 if the client left before an answer."""
        route = getattr(scope.get("route"), "path", "other")
        self._requests.labels(route, str(status or 499)).inc()
        self._seconds.labels(route).observe(seconds)

    def reply(self, reply: Reply) -> None:
        """Count a reply."""
        self._replies.labels(reply.kind, str(reply.grounded).lower()).inc()

    def text(self) -> tuple[bytes, str]:
        """All figures, and their content type."""
        from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest, multiprocess

        registry = self._registry
        if os.environ.get(_FOLDER):
            registry = CollectorRegistry()
            multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry), CONTENT_TYPE_LATEST
