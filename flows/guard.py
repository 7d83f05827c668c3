"""Run a command, and end it with all its children when the caller is gone.

`python -I guard.py SECONDS COMMAND ...`, with a pipe for stdin. While the pipe is open the command runs, in a process
group of its own. When the pipe closes, on purpose or because its holder was killed, the group gets SIGTERM and SECONDS
later SIGKILL. The guard returns the command's exit status once nothing of the group is left.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress

_PR_SET_CHILD_SUBREAPER = 36


def main() -> int:
    """Run the command in sys.argv; returns its exit status (128 + the signal's number if one ended it)."""
    grace, command = float(sys.argv[1]), sys.argv[2:]
    signal.signal(signal.SIGTERM, lambda *_: None)  # its holder's end is the signal; commands do not inherit it
    # Children of a dead child are reparented to the guard, so that it can wait for them.
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1)
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, process_group=0)
    threading.Thread(target=_end_when_alone, args=(child.pid, grace), daemon=True).start()
    status = child.wait()
    threading.Thread(target=_end, args=(child.pid, grace), daemon=True).start()  # what the command left behind
    with suppress(ChildProcessError):
        while True:
            os.waitpid(-child.pid, 0)
    return status if status >= 0 else 128 - status


def _end_when_alone(group: int, grace: float) -> None:
    while sys.stdin.buffer.read(1):
        pass
    _end(group, grace)


def _end(group: int, grace: float) -> None:
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGTERM)
        time.sleep(grace)
        os.killpg(group, signal.SIGKILL)


if __name__ == "__main__":
    os._exit(main())
