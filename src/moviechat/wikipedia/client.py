"""Requests to Wikimedia's servers, following their rules (https://www.mediawiki.org/wiki/API:Etiquette)."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import requests

from moviechat.errors import FetchError
from moviechat.fetch import LONGEST_WAIT, TIMEOUT, retry_after

_T = TypeVar("_T")

WIKIDATA = "https://query.wikidata.org/sparql"
CONTACT = "MOVIECHAT_CONTACT"
PER_MINUTE = 200
TRIES = 6
_PASSING = {429, 500, 502, 503, 504}
_PASSING_ERRORS = {"maxlag", "ratelimited", "readonly"}


def contact(way_out: str) -> str:
    """The contact address for Wikimedia (environment MOVIECHAT_CONTACT); raises FetchError with `way_out` if unset."""
    found = os.environ.get(CONTACT, "").strip()
    if not found or not (found.isascii() and found.isprintable()):
        raise FetchError(
            f"{CONTACT} is {found!r}, but Wikimedia requires an address it can write to: set it in the environment "
            f"(an e-mail or a URL in ASCII), or {way_out}"
        )
    return found


class UnansweredError(FetchError):
    """A server that did not answer in TRIES tries: it may answer later, or to a smaller request."""


class Client:
    """POST requests one after another: rate-limited, with a contact, retried with back-off; JSON replies."""

    def __init__(
        self,
        contact: str,
        *,
        per_minute: float = PER_MINUTE,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._gap, self._clock, self._sleep = 60 / per_minute, clock, sleep
        self._free_at = clock()
        self._session = requests.Session()
        self._session.headers["User-Agent"] = f"moviechat (film chatbot; {contact})"

    def ask(self, url: str, fields: Mapping[str, str]) -> dict[str, Any]:
        """The server's JSON object; raises FetchError if it refuses, UnansweredError after TRIES tries."""
        fault = ""
        for attempt in range(TRIES):
            self._pace()
            reply, fault = self._try(url, fields)
            if not fault:
                return reply
            if attempt < TRIES - 1:
                self._wait(url, reply.get("retry-after"), attempt)
        raise UnansweredError(f"{url} did not answer in {TRIES} tries ({fault}): run again later, what came is kept")

    def _pace(self) -> None:
        ahead = self._free_at - self._clock()
        if ahead > 0:
            self._sleep(ahead)
        self._free_at = self._clock() + self._gap

    def _try(self, url: str, fields: Mapping[str, str]) -> tuple[dict[str, Any], str]:
        """The reply and no fault, or `{"retry-after": ...}` and a temporary fault; raises FetchError for others."""
        try:
            reply = self._session.post(url, data=fields, headers={"Accept": "application/json"}, timeout=TIMEOUT)
        except (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError) as error:
            return {}, str(error)
        except requests.RequestException as error:
            raise FetchError(f"{url} could not be asked ({error}): check the address") from None
        return _judge(url, reply)

    def _wait(self, url: str, asked: str | None, attempt: int) -> None:
        told = retry_after(asked)
        seconds = 2.0**attempt if told is None else told
        if seconds > LONGEST_WAIT:
            raise FetchError(f"{url} asks to be left alone for {seconds:.0f} s: run again then, what came is kept")
        self._sleep(seconds)


def expected(url: str, read: Callable[[], _T]) -> _T:
    """The result of `read` on a reply of `url`; raises FetchError if the reply has another format."""
    try:
        return read()
    except (KeyError, TypeError, AttributeError, IndexError):
        raise FetchError(f"{url} answers in another form than expected: is it the right address?") from None


def _judge(url: str, reply: requests.Response) -> tuple[dict[str, Any], str]:
    later = {"retry-after": reply.headers.get("Retry-After")}
    if reply.status_code in _PASSING:
        return later, f"HTTP {reply.status_code}"
    if not reply.ok:
        raise FetchError(f"{url} refused with HTTP {reply.status_code} ({reply.text[:200]}): check the address")
    try:
        body = reply.json()
    except ValueError:
        return later, "half a reply, or no JSON"
    if not isinstance(body, dict):
        raise FetchError(f"{url} answers with something else than a JSON object: is it the right address?")
    error = body.get("error")
    if not isinstance(error, dict):
        return body, ""
    if error.get("code") in _PASSING_ERRORS:
        return later, str(error["code"])
    raise FetchError(f"{url} refused ({error.get('code')}: {error.get('info')}): check the address")
