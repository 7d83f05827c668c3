"""Where a retrain runs: a copy of the checkout, so that the checkout stays unchanged.

The copy is a git clone that shares the checkout's objects, DVC cache, remotes and resumable caches. It has what
`dvc exp run --temp` would take: the tracked files as they are now. The result of a run becomes a DVC experiment of
the checkout.
"""

from __future__ import annotations

import fcntl
import hashlib
import logging
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from flows import cache, dag
from moviechat import params, paths
from moviechat.errors import DataError, ParamsError

STATE = Path(".services")
_NAME = "moviechat"
_MEND = "fix that and start again"
# git in the copy only: in a damaged copy it would search upwards and find the checkout.
_OWN = ("--git-dir=.git", "--work-tree=.")
# Links into the checkout; a pattern with a final slash in .gitignore does not match a link.
_SHARED = (paths.CACHE, paths.MLRUNS)


@dataclass(frozen=True, slots=True)
class Workspace:
    """The copy in `folder` of the checkout in `root`, at commit `base`; `start` is its initial state."""

    root: Path
    folder: Path
    base: str
    start: str

    def set_params(self, profile: str | None, changes: Mapping[str, Mapping[str, Any]]) -> params.Params:
        """Copy `profile` over params.yaml, then apply each section's changes; ParamsError if the result is invalid."""
        path = self.folder / paths.PARAMS
        if profile is not None:
            shutil.copyfile(_profile(self.folder, profile), path)
        if changes:
            params.load(path)
            _edit(path, changes)
        _take(self.folder)
        return params.load(path)

    def fill(self) -> list[str]:
        """Add what git does not have: files that stages read, and every output in the DVC cache.

        Returns the outputs with a damaged copy in the cache; that copy is deleted, so their stages run again.
        """
        from dvc.repo import Repo

        repo = Repo(str(self.folder))
        files = Path(repo.cache.local_cache_dir) / "files/md5"
        damaged = cache.mend(self.folder / "dvc.lock", files, self.root / STATE / "dvc/sound.json")
        found = dag.inputs(dag.read(self.folder))
        for name in _untracked(self.folder, found, _OWN):
            (self.folder / name).unlink()
        for name in _untracked(self.root, found):
            _link(self.root / name, self.folder / name)
        logging.getLogger("dvc_data").setLevel(logging.ERROR)  # a stage that never ran has no outputs: no warning
        repo.checkout(force=True, allow_missing=True)
        return damaged

    def save(self, name: str) -> str | None:
        """Save the state as the checkout's experiment `name` and return its commit; None if nothing is new."""
        if _state(self.folder) == self.start:
            return None
        dvc = [sys.executable, "-m", "dvc", "exp", "save", "--force", "--name", name]
        done = subprocess.run(dvc, cwd=self.folder, env=self.environment(), capture_output=True, text=True, check=False)
        if done.returncode != 0:
            told = " ".join(done.stderr.split())
            raise DataError(
                f"the experiment {name} was not saved ({told}); its outputs are in DVC's cache: run it again"
            )
        ref = f"refs/exps/{self.base[:2]}/{self.base[2:]}/{name}"
        _git("fetch", "--quiet", str(self.folder.resolve()), f"+{ref}:{ref}", cwd=self.root)
        return _git("rev-parse", ref, cwd=self.root)

    def difference(self) -> bytes:
        """The copy against `base`, for `receive`: parameters, dvc.lock, and all else that git does not ignore."""
        file = self.folder / ".git/difference.patch"
        _take(self.folder)
        _own(self.folder, "diff", "--cached", "--binary", f"--output={file.resolve()}", self.base)
        return file.read_bytes()

    def environment(self) -> dict[str, str]:
        """The environment of a stage's process: this interpreter first, and the copy's code, not the installed one."""
        tools = Path(sys.executable).parent
        return {
            **os.environ,
            "PATH": f"{tools}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
            "PYTHONPATH": str((self.folder / "src").resolve()),
        }


@contextmanager
def alone(root: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Lock the one place where stages run; `waiting` is called every second while another run has it."""
    path = root / STATE / "retrain.lock"
    path.parent.mkdir(exist_ok=True)
    with path.open("a") as lock:  # the system releases it however the holder ends
        while not _locked(lock):
            waiting()
            time.sleep(1)
        yield


def _locked(lock: TextIO) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def prepare(root: Path) -> Workspace:
    """Update the copy to the checkout's current tracked files; DataError if git fails."""
    base = _git("rev-parse", "--verify", "HEAD", cwd=root, otherwise="commit first: a run starts from a commit")
    # `stash create` fails on a file that was rewritten without a change; `status` notices that and updates the index.
    _git("status", "--porcelain", "--untracked-files=no", cwd=root)
    # A commit object of the current tracked files, or nothing if they are HEAD's; it changes neither.
    now = _git("-c", f"user.name={_NAME}", "-c", f"user.email={_NAME}@localhost", "stash", "create", cwd=root)
    folder = _at(root, base)
    if now:
        _own(folder, "restore", f"--source={now}", "--worktree", "--", ":/")
    if (lock := root / "dvc.lock").exists():
        shutil.copyfile(lock, folder / "dvc.lock")
    _take(folder)
    return _workspace(root, folder, base)


def receive(root: Path, base: str, patch: bytes) -> Workspace:
    """Set the copy to another checkout's state: its commit, plus `difference()`; DataError if git fails."""
    if not _knows(root, base):
        _git("fetch", "--quiet", "--all", cwd=root)
    folder = _at(root, base)
    file = folder / ".git/handed.patch"
    file.write_bytes(patch)
    if patch:
        _own(folder, "apply", str(file.resolve()))
    _take(folder)
    return _workspace(root, folder, base)


def _at(root: Path, base: str) -> Path:
    """The copy's folder, with the tracked files of the commit `base` and nothing from earlier runs."""
    folder = root / STATE / "workspace"
    if not _knows(folder, base):
        _clone(root, folder)
    (folder / ".git/index").unlink(missing_ok=True)  # so that every file is written again
    _own(folder, "checkout", "--quiet", "--force", "--detach", base, otherwise="push that commit, so that it is here")
    _own(folder, "clean", "-ffdq")
    return folder


def _take(folder: Path) -> None:
    """Add every change to git's index at once.

    git detects a change by time and size. One of the same length in the second of the checkout (a seed of 42 made 43)
    would be lost when DVC, which does not know this case, writes the index.
    """
    _own(folder, "add", "--all")


def _workspace(root: Path, folder: Path, base: str) -> Workspace:
    for shared in _SHARED:
        _share(root / shared, folder / shared)
    _configure(root, folder)
    return Workspace(root, folder, base, _state(folder))


def _state(folder: Path) -> str:
    """A digest of what a run can change: parameters, and the hashes of all inputs and outputs of the stages."""
    digest = hashlib.sha256()
    for name in (str(paths.PARAMS), "dvc.lock"):
        digest.update((folder / name).read_bytes() if (folder / name).exists() else b"\0")
    return digest.hexdigest()


def _knows(folder: Path, commit: str) -> bool:
    try:
        _own(folder, "cat-file", "-e", commit)
    except (DataError, FileNotFoundError):
        return False
    return True


def _clone(root: Path, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    _git("clone", "--quiet", "--shared", "--no-checkout", ".", str(folder.resolve()), cwd=root)
    for key, other in (("user.name", _NAME), ("user.email", f"{_NAME}@localhost")):
        known = subprocess.run(["git", "config", key], cwd=root, capture_output=True, text=True, check=False)
        _own(folder, "config", key, known.stdout.strip() or other)
    exclude = folder / ".git/info/exclude"
    exclude.parent.mkdir(exist_ok=True)
    exclude.write_text("".join(f"/{p.as_posix()}\n" for p in _SHARED), encoding="utf-8")


def _configure(root: Path, folder: Path) -> None:
    """The checkout's cache and remotes, wherever they are configured; outputs are links to the cache if possible."""
    from dvc.config import Config
    from dvc.repo import Repo

    repo = Repo(str(root))
    (folder / ".dvc/config.local").unlink(missing_ok=True)
    with Config(dvc_dir=str(folder / ".dvc"), validate=False).edit("local") as conf:
        conf["core"] = {"site_cache_dir": str((root / STATE / "dvc").resolve()), "autostage": True}
        if default := repo.config["core"].get("remote"):
            conf["core"]["remote"] = default
        conf["cache"] = {"dir": repo.cache.local_cache_dir, "type": ["reflink", "hardlink", "copy"]}
        conf["remote"] = {name: dict(remote) for name, remote in repo.config["remote"].items()}


def _share(place: Path, link: Path) -> None:
    place.mkdir(parents=True, exist_ok=True)
    if not link.is_symlink():
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(place.resolve(), target_is_directory=True)


def _link(file: Path, link: Path) -> None:
    link.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(file, link)
    except OSError:  # another file system
        link.symlink_to(file.resolve())


def _edit(path: Path, changes: Mapping[str, Mapping[str, Any]]) -> None:
    """Change leaves of a YAML file in place; everything else keeps its comments, order and formatting."""
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.width = 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.representer.add_representer(type(None), lambda r, _: r.represent_scalar("tag:yaml.org,2002:null", "null"))
    values = yaml.load(path)
    for section, leaves in changes.items():
        values[section].update(leaves)
    yaml.dump(values, path)


def _profile(folder: Path, name: str) -> Path:
    path = folder / "profiles" / f"{name}.yaml"
    if not path.is_file():
        known = ", ".join(sorted(p.stem for p in (folder / "profiles").glob("*.yaml")))
        raise ParamsError(f"there is no profile {name!r}: use one of {known}, or none for the current params.yaml")
    return path


def _untracked(root: Path, names: list[str], where: tuple[str, ...] = ()) -> list[str]:
    inside = [n for n in names if not Path(n).is_absolute() and (root / n).exists()]
    if not inside:
        return []
    return [n for n in _git(*where, "ls-files", "--others", "-z", "--", *inside, cwd=root).split("\0") if n]


def _git(*arguments: str, cwd: Path, otherwise: str = _MEND) -> str:
    done = subprocess.run(["git", *arguments], cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        told = " ".join(done.stderr.split())
        raise DataError(f"git {' '.join(arguments)} failed in {cwd} ({told}): {otherwise}")
    return done.stdout.strip()


def _own(folder: Path, *arguments: str, otherwise: str = _MEND) -> str:
    return _git(*_OWN, *arguments, cwd=folder, otherwise=otherwise)
