"""Write a peft LoRA as the GGUF LoRA that llama.cpp loads."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

import numpy as np

from moviechat.errors import DataError, ModelError
from moviechat.models import llama

# What a peft LoRA can have and a GGUF LoRA cannot.
_UNSAYABLE = {
    "use_dora": "DoRA",
    "use_qalora": "QA-LoRA",
    "lora_bias": "biases in the adapter",
    "alpha_pattern": "different alphas for some layers",
    "modules_to_save": "whole layers trained with the adapter",
    "trainable_token_indices": "trained tokens",
    "layer_replication": "replicated layers",
    "fan_in_fan_out": "transposed layers",
}
_TENSOR = re.compile(r"base_model\.model\.(?P<module>.+)\.lora_(?P<side>[AB])\.weight")


def write_gguf(adapter: Path, base: Path, out: Path) -> None:
    """Write the peft folder `adapter`, trained on the Llama folder `base`, to the GGUF file `out`.

    llama.cpp scales by alpha / rank; rsLoRA's alpha / sqrt(rank) (arXiv:2312.03732) becomes an effective alpha.
    Raises ModelError for what GGUF cannot express (such as DoRA), DataError for a folder that is not a LoRA.
    """
    config = _read(adapter / "adapter_config.json")
    _refuse(config, adapter)
    heads = _heads(_read(base / "config.json"))
    tensors = _tensors(adapter / "adapter_model.safetensors")
    alpha = _alpha(config, config["r"])
    partial = out.with_name(out.name + ".part")
    _write(partial, alpha, _converted(tensors, config, alpha, heads))
    partial.replace(out)


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise DataError(f"{path} cannot be read ({error}): run `dvc repro train`") from None
    if not isinstance(found, dict):
        raise DataError(f"{path} is not a JSON object: run `dvc repro train`")
    return found


def _refuse(config: dict[str, Any], adapter: Path) -> None:
    if config.get("peft_type") != "LORA":
        raise ModelError(f"{adapter} holds a {config.get('peft_type')}, not a LoRA: only a LoRA can be written as GGUF")
    biases = ["trained biases"] if config.get("bias", "none") != "none" else []
    found = biases + [what for key, what in _UNSAYABLE.items() if config.get(key)]
    if found:
        raise ModelError(
            f"{adapter} has {' and '.join(found)}, which a GGUF LoRA cannot express: train a plain LoRA, "
            "or serve it with transformers or vLLM"
        )


def _heads(config: dict[str, Any]) -> tuple[int, int]:
    heads = config["num_attention_heads"]
    return heads, config.get("num_key_value_heads") or heads


def _alpha(config: dict[str, Any], rank: int) -> float:
    """The alpha for which llama.cpp's alpha / rank equals peft's scale."""
    return float(config["lora_alpha"]) * (math.sqrt(rank) if config.get("use_rslora") else 1.0)


def _tensors(path: Path) -> dict[str, llama.Array]:
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        # numpy has no bfloat16, torch has
        return {name: tensor.float().numpy() for name, tensor in load_file(path).items()}
    except (OSError, SafetensorError) as error:
        raise DataError(f"{path} cannot be read ({error}): run `dvc repro train`") from None


def _converted(
    tensors: dict[str, llama.Array], config: dict[str, Any], alpha: float, heads: tuple[int, int]
) -> dict[str, llama.Array]:
    """llama.cpp's names and matrices: `lora_a` is (rank, in), `lora_b` is (out, rank)."""
    converted = {}
    for peft_name, values in tensors.items():
        found = _TENSOR.fullmatch(peft_name)
        if not found:
            raise ModelError(
                f"tensor {peft_name} of the adapter is not a LoRA matrix of a linear layer: do not train it"
            )
        name = llama.to_gguf(found["module"])
        side = found["side"].lower()
        rows = _rows_for_llama_cpp(name, values, config, alpha, heads) if side == "b" else values
        converted[f"{name}.weight.lora_{side}"] = np.ascontiguousarray(rows)
    return converted


def _rows_for_llama_cpp(
    name: str, b: llama.Array, config: dict[str, Any], alpha: float, heads: tuple[int, int]
) -> llama.Array:
    # The file has one alpha; under rsLoRA a layer of another rank (rank_pattern) would need another.
    share = _alpha(config, b.shape[1]) / alpha
    rows = b if share == 1 else b * np.float32(share)
    turned = llama.heads_of(name, *heads)
    return rows if turned is None else llama.interleave(rows, turned)


def _write(path: Path, alpha: float, tensors: dict[str, llama.Array]) -> None:
    from gguf import GGUFType, GGUFWriter, Keys

    writer = GGUFWriter(path, "llama")
    writer.add_type(GGUFType.ADAPTER)
    writer.add_string(Keys.Adapter.TYPE, "lora")
    writer.add_float32(Keys.Adapter.LORA_ALPHA, alpha)
    for name in sorted(tensors):
        writer.add_tensor(name, tensors[name])
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
