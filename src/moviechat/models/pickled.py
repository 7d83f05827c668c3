"""Convert a folder of pickled weights (`pytorch_model*.bin`, as in open_llama_3b_v2) to safetensors."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from moviechat import files
from moviechat.errors import ModelError

_INDEX = "pytorch_model.bin.index.json"


def to_safetensors(folder: Path, cache: Path) -> Path:
    """`folder` itself if it has safetensors or no pickles, otherwise a converted copy, made once and kept in `cache`.

    Only tensors are unpickled, never code; raises ModelError for a file that contains anything else.
    """
    shards = sorted(folder.glob("pytorch_model*.bin"))
    if not shards or any(folder.glob("*.safetensors")):
        return folder
    target = cache / "converted" / f"{_key(folder)}-bin"
    if not target.exists():
        with files.whole(target) as partial:
            for path in (p for p in folder.iterdir() if p.is_file() and p.suffix != ".bin" and p.name != _INDEX):
                files.copy(path, partial / path.name)
            for shard in shards:
                print(f"{shard.name} to safetensors")
                _convert(shard, partial / _renamed(shard.name))
            _convert_index(folder / _INDEX, partial)
    return target


def _key(folder: Path) -> str:
    # Every file counts: another tokenizer or another last shard gives another copy.
    return hashlib.sha256(json.dumps(files.inventory(folder)).encode()).hexdigest()[:32]


def _convert(shard: Path, target: Path) -> None:
    import pickle

    import torch
    from safetensors.torch import save_file

    try:
        tensors = torch.load(shard, map_location="cpu", weights_only=True, mmap=True)
    except (pickle.UnpicklingError, RuntimeError, EOFError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ModelError(
            f"{shard} contains more than tensors, or is damaged ({reason}): choose a revision with .safetensors, or "
            "fetch it again"
        ) from None
    # safetensors refuses tensors that share memory, and a saved view would include its whole storage.
    save_file({name: t.clone().contiguous() for name, t in tensors.items()}, target, metadata={"format": "pt"})


def _convert_index(index: Path, folder: Path) -> None:
    if index.is_file():
        try:
            said = json.loads(index.read_text(encoding="utf-8"))
            said["weight_map"] = {name: _renamed(shard) for name, shard in said["weight_map"].items()}
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise ModelError(f"{index} is no index of weights ({error}): fetch it anew") from None
        files.write_json(folder / "model.safetensors.index.json", said)


def _renamed(name: str) -> str:
    return name.replace("pytorch_model", "model").removesuffix(".bin") + ".safetensors"
