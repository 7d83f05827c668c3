"""Convert a GGUF Llama to a folder that transformers can train: config, tokenizer, safetensors."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
from tqdm import tqdm

from moviechat import files
from moviechat.errors import ModelError
from moviechat.models import llama

VERSION = 1  # version of the conversion: raise it when the output changes, to invalidate the cache

# llama.cpp's names of the rules that split text before merging. Others are refused: a model that is
# given other tokens than it was trained on answers badly, without any error.
_CUT_BY_DIGIT = "smollm"
_CUTS: dict[Any, set[str | None]] = {"gpt2": {"gpt-2", _CUT_BY_DIGIT}, "llama": {"default", None}}


def to_transformers(gguf: Path, cache: Path) -> Path:
    """The folder converted from `gguf`, made once and kept in `cache` under the file's sha256.

    Matrices are float16 (relative error at most 5e-4, far less than that of 4-bit rounding), vectors stay float32.
    The config says float32, so that a CPU computes in a type that it has. Raises ModelError.
    """
    folder = cache / "converted" / f"{files.sha256(gguf)[:32]}-v{VERSION}"
    if not folder.exists():
        with files.whole(folder) as partial:
            _convert(gguf, partial)
    return folder


def _convert(gguf: Path, out: Path) -> None:
    with tqdm(desc=f"{gguf.name} to safetensors", unit="step", mininterval=1, file=sys.stderr) as progress:
        reader = opened(gguf)
        config = _config(reader, gguf)
        progress.reset(total=len(reader.tensors) + 1)
        _save_weights(reader, config, out / "model.safetensors", progress)
        _save_config(config, out)
        _save_tokenizer(reader, gguf, out)
        progress.update()


def opened(gguf: Path) -> Any:
    """A reader of a Llama's GGUF; raises ModelError if it is damaged or of another architecture."""
    from gguf import GGUFReader

    class Reader(GGUFReader):  # type: ignore[misc, unused-ignore]
        data: Any

        def _get(self, *args: Any, **named: Any) -> Any:
            # Two hundred thousand small slices are read; one from a memmap costs three from an array.
            if isinstance(self.data, np.memmap):
                self.data = np.asarray(self.data)
            return super()._get(*args, **named)

    try:
        reader = Reader(gguf)
    except (ValueError, IndexError, OverflowError) as error:
        raise ModelError(f"{gguf} is not a complete GGUF file ({error}): fetch it again") from None
    architecture = _value(reader, "general.architecture")
    if architecture != "llama":
        raise ModelError(f"{gguf} is of architecture {architecture}: give a Llama model (llama)")
    return reader


def _value(reader: Any, key: str, default: Any = None) -> Any:
    field = reader.get_field(key)
    return default if field is None else field.contents()


def _config(reader: Any, gguf: Path) -> dict[str, Any]:
    """LlamaConfig's arguments."""
    heads = _value(reader, "llama.attention.head_count")
    width = _value(reader, "llama.embedding_length")
    head_dim = _value(reader, "llama.attention.key_length", width // heads)
    _refuse_other_ropes(reader, gguf, head_dim)
    shapes = {t.name: t.shape for t in reader.tensors}
    return {
        "vocab_size": int(shapes["token_embd.weight"][1]),
        "hidden_size": width,
        "intermediate_size": _value(reader, "llama.feed_forward_length"),
        "num_hidden_layers": _value(reader, "llama.block_count"),
        "num_attention_heads": heads,
        "num_key_value_heads": _value(reader, "llama.attention.head_count_kv", heads),
        "head_dim": head_dim,
        "max_position_embeddings": _value(reader, "llama.context_length"),
        "rms_norm_eps": _shortest(_value(reader, "llama.attention.layer_norm_rms_epsilon")),
        "rope_parameters": {
            "rope_type": "default",
            "rope_theta": _shortest(_value(reader, "llama.rope.freq_base", 10_000.0)),
        },
        "tie_word_embeddings": "output.weight" not in shapes,
        "bos_token_id": _value(reader, "tokenizer.ggml.bos_token_id"),
        "eos_token_id": _value(reader, "tokenizer.ggml.eos_token_id"),
        "pad_token_id": _value(reader, "tokenizer.ggml.padding_token_id"),
    }


def _refuse_other_ropes(reader: Any, gguf: Path, head_dim: int) -> None:
    scaling = _value(reader, "llama.rope.scaling.type", "none")
    turned = _value(reader, "llama.rope.dimension_count", head_dim)
    if scaling != "none" or turned != head_dim:
        raise ModelError(
            f"{gguf} scales its positions ({scaling}, {turned} of {head_dim} dimensions): give the model as hf: instead"
        )


def _shortest(value: float) -> float:
    # GGUF stores 1e-5 as float32; as a double it would be 9.999999747378752e-06.
    return float(str(np.float32(value)))


def _save_weights(reader: Any, config: dict[str, Any], target: Path, progress: tqdm[NoReturn]) -> None:
    from safetensors.numpy import save_file

    weights = {}
    for tensor in reader.tensors:
        name, values = _weight(tensor, config["num_attention_heads"], config["num_key_value_heads"])
        weights[name] = values
        progress.update()
    save_file(weights, target, metadata={"format": "pt"})


def _weight(tensor: Any, heads: int, kv_heads: int) -> tuple[str, llama.Array]:
    from gguf.quants import dequantize

    name, _, kind = tensor.name.rpartition(".")
    if kind != "weight":
        raise ModelError(f"tensor {tensor.name} is not part of a plain Llama model: give the model as hf: instead")
    values = dequantize(tensor.data, tensor.tensor_type)
    turned = llama.heads_of(name, heads, kv_heads)
    return f"{llama.from_gguf(name)}.weight", _stored(values if turned is None else llama.deinterleave(values, turned))


def _stored(values: llama.Array) -> llama.Array:
    if values.ndim == 1 or np.abs(values).max() > np.finfo(np.float16).max:
        return values.astype(np.float32)
    return values.astype(np.float16)


def _save_config(config: dict[str, Any], out: Path) -> None:
    from transformers import LlamaConfig

    LlamaConfig(**config, architectures=["LlamaForCausalLM"], dtype="float32").save_pretrained(out)
    ids = {key: config[key] for key in ("bos_token_id", "eos_token_id", "pad_token_id")}
    files.write_json(out / "generation_config.json", ids)


def _save_tokenizer(reader: Any, gguf: Path, out: Path) -> None:
    from transformers import PreTrainedTokenizerFast

    kind, cut = _value(reader, "tokenizer.ggml.model"), _value(reader, "tokenizer.ggml.pre")
    if cut not in _CUTS.get(kind, ()):
        raise ModelError(f"{gguf} has an unsupported tokenizer ({kind}, {cut}): give the model as hf: instead")
    folder, name = os.path.split(gguf)
    tokenizer = PreTrainedTokenizerFast.from_pretrained(folder or ".", gguf_file=name)
    if cut == _CUT_BY_DIGIT:
        tokenizer.backend_tokenizer.pre_tokenizer = _digits_apart()
    tokenizer.save_pretrained(out)


def _digits_apart() -> Any:
    from tokenizers import pre_tokenizers

    # transformers 5 splits SmolLM's text like GPT-2's, which differs for characters such as a half sign.
    byte_level = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    return pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), byte_level])
