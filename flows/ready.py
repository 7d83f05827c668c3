"""Checks params.yaml and dvc.lock before DVC reads them: DVC only says "YAML file structure is corrupted".

`python -m flows.ready` restores a broken dvc.lock and reports what is wrong with params.yaml.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import yaml

from moviechat import params
from moviechat.errors import ParamsError

LOCK = "dvc.lock"


def mend_lock(root: Path) -> str | None:
    """Restore the committed dvc.lock if a kill left it empty or incomplete; returns what was done, None if nothing.

    DVC finds the results of stages that finished since that commit in its run cache.
    """
    path = root / LOCK
    if not path.exists() or _readable(path):
        return None
    found = subprocess.run(["git", "show", f"HEAD:{LOCK}"], cwd=root, capture_output=True, check=False)
    if found.returncode == 0:
        path.write_bytes(found.stdout)
        return f"{LOCK} was empty or incomplete (DVC was killed while it wrote it): the committed one is restored"
    path.unlink()
    return f"{LOCK} was empty or incomplete, and is not committed: it is deleted, and DVC writes a new one"


def _readable(path: Path) -> bool:
    try:
        return isinstance(yaml.safe_load(path.read_text(encoding="utf-8"))["stages"], dict)
    except (yaml.YAMLError, UnicodeDecodeError, TypeError, KeyError):
        return False


def main() -> int:
    """Mend dvc.lock and check params.yaml of the current folder; the exit code."""
    if told := mend_lock(Path()):
        print(told)
    try:
        params.load()
    except ParamsError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
