"""The one folder that the chat loads: what it says about itself, checked before it is used."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from moviechat import inert, intact, prompts
from moviechat.errors import BundleError
from moviechat.holding import Hold

FORMAT = 1
MANIFEST = "bundle.json"
REMEDY = "run `make demo` or `dvc repro`"

Engine = Literal["llama.cpp", "transformers"]

_TABLES = ("movies.parquet", "facts.parquet", "passages.parquet")
_NETWORKS = ("intents-1.safetensors", "intents-2.safetensors", "moods.safetensors")
_PARTS = (*_NETWORKS, "index/index.json", "encoder/modules.json", "parser/config.cfg")
_TRIES, _PAUSE = 20, 0.05  # seconds: a folder that is being replaced is looked at again


@dataclass(frozen=True, slots=True)
class BundleInfo:
    """A bundle that was found whole.

    `parameters`, `search` and `chat` are its sections of params.yaml, `versions` its libraries'.
    """

    folder: Path
    engine: Engine
    model: str
    prompt_version: int
    prompt_template: str
    parameters: dict[str, Any]
    search: dict[str, Any]
    chat: dict[str, Any]
    versions: dict[str, str]

    @property
    def movies(self) -> Path:
        """The catalogue's table."""
        return self.folder / "movies.parquet"

    @property
    def facts(self) -> Path:
        """What IMDb's tables lack of the films."""
        return self.folder / "facts.parquet"

    @property
    def passages(self) -> Path:
        """The texts on the films."""
        return self.folder / "passages.parquet"

    @property
    def index(self) -> Path:
        """The folder of the search index."""
        return self.folder / "index"

    @property
    def encoder(self) -> Path:
        """The sentence-transformers folder."""
        return self.folder / "encoder"

    @property
    def parser(self) -> Path:
        """The spaCy pipeline of the check."""
        return self.folder / "parser"

    @property
    def base(self) -> Path:
        """The base model: a GGUF file for llama.cpp, a safetensors folder for transformers."""
        return self.folder / "model" / ("base.gguf" if self.engine == "llama.cpp" else "base")

    @property
    def gguf_adapter(self) -> Path:
        """The LoRA as llama.cpp loads it."""
        return self.folder / "model" / "adapter.gguf"

    @property
    def peft_adapter(self) -> Path:
        """The LoRA as peft and vLLM load it."""
        return self.folder / "model" / "adapter"

    @property
    def context(self) -> int:
        """Tokens that prompt and answer may take together."""
        return int(self.parameters["context"])

    @property
    def max_new_tokens(self) -> int:
        """Tokens that an answer may take."""
        return int(self.parameters["max_new_tokens"])

    @property
    def threads(self) -> int | None:
        """Threads of llama.cpp; None takes the machine's cores."""
        return None if self.parameters["threads"] is None else int(self.parameters["threads"])

    @property
    def quantize(self) -> bool:
        """Whether transformers loads the base in 8-bit."""
        return bool(self.parameters["quantize"] == "8bit")


def open_bundle(folder: Path, *, verify: bool = False) -> BundleInfo:
    """Read a bundle and check its format, its prompt, its parameters and that every file is there as it was bundled.

    Large files are hashed once, all of them again with `verify` (intact.check). Raises BundleError with the way out.
    """
    return _opened(folder, folder, verify)


def hold(folder: Path) -> tuple[BundleInfo, Hold]:
    """A bundle to use for long: what is rebuilt in `folder` meanwhile does not touch it. Raises BundleError.

    `BundleInfo.folder` is where its files are held.
    """
    for _ in range(_TRIES):
        before = _stamp(folder)
        try:
            return _held(folder)
        except BundleError:
            replaced = _stamp(folder) != before
            time.sleep(_PAUSE)  # between two bundles there is none for a moment
            if not replaced:
                break
    return _held(folder)


def _held(folder: Path) -> tuple[BundleInfo, Hold]:
    listed = intact.listed(_manifest(folder, folder).get("files"), folder / MANIFEST, REMEDY)
    for name in listed:
        if not (folder / name).is_file():
            raise BundleError(f"{folder / name} is missing: {REMEDY}")
    try:
        held = Hold(folder, [MANIFEST, *listed], MANIFEST)
    except FileNotFoundError as error:
        raise BundleError(f"{error.filename} went while {folder} was opened: {REMEDY}") from None
    try:
        return _opened(held.folder, folder, verify=False), held
    except BaseException:
        held.release()
        raise


def _stamp(folder: Path) -> tuple[int, int] | None:
    try:
        about = (folder / MANIFEST).stat()
    except OSError:
        return None
    return about.st_ino, about.st_mtime_ns


def _opened(folder: Path, shown: Path, verify: bool) -> BundleInfo:
    """The bundle whose files are in `folder`, and which people know as `shown`."""
    said = _manifest(folder, shown)
    info = _info(folder, said, shown / MANIFEST)
    _check_prompt(info, shown)
    listed = intact.listed(said.get("files"), shown / MANIFEST, REMEDY)
    if missing := [name for name in _needed(info) if name not in listed]:
        raise BundleError(f"{shown / MANIFEST} lists no {missing[0]}, which every bundle has: {REMEDY}")
    inert.check(folder, [*listed, *_programs(shown)], REMEDY, shown=shown)
    intact.check(folder, listed, REMEDY, shown=shown, every=verify)
    return info


def _programs(folder: Path) -> list[str]:
    """Python files that are in the folder and perhaps not listed."""
    found = (Path(at, name) for at, _, names in os.walk(folder) for name in names)  # the folder may go meanwhile
    return sorted(path.relative_to(folder).as_posix() for path in found if path.suffix == ".py")


def _needed(info: BundleInfo) -> list[str]:
    """The least that a bundle lists, by the names of its files."""
    base = ["model/base.gguf", "model/adapter.gguf"] if info.engine == "llama.cpp" else ["model/base/config.json"]
    adapter = ["model/adapter/adapter_config.json", "model/adapter/adapter_model.safetensors"]
    return [*_TABLES, *_PARTS, *base, *adapter]


def _manifest(folder: Path, shown: Path) -> dict[str, Any]:
    path = shown / MANIFEST
    if not (folder / MANIFEST).is_file():
        raise BundleError(f"no bundle in {shown}: {REMEDY}, or name another with --bundle")
    try:
        said = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise BundleError(f"{path} is not JSON ({error}): {REMEDY}") from None
    found = said.get("format") if isinstance(said, dict) else None
    if found != FORMAT or isinstance(found, bool):
        raise BundleError(f"{path} is of format {str(found)[:80]}, this moviechat reads {FORMAT}: {REMEDY}")
    return dict(said)


def _info(folder: Path, said: Mapping[str, Any], path: Path) -> BundleInfo:
    def value(key: str, kind: type, within: Mapping[str, Any] = said) -> Any:
        found = within.get(key)
        if not isinstance(found, kind) or isinstance(found, bool):
            raise BundleError(f"{path} lacks or garbles {key} ({str(found)[:80]}): {REMEDY}")
        return found

    prompt = value("prompt", dict)
    info = BundleInfo(
        folder=folder,
        engine=value("engine", str),
        model=value("model", str),
        prompt_version=value("version", int, prompt),
        prompt_template=value("template", str, prompt),
        parameters=value("parameters", dict),
        search=value("search", dict),
        chat=value("chat", dict),
        versions=value("versions", dict),
    )
    if info.engine not in get_args(Engine):
        raise BundleError(f"{path} names the engine {info.engine[:80]!r}, not one of {get_args(Engine)}: {REMEDY}")
    for key, fits in _PARAMETERS.items():
        if not fits(info.parameters.get(key, _ABSENT)):
            told = str(info.parameters.get(key, "missing"))[:80]
            raise BundleError(f"{path} lacks or garbles the parameter {key} ({told}): {REMEDY}")
    return info


def _counts(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < _MOST


_ABSENT = object()
_MOST = 1 << 31  # what llama.cpp counts with
_PARAMETERS: dict[str, Callable[[Any], bool]] = {
    "context": _counts,
    "max_new_tokens": _counts,
    "threads": lambda value: value is None or _counts(value),
    "quantize": lambda value: value in ("none", "8bit"),
}


def _check_prompt(info: BundleInfo, shown: Path) -> None:
    if (info.prompt_version, info.prompt_template) != (prompts.VERSION, prompt_template()):
        raise BundleError(
            f"{shown} was made for another prompt (version {info.prompt_version}) than this moviechat asks with "
            f"({prompts.VERSION}): {REMEDY}"
        )


def prompt_template() -> str:
    """The whole prompt with `{question}` and `{input}` left open, as bundle.json records it."""
    return prompts.render("{question}", "{input}")
