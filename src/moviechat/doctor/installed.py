"""What is installed: Python, the packages, the engine of the answers, the GPU and its driver, room on the disk."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from importlib.metadata import PackageNotFoundError, requires, version
from importlib.util import find_spec
from pathlib import Path

from moviechat.doctor.check import Check, missing, ok
from moviechat.params import Params

PYTHON = (3, 11)
SETUP = "make setup"
CONSTRAINTS = Path("constraints.txt")
# Gigabytes that a run takes, DVC's cache included: measured for the embedded models; for a base of the hub counted
# (7 GB as fetched, converted and bundled, each twice).
_EMBEDDED, _FETCHED = 3, 45
_GPU = ("nvidia-smi", "--query-gpu=name,memory.total,driver_version", "--format=csv,noheader")
_PATIENCE = 20  # seconds that nvidia-smi may take
_NAME = re.compile(r"[A-Za-z0-9._-]+")


def python(found: tuple[int, int] = sys.version_info[:2]) -> Check:
    """Whether this is the Python that all is pinned for."""
    said = ".".join(map(str, found))
    if found == PYTHON:
        return ok("python", f"{said}, {sys.executable}")
    way_out = "install python3.11 and run `make setup` (PYTHON=/path/to/it)"
    return missing("python", f"{said}, and the packages are pinned for 3.11", way_out, needed=True)


def packages(
    needs: Iterable[str] | None = None,
    version_of: Callable[[str], str] = version,
    constraints: Path = CONSTRAINTS,
) -> Check:
    """Whether each package that moviechat requires is here, in the version of constraints.txt."""
    pinned, absent, other = _pinned(constraints), list[str](), list[str]()
    for name in _names(requires("moviechat") or () if needs is None else needs):
        try:
            here = version_of(name).partition("+")[0]
        except PackageNotFoundError:
            absent.append(name)
            continue
        if here != pinned.get(_plain(name), here):
            other.append(f"{name} {here} instead of {pinned[_plain(name)]}")
    if absent or other:
        told = [f"not installed: {', '.join(absent)}"] * bool(absent) + [f"other versions: {', '.join(other)}"] * bool(
            other
        )
        return missing("packages", "; ".join(told), SETUP, needed=bool(absent))
    return ok("packages", "all are installed" + (", as constraints.txt has them" if pinned else ""))


def _names(needs: Iterable[str]) -> list[str]:
    """The names of requirements that no extra asks for."""
    return [found.group() for need in needs if "extra ==" not in need and (found := _NAME.match(need))]


def _pinned(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    pairs = (line.split("#")[0].strip().split("==") for line in path.read_text(encoding="utf-8").splitlines())
    return {_plain(pair[0]): pair[1].split(";")[0].strip().partition("+")[0] for pair in pairs if len(pair) == 2}


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name.strip()).lower()


def engine(name: str, found: Callable[[str], object | None] = find_spec) -> Check:
    """Whether the engine of a bundle ("llama.cpp" or "transformers") can be imported."""
    wanted = {"llama.cpp": "xllamacpp", "transformers": "transformers"}[name]
    if found(wanted) is None:
        return missing("engine", f"{wanted}, which answers for {name}, cannot be imported", SETUP, needed=True)
    return ok("engine", f"{name}, through {wanted}")


def gpu(command: Sequence[str] = _GPU) -> Check:
    """The GPUs with their driver; without one the CPU computes."""
    if shutil.which(command[0]) is None:
        return ok("gpu", "none that nvidia-smi knows: training and answers are computed on the CPU")
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return missing("gpu", f"nvidia-smi did not answer ({error})", "restart the machine, or its NVIDIA driver")
    if done.returncode or not done.stdout.strip():
        said = (done.stderr or done.stdout).strip() or f"exit {done.returncode}"
        return missing(
            "gpu", f"nvidia-smi: {said[:200]}", "install the NVIDIA driver that fits the card and the kernel"
        )
    cards = "; ".join(line.strip() for line in done.stdout.splitlines() if line.strip())
    return _torch(cards)


def _torch(cards: str) -> Check:
    try:
        found = version("torch")
    except PackageNotFoundError:
        return missing("gpu", f"{cards}, and no torch to use it", SETUP)
    if "+cpu" in found:
        way_out = f".venv/bin/pip install --force-reinstall torch=={found.partition('+')[0]}"
        return missing(
            "gpu", f"{cards}, which torch {found} cannot use", f"{way_out} --index-url URL (of a CUDA build)"
        )
    return ok("gpu", f"{cards}; torch {found}")


def disk(p: Params | None, folder: Path = Path(), free: int | None = None) -> Check:
    """Whether there is room for a run of these parameters."""
    large = p is not None and p.fetch_models.language_model.startswith("hf:")
    need = _FETCHED if large else _EMBEDDED
    have = (shutil.disk_usage(folder).free if free is None else free) / 1e9
    said = f"{have:.0f} GB free in {folder.resolve()}; a run of these parameters takes about {need} GB"
    return ok("disk", said) if have >= need else missing("disk", said, "free space, or clone it onto another disk")
