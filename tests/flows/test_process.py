import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from flows.process import Lines, stream

ROOT = Path(__file__).parents[2]


def _run(code: str, on_line: Any = print, **options: Any) -> int:
    return stream([sys.executable, "-c", code], on_line, cwd=Path.cwd(), env=dict(os.environ), **options)


def test_lines_come_from_both_streams_and_the_status_is_the_commands() -> None:
    told: list[str] = []
    status = _run(
        "import sys; print('één'); print('two', file=sys.stderr); print(); print('end', end=''); sys.exit(3)",
        told.append,
    )
    assert (sorted(told), status) == (["end", "two", "één"], 3)


def test_a_command_that_a_signal_ends_says_which() -> None:
    assert _run("import os, signal; os.kill(os.getpid(), signal.SIGKILL)") == 128 + signal.SIGKILL


def test_of_a_progress_bar_a_state_every_ten_seconds_is_told() -> None:
    told: list[str] = []
    now = [0.0]
    lines = Lines(told.append, lambda: now[0])
    for second in range(25):
        now[0] = second
        lines.feed(f"\r{second} of 25".encode())
    lines.feed(b"\r25 of 25\ndone\r\n\n")
    lines.feed(b"half a let" + "é".encode()[:1])
    lines.feed("é".encode()[1:] + b"ter")
    lines.end()
    assert told == ["10 of 25", "20 of 25", "25 of 25", "done", "half a letéter"]


def _hanging(mark: str) -> bool:
    return subprocess.run(["pgrep", "-f", mark], capture_output=True, check=False).returncode == 0


# A stage with a child that ignores SIGTERM, as a stuck data loader would.
_STUBBORN = (
    "import subprocess, sys; subprocess.run([sys.executable, '-c',"
    " 'import signal, time; signal.signal(15, signal.SIG_IGN); print(1, flush=True); time.sleep(3000)', {mark!r}])"
)


def test_an_exception_ends_the_whole_group_first(tmp_path: Path) -> None:
    def check() -> None:
        if told:
            raise KeyboardInterrupt

    told: list[str] = []
    with pytest.raises(KeyboardInterrupt):
        _run(_STUBBORN.format(mark=str(tmp_path)), told.append, check=check)
    assert told == ["1"] and not _hanging(str(tmp_path))


def test_the_command_does_not_outlive_a_killed_holder(tmp_path: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from flows.process import stream\n"
        f"command = [sys.executable, '-c', {_STUBBORN.format(mark=str(tmp_path))!r}]\n"
        "stream(command, lambda line: print(line, flush=True), cwd=Path.cwd(), env=dict(os.environ))"
    )
    holder = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE)
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"1\n"
    holder.kill()
    holder.wait()
    while _hanging(str(tmp_path)):
        time.sleep(0.1)
