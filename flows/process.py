"""A command in its own process group, with its lines passed on as they come; it never outlives its caller."""

from __future__ import annotations

import codecs
import os
import selectors
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

GRACE = 5.0  # seconds between SIGTERM and SIGKILL
_GUARD = Path(__file__).with_name("guard.py")
_PROGRESS_EVERY = 10.0  # seconds between two states of a progress bar
_LOOK = 1.0  # seconds between two calls of `check`


def stream(
    command: Sequence[str],
    on_line: Callable[[str], None],
    *,
    cwd: Path,
    env: Mapping[str, str],
    check: Callable[[], None] = lambda: None,
) -> int:
    """Run `command` and return its exit status; `on_line` gets each line of stdout and stderr as it comes.

    `check` is called about once a second. Any exception (from `check`, a cancel, a timeout) ends the whole process
    group before it is raised from here, and so does the death of this process.
    """
    with _started(command, cwd, env) as process:
        lines = Lines(on_line)
        for chunk in _chunks(process, check):
            lines.feed(chunk)
        lines.end()
        return process.wait()


class Lines:
    """Splits output into lines; of a bar that redraws itself (`\\r`) only one state every ten seconds is passed on."""

    def __init__(self, on_line: Callable[[str], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._on_line, self._clock = on_line, clock
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._rest = ""
        self._told = clock()

    def feed(self, chunk: bytes) -> None:
        """Take bytes as they come; a line is passed on when it is complete."""
        *whole, self._rest = (self._rest + self._decode(chunk)).split("\n")
        for line in whole:
            self._tell(line.rstrip("\r").rpartition("\r")[2])
        if "\r" in self._rest.rstrip("\r") and self._clock() - self._told >= _PROGRESS_EVERY:
            self._tell(self._rest.rstrip("\r").rpartition("\r")[2])

    def end(self) -> None:
        """Pass on what follows the last line end."""
        self._tell(self._rest.rstrip("\r").rpartition("\r")[2])
        self._rest = ""

    def _tell(self, line: str) -> None:
        self._told = self._clock()
        if line.strip():
            self._on_line(line.rstrip())


@contextmanager
def _started(command: Sequence[str], cwd: Path, env: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, "-I", str(_GUARD), str(GRACE), *command],
        cwd=cwd,
        env={**env, "PYTHONUNBUFFERED": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    assert process.stdin is not None and process.stdout is not None
    process.stdin.close()  # the guard ends the group
    try:
        process.wait(GRACE + 3)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    process.stdout.close()


def _chunks(process: subprocess.Popen[bytes], check: Callable[[], None]) -> Iterator[bytes]:
    assert process.stdout is not None
    with selectors.DefaultSelector() as ready:
        ready.register(process.stdout, selectors.EVENT_READ)
        while True:
            check()
            if ready.select(_LOOK):
                if not (chunk := os.read(process.stdout.fileno(), 65536)):
                    return
                yield chunk
            elif process.poll() is not None:  # ended, but something it left behind holds the pipe
                return
