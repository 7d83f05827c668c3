"""All that the doctor looks at, in order."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

from moviechat import paths
from moviechat.doctor import built, installed, reach
from moviechat.doctor.check import Check


def examine(bundle: Path = paths.BUNDLE) -> Iterator[Check]:
    """Each line as it is found; nothing is made or downloaded, and what was verified is remembered."""
    yield installed.python()
    yield installed.packages()
    yield reach.workplace()
    p, parameters = built.parameters()
    yield parameters
    info, whole = built.bundle(bundle)
    yield whole
    if info:
        yield installed.engine(info.engine)
        yield built.current(info, p)
    asked = (reach.model(), built.tables(p), built.texts(p), built.models(), built.lock(), reach.teacher(p))
    yield from filter(None, asked)
    yield reach.contact(p)
    yield reach.keys()
    yield reach.champion()
    yield from map(reach.service, reach.SERVICES)
    yield reach.page()
    yield installed.gpu()
    yield installed.disk(p)


def report(bundle: Path, say: Callable[[str], None], *, as_json: bool) -> bool:
    """Say all lines, each at once or as one JSON object; whether somebody can chat."""
    checks = list[Check]()
    for check in examine(bundle):
        checks.append(check)
        if not as_json:
            say(check.told())
    well = not any(check.state == "missing" and check.needed for check in checks)
    if as_json:
        say(json.dumps({"ok": well, "checks": [check.to_json() for check in checks]}, ensure_ascii=False))
    return well
