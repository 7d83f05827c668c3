"""How every stage starts: parameters checked first, one process a stage, mistakes told in one sentence."""

from __future__ import annotations

import fcntl
import hashlib
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path

from moviechat import params, paths, threads
from moviechat.addresses import scrubbed
from moviechat.errors import DataError, MoviechatError

USAGE_ERROR = 2
INTERRUPTED = 130
_ENOUGH = 16  # hex digits that tell one folder from another
_HELD = "MOVIECHAT_STAGE"  # the stage that a process runs: those it starts for the same one share its lock


def launch(
    stage: str,
    run: Callable[..., None],
    spins: int = threads.BRIEF,
    also: Sequence[str] = (),
    *,
    writes: bool = True,
) -> None:
    """Run a stage with its own section of params.yaml, and with the sections in `also` by name.

    One process at a time runs a stage, unless it `writes` no output of it.
    Exits with 2 on a user's mistake and with 130 on Ctrl-C.
    """
    threads.yield_soon(spins)
    try:
        p = params.load()
        with alone(stage) if writes else nullcontext(), _bars_closed():
            run(getattr(p, stage), **{section: getattr(p, section) for section in also})
    except MoviechatError as error:
        sys.exit(_told(f"{stage}: {error}", USAGE_ERROR))
    except OSError as error:
        sys.exit(_told(f"{stage}: {error}: free space or mend the path, then `dvc repro` goes on", USAGE_ERROR))
    except KeyboardInterrupt:
        sys.exit(_told(f"{stage}: interrupted; `dvc repro` goes on from here", INTERRUPTED))


@contextmanager
def alone(stage: str) -> Iterator[None]:
    """Be the only process that runs `stage` in this checkout; raises DataError if another does.

    DVC's own lock ends with DVC: a stage that outlives it would write beside the next.
    """
    # The processes of one distributed training are one run: whoever started them holds the lock.
    if os.environ.get(_HELD) == stage or "LOCAL_RANK" in os.environ:
        yield
        return
    # A retrain's copy of the checkout shares its cache, and writes elsewhere.
    here = hashlib.sha256(str(Path.cwd()).encode()).hexdigest()[:_ENOUGH]
    path = paths.CACHE / "running" / f"{stage}-{here}"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            number = file.read().strip() or "unknown"
            raise DataError(
                f"process {number} still runs this stage here: wait for it, or end it (`kill {number}`), then "
                "`dvc repro` goes on"
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        os.environ[_HELD] = stage
        try:
            yield
        finally:
            os.environ.pop(_HELD, None)


@contextmanager
def _bars_closed() -> Iterator[None]:
    """Close the progress bars that an error left open, so that the error message is the last line."""
    try:
        yield
    finally:
        bars = getattr(getattr(sys.modules.get("tqdm"), "tqdm", None), "_instances", ())
        for bar in list(bars):
            bar.close()


def _told(message: str, code: int) -> int:
    print(scrubbed(message), file=sys.stderr)
    return code
