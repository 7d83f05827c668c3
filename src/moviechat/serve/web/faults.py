"""What a client is told when something fails: OpenAI's error object and a status, never a path or a trace."""

from __future__ import annotations

import json
from typing import Any


class RequestError(Exception):
    """A request that cannot be answered; `param` is the place in it, `retry_after` is in seconds."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        param: str | None = None,
        code: str | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(message)
        self.status, self.message, self.param, self.code, self.retry_after = status, message, param, code, retry_after

    def to_json(self) -> dict[str, Any]:
        """OpenAI's error object."""
        kind = _KINDS.get(self.status, "invalid_request_error" if self.status < 500 else "server_error")
        return {"error": {"message": self.message, "type": kind, "param": self.param, "code": self.code}}

    def body(self) -> bytes:
        """The error object's bytes."""
        return json.dumps(self.to_json(), ensure_ascii=False).encode("utf-8", "replace")

    def headers(self) -> dict[str, str]:
        """The headers that belong to it."""
        found = {"Retry-After": str(self.retry_after)} if self.retry_after is not None else {}
        return found | ({"WWW-Authenticate": "Bearer"} if self.status == 401 else {})


_KINDS = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}


def failed() -> RequestError:
    """What is said of an error of our own; the log has the rest."""
    return RequestError(500, "The server failed at this request. Its log says why; try again.", code="internal_error")


def model_failed() -> RequestError:
    """What is said when the language model fails."""
    return RequestError(
        502, "The language model does not answer at the moment. Try again in a little while.", code="model_failed"
    )


def ending() -> RequestError:
    """What is said of a request that is not answered when the server has to end."""
    return RequestError(503, "The server is being stopped. Ask again in a moment.", code="ending", retry_after=5)
