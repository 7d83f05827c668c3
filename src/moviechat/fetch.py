"""Large files over HTTP: resumed where they stopped, never fetched twice, never half under their final name."""

from __future__ import annotations

import email.utils
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import requests
from requests import codes
from tqdm import tqdm
from urllib3.exceptions import HTTPError, NewConnectionError

from moviechat.errors import FetchError
from moviechat.files import write_text

TIMEOUT = 60.0  # seconds without a byte
TRIES = 6  # in a row that bring nothing new
LONGEST_WAIT = 600.0  # seconds; a server that asks for more is left alone
CHUNK = 1 << 16  # bytes that are written at a time: what a stall can lose
_PASSING = {408, 425, 429, 500, 502, 503, 504}


@dataclass(frozen=True, slots=True)
class Version:
    """What a server says of a file: its ETag, and when it was last modified; "" where it says nothing."""

    etag: str = ""
    modified: str = ""

    @property
    def strong(self) -> str:
        """What vouches for bytes (RFC 9110, 13.1.5): a weak ETag does not."""
        return "" if self.etag.startswith("W/") else self.etag or self.modified

    @property
    def date(self) -> str | None:
        """The day of the last modification, YYYY-MM-DD in UTC."""
        try:
            return email.utils.parsedate_to_datetime(self.modified).date().isoformat()
        except ValueError:
            return None


class _PassingError(Exception):
    """What may pass; `wait` is how many seconds the server asks for."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.wait = wait


def fetch(
    url: str,
    target: Path,
    *,
    tries: int = TRIES,
    timeout: float = TIMEOUT,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Bring `url` to `target`: nothing if it is there and unchanged, else what its `.part` of an earlier try lacks.

    What the server says of the file stands beside it (`version`). Raises FetchError if the server refuses, or brings
    nothing new `tries` times in a row.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    partial, most, failed = target.with_name(target.name + ".part"), 0, 0
    while True:
        try:
            if _try(url, target, partial, timeout):
                return
            failed += 1  # the server has another file than the one that was begun: at once anew
        except _PassingError as fault:
            came = partial.stat().st_size if partial.exists() else 0
            failed, most = (failed + 1 if came <= most else 1), max(came, most)
            _wait(url, fault, failed, tries, sleep)


def version(path: Path) -> Version:
    """What the server said of a file that was fetched (or begun); an empty one if it is not known."""
    try:
        return Version(**json.loads(_beside(path).read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return Version()


def forget(target: Path) -> None:
    """Remove a file that was fetched, so that it is fetched again."""
    target.unlink(missing_ok=True)
    _beside(target).unlink(missing_ok=True)


def retry_after(asked: str | None) -> float | None:
    """Retry-After in seconds: a number, or a date in HTTP's form; anything else is taken for a minute."""
    if not asked:
        return None
    try:
        return max(0.0, float(asked))
    except ValueError:
        pass
    try:
        return max(0.0, email.utils.parsedate_to_datetime(asked).timestamp() - time.time())
    except ValueError:
        return 60.0


def _wait(url: str, fault: _PassingError, failed: int, tries: int, sleep: Callable[[float], None]) -> None:
    if failed >= tries:
        raise FetchError(
            f"{url} could not be fetched in {tries} tries ({fault}): run again to go on, what came is kept"
        )
    seconds = 2.0 ** (failed - 1) if fault.wait is None else fault.wait
    if seconds > LONGEST_WAIT:
        raise FetchError(f"{url} asks to be left alone for {seconds:.0f} s: run again then to go on")
    print(f"{url}: {fault}; asked again in {seconds:.0f} s", flush=True)
    sleep(seconds)


def _try(url: str, target: Path, partial: Path, timeout: float) -> bool:
    """One request; False if what was begun is of another file and was removed. Raises _PassingError or FetchError."""
    begun = version(partial).strong
    done = partial.stat().st_size if begun and partial.exists() else 0
    try:
        with requests.get(url, headers=_asked(target, begun, done), stream=True, timeout=timeout) as reply:
            return _taken(url, reply, target, partial, done)
    except (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError, HTTPError) as error:
        if _is_nowhere(error):
            raise FetchError(f"{url} could not be fetched ({error}): check the address") from None
        raise _PassingError(str(error)) from None
    except requests.RequestException as error:
        raise FetchError(f"{url} could not be fetched ({error}): check the address") from None


def _asked(target: Path, begun: str, done: int) -> dict[str, str]:
    headers = {"Accept-Encoding": "identity"}
    if done:
        return headers | {"Range": f"bytes={done}-", "If-Range": begun}
    here = version(target) if target.exists() else Version()
    if here.etag:
        return headers | {"If-None-Match": here.etag}
    return headers | ({"If-Modified-Since": here.modified} if here.modified else {})


def _taken(url: str, reply: requests.Response, target: Path, partial: Path, done: int) -> bool:
    if reply.status_code == codes.not_modified and target.exists():
        return True
    _refuse(url, reply, begun=bool(done))
    if done and not _goes_on(reply, done, version(partial).strong):
        forget(partial)
        return False
    if reply.status_code != codes.partial_content:
        # 200 answers a Range request when the file has changed since: begin again. The old bytes go before the new
        # version comes, or a kill between the two would let it vouch for them.
        done = 0
        partial.unlink(missing_ok=True)
        said = Version(reply.headers.get("ETag", ""), reply.headers.get("Last-Modified", ""))
        write_text(json.dumps(asdict(said)), _beside(partial))
    _write(reply, partial, done)
    partial.replace(target)
    _beside(partial).replace(_beside(target))
    return True


def _refuse(url: str, reply: requests.Response, *, begun: bool) -> None:
    code = reply.status_code
    expected = {codes.ok, *((codes.partial_content, codes.requested_range_not_satisfiable) if begun else ())}
    if code in _PASSING:
        raise _PassingError(f"HTTP {code}", retry_after(reply.headers.get("Retry-After")))
    if code not in expected:
        raise FetchError(f"{url} could not be fetched ({code} {reply.reason}): check the address")


def _goes_on(reply: requests.Response, done: int, begun: str) -> bool:
    """Whether the reply can be used beside the `done` bytes; 416 and a part of something else cannot."""
    if reply.status_code == codes.partial_content:
        started = reply.headers.get("Content-Range", "").startswith(f"bytes {done}-")
        return started and reply.headers.get("ETag", begun) == begun
    return bool(reply.status_code == codes.ok)


def _write(reply: requests.Response, partial: Path, done: int) -> None:
    length = int(reply.headers.get("Content-Length") or 0)
    bar = tqdm(total=(length + done) or None, initial=done, unit="B", unit_scale=True, desc=partial.stem, mininterval=1)
    with partial.open("ab" if done else "wb") as file, bar:
        for chunk in _bytes_as_sent(reply):
            file.write(chunk)
            bar.update(len(chunk))
    came = partial.stat().st_size
    if length and came != length + done:
        raise _PassingError(f"{came:,} of {length + done:,} bytes came")
    if not came:
        raise _PassingError("0 bytes came")


def _bytes_as_sent(reply: requests.Response) -> Iterator[bytes]:
    # Some servers label a .gz file "Content-Encoding: gzip": unpacked, its bytes would fit no length and no range.
    yield from reply.raw.stream(CHUNK, decode_content=False)


def _beside(path: Path) -> Path:
    return path.with_name(path.name + ".json")


def _is_nowhere(error: Exception) -> bool:
    """Whether the host's name leads nowhere, or nobody listens there: waiting mends that seldom."""
    return bool(error.args) and isinstance(getattr(error.args[0], "reason", None), NewConnectionError)
