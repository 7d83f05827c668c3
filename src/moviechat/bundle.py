"""The one folder that the chat loads: what it says about itself, checked before it is used."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from moviechat import files, prompts
from moviechat.errors import BundleError

FORMAT = 1
MANIFEST = "bundle.json"
REMEDY = "run `make demo` or `dvc repro`"

Engine = Literal["llama.cpp", "transformers"]


@dataclass(frozen=True, slots=True)
class BundleInfo:
    """A bundle that was found whole.

    `parameters` and `chat` are its sections of params.yaml, `versions` its libraries'.
    """

    folder: Path
    engine: Engine
    model: str
    prompt_version: int
    prompt_template: str
    parameters: dict[str, Any]
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
    """Read a bundle and check its format, its prompt and that every file is there in its size.

    `verify` also hashes every file. Raises BundleError with the way out.
    """
    said = _manifest(folder)
    try:
        info = BundleInfo(
            folder=folder,
            engine=said["engine"],
            model=said["model"],
            prompt_version=said["prompt"]["version"],
            prompt_template=said["prompt"]["template"],
            parameters=said["parameters"],
            chat=said["chat"],
            versions=said["versions"],
        )
        _check_prompt(info)
        _check_files(folder, said["files"], verify)
    except (KeyError, TypeError, AttributeError) as error:
        raise BundleError(f"{folder / MANIFEST} lacks or garbles {error}: {REMEDY}") from None
    return info


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    if not path.is_file():
        raise BundleError(f"no bundle in {folder}: {REMEDY}, or name another with --bundle")
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise BundleError(f"{path} is not JSON ({error}): {REMEDY}") from None
    found = said.get("format") if isinstance(said, dict) else None
    if found != FORMAT:
        raise BundleError(f"{path} is of format {found}, this moviechat reads {FORMAT}: {REMEDY}")
    return dict(said)


def _check_prompt(info: BundleInfo) -> None:
    if (info.prompt_version, info.prompt_template) != (prompts.VERSION, prompt_template()):
        raise BundleError(
            f"{info.folder} was made for another prompt (version {info.prompt_version}) than this moviechat asks with "
            f"({prompts.VERSION}): {REMEDY}"
        )


def prompt_template() -> str:
    """The whole prompt with `{question}` and `{input}` left open, as bundle.json records it."""
    return prompts.render("{question}", "{input}")


def _check_files(folder: Path, listed: dict[str, dict[str, Any]], verify: bool) -> None:
    for name, about in listed.items():
        path = folder / name
        if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
            raise BundleError(f"{folder / MANIFEST} lists {name}, outside the bundle: {REMEDY}")
        if not path.is_file():
            raise BundleError(f"{path} is missing: {REMEDY}")
        if path.stat().st_size != about["bytes"]:
            raise BundleError(f"{path} has {path.stat().st_size} bytes instead of {about['bytes']}: {REMEDY}")
        if verify and files.sha256(path) != about["sha256"]:
            raise BundleError(f"{path} is not the file that was bundled (its sha256 differs): {REMEDY}")
