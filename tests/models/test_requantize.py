from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from moviechat.errors import ModelError
from moviechat.generation.llamacpp import LlamaCpp
from moviechat.generation.protocol import complete
from moviechat.models.requantize import to_q8_0


def _tensors(path: Path) -> dict[str, Any]:
    from gguf import GGUFReader, quants

    return {t.name: (t.tensor_type.name, quants.dequantize(t.data, t.tensor_type)) for t in GGUFReader(path).tensors}


def test_matrices_are_in_8_bits_and_hardly_moved(tiny_llama: Any, tmp_path: Path) -> None:
    to_q8_0(tiny_llama.gguf, tmp_path / "base.gguf")
    before, after = _tensors(tiny_llama.gguf), _tensors(tmp_path / "base.gguf")
    assert list(before) == list(after)
    for name, (kind, values) in after.items():
        assert (kind == "Q8_0") is (values.ndim == 2), name
        assert np.abs(values - before[name][1]).max() <= np.abs(before[name][1]).max() / 200, name


def test_llama_cpp_reads_it_and_the_tokenizer_is_the_same(tiny_llama: Any, tmp_path: Path) -> None:
    from gguf import GGUFReader

    for name in ("1.gguf", "2.gguf"):
        to_q8_0(tiny_llama.gguf, tmp_path / name)
    assert (tmp_path / "1.gguf").read_bytes() == (tmp_path / "2.gguf").read_bytes()
    fields = [
        {f.name: f.contents() for f in GGUFReader(path).fields.values() if not f.name.startswith("GGUF.")}
        for path in (tiny_llama.gguf, tmp_path / "1.gguf")
    ]
    differing = {k for k in fields[0].keys() | fields[1].keys() if fields[0].get(k) != fields[1].get(k)}
    assert differing <= {"general.file_type"}
    model = LlamaCpp(tmp_path / "1.gguf", None, context=256, threads=1)
    assert complete(model, "an old bus", max_new_tokens=4)


def test_what_is_no_gguf_is_told(tmp_path: Path) -> None:
    (tmp_path / "base.gguf").write_bytes(b"GGUF, but not more")
    with pytest.raises(ModelError, match="is not a complete GGUF file"):
        to_q8_0(tmp_path / "base.gguf", tmp_path / "out.gguf")
    assert not (tmp_path / "out.gguf").exists()
