"""Base models with random weights for GPU measurements: open_llama_3b_v2's shape, and a tiny one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from moviechat import files, paths

OPEN_LLAMA_3B: dict[str, Any] = {
    "hidden_size": 3200,
    "intermediate_size": 8640,
    "num_hidden_layers": 26,
    "num_attention_heads": 32,
}
TINY: dict[str, Any] = {"hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 2, "num_attention_heads": 4}


def card() -> str:
    """The GPU's name, or that there is none, and torch's version."""
    import torch

    return f"{torch.cuda.get_device_name() if torch.cuda.is_available() else 'no GPU'}, torch {torch.__version__}"


def random_base(shape: dict[str, Any]) -> Path:
    """A random Llama of `shape` with the fetched model's tokenizer, in the layout of fetch_models; made once."""
    import torch
    from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM

    folder = paths.CACHE / "bench" / f"llama-{shape['hidden_size']}x{shape['num_hidden_layers']}"
    if folder.is_dir():
        return folder
    tokenizer = AutoTokenizer.from_pretrained(paths.LANGUAGE_MODEL)
    torch.manual_seed(0)
    config = LlamaConfig(**shape, vocab_size=max(32_000, len(tokenizer)), tie_word_embeddings=False)
    with files.whole(folder) as partial:
        with torch.device("cuda" if torch.cuda.is_available() else "cpu"):
            model: Any = LlamaForCausalLM(config)
        model.to(torch.float16).save_pretrained(partial)
        tokenizer.save_pretrained(partial)
        (partial / "source.json").write_text(json.dumps({"name": folder.name}), encoding="utf-8")
    return folder
