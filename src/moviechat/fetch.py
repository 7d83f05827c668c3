"""Large files over HTTP: resumed where they stopped, never half under their final name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import requests
from requests import codes
from tqdm import tqdm
from urllib3.exceptions import HTTPError

from moviechat.errors import FetchError

TIMEOUT = 60  # seconds without a byte
CHUNK = 1 << 20


def fetch(url: str, target: Path) -> None:
    """Download `url` to `target`, going on from an earlier try's `.part`; raises FetchError."""
    target.parent.mkdir(parents=True, exist_ok=True)
    partial, tag = target.with_name(target.name + ".part"), target.with_name(target.name + ".etag")
    try:
        _stream(url, partial, tag)
    except (requests.RequestException, HTTPError) as error:
        raise FetchError(f"{url} could not be fetched ({error}): check the address and run again to go on") from None
    partial.replace(target)
    tag.unlink(missing_ok=True)


def _stream(url: str, partial: Path, tag: Path) -> None:
    validator = tag.read_text(encoding="utf-8") if tag.exists() and partial.exists() else ""
    done = partial.stat().st_size if validator else 0
    headers = {"Accept-Encoding": "identity"}
    if done:
        headers |= {"Range": f"bytes={done}-", "If-Range": validator}
    with requests.get(url, headers=headers, stream=True, timeout=TIMEOUT) as reply:
        if not done or _goes_on(reply, done, validator):
            _receive(reply, partial, tag, done)
            return
    partial.unlink()
    _stream(url, partial, tag)


def _goes_on(reply: requests.Response, done: int, validator: str) -> bool:
    """Whether the reply continues the `done` bytes; a 416 or a part of something else does not."""
    if reply.status_code == codes.partial_content:
        started = reply.headers.get("Content-Range", "").startswith(f"bytes {done}-")
        return started and reply.headers.get("ETag", validator) == validator
    return bool(reply.status_code != codes.requested_range_not_satisfiable)


def _receive(reply: requests.Response, partial: Path, tag: Path, done: int) -> None:
    reply.raise_for_status()
    if reply.status_code != codes.partial_content:
        # 200 answers a Range request if the file has changed: start again. The old bytes are deleted before the new
        # validator comes, or a kill between the two would let it vouch for them.
        done = 0
        partial.unlink(missing_ok=True)
        _remember(reply, tag)
    _write(reply, partial, done)


def _remember(reply: requests.Response, tag: Path) -> None:
    # A weak validator may not vouch for bytes (RFC 9110, 13.1.5): then nothing is resumed.
    validator = reply.headers.get("ETag") or reply.headers.get("Last-Modified", "")
    if validator and not validator.startswith("W/"):
        tag.write_text(validator, encoding="utf-8")
    else:
        tag.unlink(missing_ok=True)


def _write(reply: requests.Response, partial: Path, done: int) -> None:
    length = int(reply.headers.get("Content-Length", 0))
    bar = tqdm(total=(length + done) or None, initial=done, unit="B", unit_scale=True, desc=partial.stem, mininterval=1)
    with partial.open("ab" if done else "wb") as file, bar:
        for chunk in _bytes_as_sent(reply):
            file.write(chunk)
            bar.update(len(chunk))
    if length and partial.stat().st_size != length + done:
        raise requests.ConnectionError(f"{partial.stat().st_size} of {length + done} bytes came")


def _bytes_as_sent(reply: requests.Response) -> Iterator[bytes]:
    # Some servers label a .gz file "Content-Encoding: gzip"; unpacked, its bytes would not match length or range.
    yield from reply.raw.stream(CHUNK, decode_content=False)
