"""What has to hold before DVC looks: a params.yaml that can be used and a dvc.lock that can be read.

`python -m flows.ready` tells it in sentences; DVC tells both as "YAML file structure is corrupted".
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
    """Bring the commit's dvc.lock back if a kill left it empty or half; what was done, or None if it is well.

    The stages that ended since the commit run again, and DVC finds their results in its run cache.
    """
    path = root / LOCK
    if not path.exists() or _readable(path):
        return None
    found = subprocess.run(["git", "show", f"HEAD:{LOCK}"], cwd=root, capture_output=True, check=False)
    if found.returncode == 0:
        path.write_bytes(found.stdout)
        return f"{LOCK} was empty or half (a kill while DVC wrote it): the commit's is back"
    path.unlink()
    return f"{LOCK} was empty or half (a kill while DVC wrote it), and no commit has one: DVC writes it anew"


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
