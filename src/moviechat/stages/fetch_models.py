"""Fetch and hash the encoder, the language model and the parser; afterwards nothing needs the network."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from moviechat import files, params, paths
from moviechat.errors import FetchError
from moviechat.launch import launch
from moviechat.models import sources
from moviechat.models.convert import to_transformers
from moviechat.models.pickled import to_safetensors

_CODE = "auto_map"  # by which transformers finds the code that comes with a model


def run(p: params.FetchModels, *, out: Path = paths.FETCH_MODELS, cache: Path = paths.CACHE) -> None:
    """Fill `out` with `encoder/` (sentence-transformers), `language_model/` (Llama), `parser/` (spaCy), `models.json`.

    A language model that comes as GGUF is stored as `base.gguf` and also converted to safetensors; one that comes as
    pickled weights is only converted.
    """
    encoder, language_model, parser = (sources.fetch(s, cache) for s in (p.encoder, p.language_model, p.parser))
    with files.whole(out) as partial:
        _keep_encoder(encoder, p.encoder, partial / "encoder")
        _keep_language_model(language_model, p.language_model, partial / "language_model", cache)
        _keep_parser(parser, p.parser, partial / "parser")
        about = {
            "encoder": _about(encoder, p.encoder, partial / "encoder"),
            "language_model": _about(language_model, p.language_model, partial / "language_model"),
            "parser": _about(parser, p.parser, partial / "parser"),
        }
        files.write_json(partial / "models.json", about)
    for kind, model in about.items():
        print(f"{kind}: {model['name']}, {sum(f['bytes'] for f in model['files'].values()) / 1e6:.0f} MB")


def _about(fetched: sources.Fetched, source: str, folder: Path) -> dict[str, Any]:
    identity = {"name": fetched.name, "source": source, "revision": fetched.revision}
    return identity | {"files": files.inventory(folder)}


def _keep_encoder(fetched: sources.Fetched, source: str, target: Path) -> None:
    _keep(fetched.path, target)
    _require(target, source, "modules.json", "a sentence-transformers folder")


def _keep_language_model(fetched: sources.Fetched, source: str, target: Path, cache: Path) -> None:
    gguf = _gguf(fetched.path)
    if gguf:
        files.copy(to_transformers(gguf, cache), target)
        files.copy(gguf, target / "base.gguf")
    else:
        _keep(to_safetensors(fetched.path, cache), target)
    _require(target, source, "config.json", "a Llama folder or a .gguf file")
    _require(target, source, "tokenizer_config.json", "a model with its tokenizer")
    settings = {name: _without_code(target / name, source) for name in ("config.json", "tokenizer_config.json")}
    family = settings["config.json"].get("model_type")
    if family != "llama":
        raise FetchError(f"{source} is a model of type {family}: the pipeline supports Llamas only (type llama)")
    # The bundle takes the model's name from this, wherever the folder was moved.
    identity = {"name": fetched.name, "source": source, "revision": fetched.revision}
    files.write_json(target / "source.json", identity)


def _without_code(path: Path, source: str) -> dict[str, Any]:
    """What a file of settings says; where it names code of the model's own, that is taken out: nothing here runs it."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise FetchError(f"{source}: its {path.name} cannot be read ({error}): choose another revision") from None
    if not isinstance(said, dict):
        raise FetchError(f"{source}: its {path.name} is no JSON object: choose another revision")
    if said.pop(_CODE, None) is not None:
        files.write_json(path, said)
    return dict(said)


def _keep_parser(fetched: sources.Fetched, source: str, target: Path) -> None:
    """spaCy writes its own formats (msgpack and JSON), none of which runs code when it is read."""
    files.copy(fetched.path, target)
    if not (target / "config.cfg").is_file() or not (target / "meta.json").is_file():
        raise FetchError(f"{source} has no config.cfg beside meta.json: the source must be a spaCy pipeline's folder")


def _gguf(path: Path) -> Path | None:
    if path.is_file():
        return path if path.suffix == ".gguf" else None
    found = sorted(path.glob("*.gguf"))
    return found[0] if len(found) == 1 and not any(path.glob("*.safetensors")) else None


def _keep(source: Path, target: Path) -> None:
    target.mkdir(parents=True)
    for path in sorted(source.rglob("*")):
        if path.is_file() and path.suffix in sources.KEPT and not path.name.startswith("."):
            files.copy(path, target / path.relative_to(source))


def _require(folder: Path, source: str, name: str, what: str) -> None:
    if not (folder / name).is_file() or not any(folder.rglob("*.safetensors")):
        raise FetchError(f"{source} has no {name} beside .safetensors: the source must be {what}")


if __name__ == "__main__":
    launch("fetch_models", run)
