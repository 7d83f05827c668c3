"""A cache of answers: a killed evaluation resumes, and an unchanged base model is not asked twice."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from moviechat import files, generation
from moviechat.bundle import MANIFEST
from moviechat.evaluation.answers import Complete
from moviechat.files import write_text

_ENGINES = ("xllamacpp", "transformers", "torch", "peft")


def keeping(complete: Complete, folder: Path, made_by: str) -> Complete:
    """`complete`, with answers of `made_by` cached in `folder` by prompt."""

    def path_of(prompt: str) -> Path:
        digest = hashlib.sha256(f"{made_by}\0{prompt}".encode()).hexdigest()
        return folder / digest[:2] / f"{digest}.txt"

    def answer(prompts: Sequence[str]) -> list[str]:
        paths = [path_of(prompt) for prompt in prompts]
        unknown = {path: prompt for path, prompt in zip(paths, prompts, strict=True) if not path.is_file()}
        for path, text in zip(unknown, complete(list(unknown.values())) if unknown else [], strict=True):
            write_text(text, path)
        return [path.read_bytes().decode() for path in paths]

    return answer


def fingerprint(bundle: Path, *, adapter: bool, through: str | None = None) -> str:
    """Digest of everything, besides the prompt, that an answer of the bundle's language model depends on.

    `through` names the engine, with its version, that answers instead of the bundle's own.
    """
    said = json.loads((bundle / MANIFEST).read_text(encoding="utf-8"))
    parts = ("model/base", "model/adapter") if adapter else ("model/base",)
    code = sorted(Path(generation.__file__).parent.glob("*.py"))
    made_by = {
        "files": {name: about["sha256"] for name, about in said["files"].items() if name.startswith(parts)},
        "engine": through or [said["engine"], {name: said["versions"].get(name) for name in _ENGINES}],
        "parameters": said["parameters"],
        "code": {path.name: files.sha256(path) for path in code},
    }
    return hashlib.sha256(json.dumps(made_by, sort_keys=True).encode()).hexdigest()
