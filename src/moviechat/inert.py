"""A bundle is data: no program, no pickle, no setting that has a library look for one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from moviechat.errors import BundleError

_PROGRAMS = frozenset(".bat .cmd .dll .dylib .egg .exe .jar .js .ps1 .py .pyc .pyd .pyo .pyw .pyx .sh .so .whl".split())
_PICKLES = frozenset(".ckpt .dill .h5 .joblib .npz .pickle .pkl .pt .pth".split())
_BINARY = ".bin"  # torch's pickles; the parser's tables have the same ending
_PARSER = "parser"
# Settings by which transformers, sentence-transformers and peft load code that comes with a model, or from elsewhere.
_CODE = ("auto_map", "custom_pipelines", "custom_generate", "megatron_config")
_SETTINGS = ("config.json", "encoder/modules.json")
_KIND = {"config.json": ("model_type", "llama"), "adapter_config.json": ("peft_type", "LORA")}
_OWN = "sentence_transformers."  # where the parts of an encoder may come from


def check(folder: Path, names: Iterable[str], remedy: str, *, shown: Path | None = None) -> None:
    """Refuse files that are programs or pickles, and settings that ask for code; raises BundleError naming the file."""
    shown = shown or folder
    for name in names:
        if (what := _what(PurePosixPath(name))) is not None:
            raise BundleError(f"{shown / name} is {what}, and a bundle holds data only: {remedy}")
        if name.endswith(_SETTINGS) and name.split("/")[0] in ("model", "encoder"):
            _check_settings(read_json(folder / name, shown / name, remedy), name, shown / name, remedy)


def _what(path: PurePosixPath) -> str | None:
    if path.suffix.lower() in _PROGRAMS:
        return "a program"
    pickled = path.suffix.lower() in _PICKLES or (path.suffix.lower() == _BINARY and path.parts[0] != _PARSER)
    return "a pickle" if pickled else None


def read_json(path: Path, shown: Path, remedy: str) -> Any:
    """What a JSON file says; raises BundleError if it cannot be read, however deep it is nested."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise BundleError(f"{shown} cannot be read ({error}): {remedy}") from None


def _check_settings(said: Any, name: str, shown: Path, remedy: str) -> None:
    if isinstance(said, dict):
        for key in _CODE:
            if said.get(key):
                raise BundleError(f"{shown} asks for code ({key}), and a bundle holds data only: {remedy}")
        _check_kind(said, PurePosixPath(name), shown, remedy)
    elif isinstance(said, list) and name == "encoder/modules.json":
        for part in said:
            kind = part.get("type") if isinstance(part, dict) else part
            if not isinstance(kind, str) or not kind.startswith(_OWN):
                raise BundleError(f"{shown} names {kind!r}, which is no part of sentence-transformers: {remedy}")


def _check_kind(said: Mapping[str, Any], path: PurePosixPath, shown: Path, remedy: str) -> None:
    key, wanted = _KIND.get(path.name, ("", ""))
    if key and path.parts[0] == "model" and said.get(key) != wanted:
        raise BundleError(f"{shown} is of {key} {str(said.get(key))[:80]!r}, and only {wanted!r} is loaded: {remedy}")
