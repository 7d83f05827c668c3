"""Rewrite a GGUF's matrices in 8 bits: larger than 4 bits, and read by llama.cpp's fastest kernels."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from moviechat import files
from moviechat.models.convert import opened

_BLOCK = 32  # weights that share a scale in Q8_0
_WRITTEN_ANEW = {"general.architecture", "general.file_type"}


def to_q8_0(gguf: Path, out: Path) -> None:
    """Write `gguf` to `out` with its matrices in Q8_0; vectors and matrices without whole blocks stay unchanged.

    A weight changes by at most 1/254 of the largest of its 32, far less than by 4-bit rounding. Raises ModelError.
    """
    from gguf import GGUFWriter, LlamaFileType

    reader = opened(gguf)
    with files.replacing(out) as partial:
        writer = GGUFWriter(partial, reader.get_field("general.architecture").contents())
        writer.add_file_type(LlamaFileType.MOSTLY_Q8_0)
        for field in reader.fields.values():
            if not field.name.startswith("GGUF.") and field.name not in _WRITTEN_ANEW:
                inner = field.types[-1] if len(field.types) > 1 else None
                writer.add_key_value(field.name, field.contents(), field.types[0], inner)
        for tensor in reader.tensors:
            _add(writer, tensor)
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()


def _add(writer: Any, tensor: Any) -> None:
    from gguf import GGMLQuantizationType, quants

    if len(tensor.shape) < 2 or tensor.shape[0] % _BLOCK:  # GGUF lists the length of a row first
        writer.add_tensor(tensor.name, tensor.data, raw_dtype=tensor.tensor_type)
        return
    values = quants.dequantize(tensor.data, tensor.tensor_type).astype(np.float32)
    writer.add_tensor(
        tensor.name, quants.quantize(values, GGMLQuantizationType.Q8_0), raw_dtype=GGMLQuantizationType.Q8_0
    )
