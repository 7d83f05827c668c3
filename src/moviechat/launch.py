"""How every stage starts: parameters checked first, mistakes told in one sentence."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from moviechat import params, threads
from moviechat.errors import MoviechatError

USAGE_ERROR = 2
INTERRUPTED = 130


def launch(stage: str, run: Callable[..., None], spins: int = threads.BRIEF, also: Sequence[str] = ()) -> None:
    """Run a stage with its own section of params.yaml, and with the sections in `also` by name.

    Exits with 2 on a user's mistake and with 130 on Ctrl-C.
    """
    threads.yield_soon(spins)
    try:
        p = params.load()
        run(getattr(p, stage), **{section: getattr(p, section) for section in also})
    except MoviechatError as error:
        sys.exit(_told(f"{stage}: {error}", USAGE_ERROR))
    except OSError as error:
        sys.exit(_told(f"{stage}: {error}: free space or mend the path, then `dvc repro` goes on", USAGE_ERROR))
    except KeyboardInterrupt:
        sys.exit(_told(f"{stage}: interrupted; `dvc repro` goes on from here", INTERRUPTED))


def _told(message: str, code: int) -> int:
    print(message, file=sys.stderr)
    return code
